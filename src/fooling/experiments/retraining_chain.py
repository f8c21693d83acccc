"""A chain of retrained networks: each was given a cure for one round of fooling images more (section 3.5)."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import zip_longest
from pathlib import Path

import pandas as pd

from fooling.artifacts.fooling_set import FoolingSet, load_fooling_set
from fooling.artifacts.table import read_table
from fooling.data.datasets import HeldOut
from fooling.errors import FoolingError
from fooling.networks.cure_record import cure_of, round_of
from fooling.networks.network_file import TrainedNetwork, load_network
from fooling.training.fooling_class import check_fits, fooling_class

_CURES = {"fooling_class": "a fooling class", "outlier_exposure": "outlier exposure", "acet": "noise alone (ACET)"}


@dataclass(frozen=True)
class Round:
    """One network of a chain and the images that were evolved against it.

    Attributes:
        name: what the network is called.
        trained: the network DNN_i.
        evolved: every run against it, with the elites of generation 0 and the last.
        history: the generations of these runs: run, evaluations, median_confidence.
        drawn: those of the images that the next network learned from; None in the last round, and where it learned from
            none.
    """

    name: str
    trained: TrainedNetwork
    evolved: FoolingSet
    history: pd.DataFrame
    drawn: FoolingSet | None


def load_rounds(
    networks: Sequence[Path], fooling_sets: Sequence[Path], histories: Sequence[Path], fooling_classes: Sequence[Path]
) -> list[Round]:
    """Read the rounds of a chain, in order; `check_chain` tells whether they are one.

    Args:
        networks: the files of DNN1, DNN2, …
        fooling_sets: of the images that were evolved against each.
        histories: of these evolutions.
        fooling_classes: of the images that later networks learned from, in each round but the last; none if they
            learned from no fooling images.

    Raises:
        FoolingError: the numbers of files do not fit together, or one cannot be read.
    """
    fit = len(fooling_classes) in (len(networks) - 1, 0)
    if {len(fooling_sets), len(histories)} != {len(networks)} or not fit:
        raise FoolingError(
            "Give as many fooling sets and histories as networks, and one fooling class fewer, since the last needs "
            "none; or no fooling class at all, if the networks learned from none."
        )
    names = [path.stem for path in networks]
    trained = map(load_network, networks)
    evolved, drawn = map(load_fooling_set, fooling_sets), map(load_fooling_set, fooling_classes)
    parts = zip_longest(names, trained, evolved, map(read_history, histories), drawn)
    return [Round(*each) for each in parts]


def read_history(path: Path) -> pd.DataFrame:
    """Read what a round's history tells of its runs: run, evaluations, median_confidence, float64.

    Raises:
        FoolingError: the file is missing, damaged or empty, or lacks a column.
    """
    history = read_table(path, ("run", "evaluations", "median_confidence"))
    if not history["median_confidence"].between(0, 1).all():
        raise FoolingError(f"{path} holds no confidences in 0 to 1; delete it and make it again.")
    return history


def check_chain(rounds: Sequence[Round], dataset: HeldOut, others: Sequence[FoolingSet]) -> None:
    """Check that the rounds are one chain, in order, and that all images are of its data set.

    Args:
        rounds: to check.
        dataset: real images of the data set that the networks were trained on.
        others: further fooling sets against DNN1.

    Raises:
        FoolingError: a network is of another round than its place, or is none for these data; the images that it
            learned from are missing; images were evolved against another network, or are none or of other data.
    """
    first = rounds[0].trained
    data = (first.dataset, dataset.classes, first.image_shape)
    for number, each in enumerate(rounds, start=1):
        trained = each.trained
        _check_place(number, trained)
        if number > 1 and (rounds[number - 2].drawn is None) != (cure_of(trained) == "acet"):
            raise FoolingError(
                f"Network {number} of the chain was trained with {_CURES[cure_of(trained)]}; give the fooling classes "
                "of the rounds before it if it learned from them, and only then."
            )
        if (trained.dataset, trained.real_classes) != data[:2]:
            raise FoolingError(
                f"Network {number} of the chain knows the {trained.real_classes} classes of {trained.dataset}, not the "
                f"{dataset.classes} of {first.dataset}."
            )
        if each.evolved.evolution.round != number:
            raise FoolingError(
                f"Fooling set {number} is of round {each.evolved.evolution.round}; give the sets in the "
                "order of their rounds."
            )
        _check_images(each.evolved, f"Fooling set {number}", each.name, data)
    learned = [each.drawn for each in rounds if each.drawn is not None]
    if learned:
        fooling_class(learned, *data)
    for number, fooling_set in enumerate(others, start=1):
        _check_images(fooling_set, f"Further fooling set {number}", rounds[0].name, data)


def _check_place(number: int, trained: TrainedNetwork) -> None:
    if round_of(trained) == number:
        return
    if cure_of(trained) in ("none", "fooling_class"):
        wanted = f"a fooling class of {number - 1} rounds" if number > 1 else "no fooling class: it is the first"
        found = f"it has one of {trained.fooling_rounds}"
    else:
        wanted, found = f"been trained for round {number}", f"it was for round {round_of(trained)}"
    raise FoolingError(
        f"Network {number} of the chain should have {wanted}, but {found}; give the networks in the order of their "
        "rounds."
    )


def _check_images(
    fooling_set: FoolingSet, called: str, network: str, data: tuple[str, int, tuple[int, int, int]]
) -> None:
    check_fits(fooling_set, called, *data)
    against = fooling_set.origin.network
    if against != network:
        raise FoolingError(f"{called} was made against {against}, not against {network}.")
