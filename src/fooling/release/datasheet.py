"""The datasheet of the data set, after Gebru et al., "Datasheets for Datasets": what it holds, and its limits."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import pairwise

import numpy as np

from fooling.release.files import openood_list
from fooling.release.gather import FoolingImage, Release, Source
from fooling.settings.release import ReleaseSettings

_MARKS, _ESCAPED = r"([\\`*_{}\[\]<>#|~$&])", r"\\\1"
"""What means something in Markdown."""
LEVELS = (0.5, 0.9, 0.99, 0.999, 0.9999)
"""The confidences between which images are counted."""

Kind = tuple[str, str]
"""A data set and a method."""


def datasheet(release: Release, settings: ReleaseSettings, *, name: str, version: str) -> str:
    """Return the text of the datasheet, in Markdown.

    Args:
        release: what the numbers are of.
        settings: by which it was made.
        name: of the archive and the folder in it.
        version: of this package.
    """
    places = {"published": f" It was published on {settings.published}." if settings.published else ""}
    places["url"] = f" Its page is <{settings.url}>." if settings.url else ""
    return _TEXT.format(
        **places,
        name=name,
        version=version,
        least=f"{100 * release.least_confidence:g} %",
        images=f"{len(release.images):,}",
        left_out=f"{sum(source.final - source.kept for source in release.sources):,}",
        networks=", ".join(sorted({source.origin.network for source in release.sources})),
        datasets=", ".join(sorted(release.classes)),
        shared=_shared(release.images),
        example="images/" + "/".join(_first_kind(release)),
        example_list=openood_list(*_first_kind(release)),
        table_of_counts=_counts(release),
        table_of_sources=_networks(release.images),
        table_of_confidences=_confidences(release),
        classes=_classes(release),
    )


def _kind_of_image(image: FoolingImage) -> Kind:
    return image.best.dataset, image.best.method


def _kind_of_source(source: Source) -> Kind:
    return source.origin.dataset, source.origin.method


def _first_kind(release: Release) -> Kind:
    """Return the kind of which the examples are."""
    return min(map(_kind_of_image, release.images))


def _shared(images: Sequence[FoolingImage]) -> str:
    """Say how many images have several successes."""
    repeated = sum(len(image.fooled) > 1 for image in images)
    several = sum(len(image.labels) > 1 for image in images)
    return f"{repeated:,} images stand for several successes, {several:,} of them fool for more than one class."


def _counts(release: Release) -> str:
    final, kept = Counter[Kind](), Counter[Kind]()
    for source in release.sources:
        final[_kind_of_source(source)] += source.final
        kept[_kind_of_source(source)] += source.kept
    distinct = Counter(map(_kind_of_image, release.images))
    rows = [
        (*kind, final[kind], final[kind] - kept[kind], kept[kind] - distinct[kind], distinct[kind])
        for kind in sorted(final)
    ]
    return _table(("data set", "method", "made", "not confident enough", "repeated", "in this data set"), rows)


def _networks(images: Sequence[FoolingImage]) -> str:
    counts = Counter(
        (image.best.dataset, f"{image.best.method} {image.best.ascent_set}".rstrip(), image.best.network)
        for image in images
    )
    return _table(("data set", "method", "network", "images"), [(*source, counts[source]) for source in sorted(counts)])


def _confidences(release: Release) -> str:
    bounds = [release.least_confidence, *(level for level in LEVELS if level > release.least_confidence)]
    rows = []
    for kind in sorted(set(map(_kind_of_image, release.images))):
        values = np.array([image.best.confidence for image in release.images if _kind_of_image(image) == kind])
        counts = np.bincount(np.searchsorted(bounds[1:], values, side="right"), minlength=len(bounds))
        rows.append((*kind, *counts.tolist(), f"{np.median(values):.6f}"))
    ranges = [f"{low:g}\u2013{high:g}" for low, high in pairwise(bounds)]
    return _table(("data set", "method", *ranges, f"\u2265 {bounds[-1]:g}", "median"), rows)


def _classes(release: Release) -> str:
    paragraphs = []
    for dataset in sorted(release.classes):
        counts = Counter(image.best.label for image in release.images if image.best.dataset == dataset)
        listed = ", ".join(
            f"{_named(label, release.names[dataset, label])}: {counts[label]}" for label in sorted(counts)
        )
        paragraphs.append(f"**{dataset}**, {len(counts)} of {release.classes[dataset]} classes. {listed}.")
    return "\n\n".join(paragraphs)


def _named(label: int, name: str) -> str:
    return name if name == str(label) else f"{label} {re.sub(_MARKS, _ESCAPED, ' '.join(name.split()))}"


def _table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    lines = [head, ["---"] * len(head), *([str(cell) for cell in row] for row in rows)]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


_TEXT = """\
# {name}: images that fool neural networks

