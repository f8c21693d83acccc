"""Which results the numbered figures and tables show; where a configuration has none, a sentence says what to add."""

from fooling.errors import FoolingError
from fooling.settings.ascent import AscentImages
from fooling.settings.breeding import BreedingRuns
from fooling.workflow.artifacts import Artifacts, Encoding

PAPER = "mnist"
"""The experiment of which the paper's numbered MNIST figures are drawn."""
IMAGENET = "imagenet"
"""The experiment, and the data set, of which the numbered ImageNet figures are drawn."""
CIFAR100, CIFAR10 = "cifar100", "cifar10"
"""The data sets that stand for natural images where ImageNet's cannot be had."""
ROWS = 5
"""Runs in Figures 4 and 5; Figure S2 shows the further ones."""


def first_rows(results: Artifacts, encoding: Encoding) -> list[str]:
    """Return the rows of Figure 4 or 5: the first runs against the first network.

    Raises:
        FoolingError: the configuration has no such run.
    """
    return _rows(results, encoding, slice(ROWS))


def further_rows(results: Artifacts, encoding: Encoding) -> list[str]:
    """Return the rows of Figure S2: the further runs against the first network.

    Raises:
        FoolingError: the configuration has no such run.
    """
    return _rows(results, encoding, slice(ROWS, None))


def _rows(results: Artifacts, encoding: Encoding, rows: slice) -> list[str]:
    runs = _runs_against_first(results, PAPER, encoding)
    if not runs[rows]:
        raise FoolingError(
            f"This figure needs more than {rows.start or 0} runs against the first network, but the configuration "
            f"has {len(runs)}; list more seeds under evolution.{PAPER}.{encoding}.runs."
        )
    return runs[rows]


def _runs_against_first(results: Artifacts, experiment: str, encoding: Encoding) -> list[str]:
    seeds = next(iter(results.runs(experiment, encoding).values()), [])
    return results.evolved(experiment, encoding)[: len(seeds)]


def imagenet_network(results: Artifacts, encoding: Encoding) -> str:
    """Return the name of the first network of the ImageNet experiment.

    Raises:
        FoolingError: the configuration has no run against one.
    """
    imagenet_runs(results, encoding)
    return next(iter(results.runs(IMAGENET, encoding)))


def imagenet_runs(results: Artifacts, encoding: Encoding) -> list[str]:
    """Return the fooling sets of the runs against the first network of the ImageNet experiment.

    Raises:
        FoolingError: the configuration has none.
    """
    runs = _runs_against_first(results, IMAGENET, encoding)
    if not runs:
        raise FoolingError(
            f"This figure needs {encoding} images that fool an ImageNet network; add runs under "
            f"evolution.{IMAGENET}.{encoding}."
        )
    return runs


def two_imagenet_runs(results: Artifacts) -> list[str]:
    """Return the first two CPPN runs against the first network of the ImageNet experiment.

    Raises:
        FoolingError: the configuration has fewer.
    """
    runs = imagenet_runs(results, "cppn")[:2]
    if len(runs) < 2:
        raise FoolingError(f"Figure 9 compares two runs; list more seeds under evolution.{IMAGENET}.cppn.runs.")
    return runs


def class_confidence_runs(results: Artifacts) -> list[str]:
    """Return every fooling set of evolution on ImageNet.

    Raises:
        FoolingError: the configuration has none.
    """
    experiments = [name for name in results.evolved_experiments if results.fools(name, IMAGENET)]
    runs = [path for name in experiments for path in results.all_evolved(name)]
    if not runs:
        raise FoolingError(
            f"This table needs images that fool an ImageNet network; add runs under evolution.{IMAGENET}."
        )
    return runs


def first_cppn_run(results: Artifacts, experiment: str) -> str:
    """Return the fooling set of the first CPPN run of an experiment.

    Raises:
        FoolingError: it has none.
    """
    runs = results.evolved(experiment, "cppn")
    if not runs:
        raise FoolingError(f"This figure needs a CPPN run; add one under evolution.{experiment}.cppn.")
    return runs[0]


def imagenet_ascent(results: Artifacts, name: str) -> str:
    """Return the fooling set of a named set of gradient ascent against the first network of the experiment.

    Raises:
        FoolingError: the configuration has no such set.
    """
    ascent = results.config.ascent.get(IMAGENET)
    if ascent is None or name not in ascent.sets:
        raise FoolingError(f"This figure needs gradient ascent; add the set {name} under ascent.{IMAGENET}.sets.")
    return f"{results.results}/ascent/{IMAGENET}/{name}/{next(iter(ascent.runs))}/fooling_set.npz"


