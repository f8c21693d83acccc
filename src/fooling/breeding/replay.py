"""From logs back to the pictures that were published in them."""

from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import torch

from fooling.artifacts.bred import BredPictures
from fooling.breeding.judge import Judge
from fooling.breeding.log import Act, Begin
from fooling.breeding.session import Session, render
from fooling.errors import FoolingError


def replay(
    logs: Mapping[Path, tuple[Begin, Sequence[Act]]], judge: Judge, provenance: Mapping[str, Any]
) -> BredPictures:
    """Return the pictures that were published in `logs`, at the size of the judge's images.

    Args:
        logs: what `read_log` read, by path.
        judge: of the pictures.
        provenance: of the step.

    Raises:
        FoolingError: a log cannot be replayed, nothing was published in it, or two share a name.
    """
    name, times = Counter(log.stem for log in logs).most_common(1)[0]
    if times > 1:
        raise FoolingError(f"Two logs are called {name}; pictures are named after their log, so rename one.")
    images, published, names, populations = [], [], [], []
    for log, (begin, acts) in logs.items():
        session = Session.replay(begin, acts, str(log))
        if not session.published:
            raise FoolingError(f"Nothing was published in {log}; go on with python -m fooling.breed --log {log}.")
        published += session.published
        images += [render(one.genomes, begin.settings, judge.image_shape) for one in session.published]
        names += [log.stem] * len(session.published)
        populations += [begin.settings.population] * len(session.published)
    drawn = torch.cat(images)
    verdict = judge.judge(drawn)
    genes = {name: torch.cat([one.genomes.tensors[name] for one in published]) for name in published[0].genomes.tensors}
    return BredPictures(
        images=drawn.numpy(),
        labels=[one.label for one in published],
        logs=names,
        generation=torch.tensor([one.generation for one in published]).numpy(),
        populations=populations,
        genomes={name: tensor.numpy() for name, tensor in genes.items()},
        classes=verdict.classes,
        confidence=verdict.confidence,
        names=verdict.names,
        network=judge.name,
        provenance=provenance,
    )