{images} images that were made to fool neural networks: a network labels each with a confidence of {least} or more,
though it shows nothing of the kind, or only weakly. They come from a reproduction of *Deep Neural Networks are Easily
Fooled* (Nguyen, Yosinski and Clune, CVPR 2015), version {version} of the package `fooling`. This sheet follows the
questions of *Datasheets for Datasets* (Gebru et al.); its numbers are counted from the data.

## Why it was made

To evaluate methods that should notice such images: detectors of out-of-distribution or adversarial input, calibration,
classifiers with a class for "none of these". Every image comes with what was claimed of it and where it comes from.

## What is in it

An image is a lossless PNG of exactly the 8-bit pixels that the network judged, grey or RGB. Equal pixels are stored
once per data set, even if several runs, networks or classes lead to them.
{shared}

{table_of_counts}

"Made" counts one image for each class and run, the last one; images of earlier generations and iterations are not in
here. {left_out} of them are left out, since their own network is less than {least} sure. "Repeated" ones equal
another one, which may be filed under another method.

{table_of_sources}

Distinct images, by the network that is most confident in them. `direct` and `cppn` are evolution with the direct and
with the CPPN encoding, `ascent` is gradient ascent with a named set of hyperparameters.

Confidences (of the most confident network, in the class aimed at), images in each range:

{table_of_confidences}

Images of each class:

{classes}

There are no photographs and no personal data in it. The networks are {networks}; they learned from {datasets}. Gradient
ascent starts from the mean of the training images; nothing else of them goes into an image.

## Files

| file | what |
|---|---|
| `images/DATASET/METHOD/CLASS/ID.png` | the images; the class is the one its most confident network takes it for |
| `images.csv` | a row for each image: path, class, all labels it fools for, confidence, provenance, sha256 |
| `fooled.csv` | a row for each success: an image, a network, a run, a class |
| `lists/DATASET.txt` | `path label` on each line, with the class; for loaders of image lists |
| `benchmark_imglist/DATASET/test_METHOD.txt` | the same with the label -1, as out-of-distribution images of OpenOOD |
| `sources.json` | each fooling set: sha256, settings, seeds, code digests, versions |
| `SHA256SUMS` | of every other file; `sha256sum --check SHA256SUMS` |

`label` and the number that begins a class folder's name count as the network does (ImageNet: 0 to 999 in the order of
WordNet ids). `evaluations` are the images that the network had judged in that run when this one was born; for gradient
ascent, the forward passes that led to this image.

    from PIL import Image
    from torchvision.datasets import ImageFolder

    images = ImageFolder("{name}/{example}", loader=Image.open)    # grey stays grey
    image, index = images[0]
    label = int(images.classes[index].split("_")[0])                # folders exist only for classes with images

To evaluate detectors of out-of-distribution images, take a list of OpenOOD's form for the data set that your network
learned. In OpenOOD the list is `imglist_pth` and this folder is `data_dir`; it makes every image RGB. pytorch-ood reads
the same list:

    from pytorch_ood.dataset.img import ImageListDataset

    images = ImageListDataset("{name}", "{name}/{example_list}")
    image, label = images[0]                                        # every label is -1

## How it was made

By evolution (MAP-Elites, an elite for each class) or gradient ascent, against one network or an ensemble, with the
settings in `sources.json`. An image was rounded to 8 bits before it was judged, so that the PNG gets the same
confidence. No person selected, labelled or changed anything. Equal results give an archive of equal bytes, with equal
versions of this package, Pillow and zlib.

## Limits

- Each image fools the network in its row. Whether it fools another one is not promised; score it there.
- Confidences are those of one machine in float32; another one may differ in the last digits. In float32 a confidence
  can be exactly 1; `log_confidence` tells more, but it is rounded too.
- Images of one run descend from each other and look alike. Split by `run` and `network`, not at random.
- Classes are not balanced, and only the confident ones of a short run are here: see the tables above.
- "Unrecognisable" was not tested with people. A long or exact run makes some images that resemble their class.
- ImageNet networks judged a crop or a rescaled image: use their own preprocessing (`sources.json`, `inputs`).

## Uses

Meant for evaluating detectors and robustness, and for teaching. A detector that is trained on these images may learn
the look of one encoding; hold out methods (`direct`, `cppn`, `ascent`), not only images. Not meant to measure accuracy
on natural images.

## Licence, citation, upkeep

MIT, as the code.{published}{url} Please cite

> A. Nguyen, J. Yosinski, J. Clune. Deep Neural Networks are Easily Fooled: High Confidence Predictions for
> Unrecognizable Images. CVPR 2015. arXiv:1412.1897.

and, if it helped, the repository that made this (its `CITATION.cff`). Nobody maintains one copy: `make dataset`
makes it anew from the results of a run, and other results have another archive and another sha256.
"""