def ascent_images(results: Artifacts, experiment: str, network: str) -> AscentImages:
    """Return the classes and start images of gradient ascent against a network.

    Raises:
        FoolingError: the experiment does not have this network.
    """
    ascent = results.config.ascent[experiment]
    if network not in ascent.runs:
        raise FoolingError(f"list {network} with its seeds under ascent.{experiment}.runs.")
    return AscentImages(classes=ascent.classes, seeds=ascent.runs[network])


def features(results: Artifacts) -> str:
    """Return the features of the ImageNet images by another network than the one they fool.

    Raises:
        FoolingError: the configuration has none.
    """
    if IMAGENET not in results.config.features:
        raise FoolingError(
            f"Images are compared by the features of another network; name it under features.{IMAGENET}."
        )
    return f"{results.results}/features/{IMAGENET}.npz"


def ablation(results: Artifacts) -> str:
    """Return the ablation of repeated elements in the ImageNet images.

    Raises:
        FoolingError: the configuration has none.
    """
    if IMAGENET not in results.config.ablation:
        raise FoolingError(f"Figure 10 needs images without their repeated elements; add ablation.{IMAGENET}.")
    return f"{results.results}/ablation/{IMAGENET}.npz"


def plane(results: Artifacts) -> str:
    """Return the classifier of points in the plane.

    Raises:
        FoolingError: the configuration leaves it out.
    """
    if results.config.plane is None:
        raise FoolingError("Figure 14 shows a classifier of points in the plane; add the section plane.")
    return f"{results.results}/plane/plane.npz"


def network_far_from_data(results: Artifacts) -> str:
    """Return the network that is asked far from its data: the first that is trained here.

    Raises:
        FoolingError: there is none, or the configuration leaves out the classifier of points in the plane beside it.
    """
    plane(results)
    if not results.trained:
        raise FoolingError("This figure asks a network that is trained here; name one under networks.")
    return results.trained[0]


def breeding(results: Artifacts) -> BreedingRuns:
    """Return which logs of breeding are replayed, and the network that judges the pictures.

    Raises:
        FoolingError: the configuration has none.
    """
    if results.config.breeding is None:
        raise FoolingError("Figure 3 shows pictures bred by hand; name their logs and a network under breeding.")
    return results.config.breeding


def compared_networks(results: Artifacts) -> list[str]:
    """Return the names of the two networks of Figure S1.

    Raises:
        FoolingError: the configuration scores the images on fewer than two networks.
    """
    transfer = results.config.transfer.get(PAPER)
    if transfer is None or len(transfer.networks) < 2:
        raise FoolingError(f"Figure S1 compares two networks; list at least two under transfer.{PAPER}.networks.")
    return transfer.networks[:2]


def first_chain(results: Artifacts, experiment: str) -> list[str]:
    """Return the fooling sets of the first chain of an experiment, round by round.

    Raises:
        FoolingError: there is no such experiment.
    """
    if experiment not in results.config.retraining:
        raise FoolingError(f"This figure needs retrained networks; add the experiment retraining.{experiment}.")
    check_fooling_class(results, experiment)
    first = results.config.retraining[experiment].networks[0]
    return results.of_all_rounds(experiment, first, "fooling_set.npz")


def check_fooling_class(results: Artifacts, experiment: str) -> None:
    """Check that the networks of an experiment of retraining are given a class of fooling images.

    Raises:
        FoolingError: they have another cure.
    """
    cure = results.config.retraining[experiment].cure
    if cure != "fooling_class":
        raise FoolingError(
            f"This shows networks with a class of fooling images, but those of retraining.{experiment} are cured by "
            f"{cure}; table cures and table retraining_{experiment} show them."
        )


def natural_retraining(results: Artifacts) -> str:
    """Return the experiment that Figure 12 is drawn of: ImageNet's, else the first of CIFAR-100 or CIFAR-10.

    A network of which only a head was trained does not count as trained on a data set.

    Raises:
        FoolingError: there is none.
    """
    first = {name: results.config.retraining[name].networks[0] for name in reversed(results.cured_by("fooling_class"))}
    experiments = {results.networks[network].dataset: name for name, network in first.items()}
    for wanted in (IMAGENET, CIFAR100, CIFAR10):
        if wanted in experiments:
            return experiments[wanted]
    raise FoolingError("Figure 12 needs networks of natural images; add the experiment retraining.cifar10.")
