"""Every figure that can be asked for, and what it is drawn from.

This is the only place that decides for which figures a configuration has data. The rules take their inputs from it;
so do the target `figures` and the sentence that a user reads who asks for a figure without data.
"""

from collections.abc import Callable
from functools import partial

from fooling.errors import FoolingError
from fooling.workflow.artifacts import Artifacts, beside
from fooling.workflow.items import Inputs, Items
from fooling.workflow.selections import (
    IMAGENET,
    PAPER,
    ablation,
    breeding,
    check_fooling_class,
    compared_networks,
    features,
    first_chain,
    first_cppn_run,
    first_rows,
    further_rows,
    imagenet_ascent,
    imagenet_runs,
    natural_retraining,
    network_far_from_data,
    plane,
    two_imagenet_runs,
)

SHEETS = {"s4": "minus_1", "s5": "169", "s6": "188", "s7": "360"}
"""The named set of gradient ascent that each supplementary figure shows."""
SCALED = (PAPER, IMAGENET)
"""The experiments whose confidence is drawn against evaluations."""
MOST_COLUMNS = 20
"""More classes than these do not stand side by side."""
LEAST_NUMBERS = 3
"""Of classes, in a figure by their number."""
LEAST_SWEEP = 3
"""A sweep over fewer experiments of retraining is drawn only when it is asked for."""


def figures(results: Artifacts) -> Items:
    """Return all figures: the numbered ones, then the further ones, by kind and experiment."""
    items = Items()
    for name, find in _numbered(results).items():
        items.add_if_found(name, find)
    items.add_if_found("scaling_curves", lambda: _scaling_curves(results))
    items.add_if_found("far_from_data", lambda: _far_from_data(results), default=False)
    items.add_if_found(
        "retraining_sweep", lambda: _sweep(results), default=len(results.cured_by("fooling_class")) >= LEAST_SWEEP
    )
    items.add_if_found("retraining_classes", lambda: _by_classes(results))
    _add_by_experiment(items, results)
    return items


def _numbered(results: Artifacts) -> dict[str, Callable[[], Inputs]]:
    """Return for each figure of the paper how its inputs are found, or the error that says what is missing."""

    def direct() -> list[str]:
        return imagenet_runs(results, "direct")

    def cppn() -> list[str]:
        return imagenet_runs(results, "cppn")

    def ascent(name: str) -> Callable[[], Inputs]:
        return lambda: {"fooling_set": [imagenet_ascent(results, name)]}

    natural = [results.natural_scores]
    return {
        "figure_01": lambda: {"fooling_sets": direct() + cppn()},
        "figure_02": lambda: {
            "natural": natural,
            "fooling_set": cppn()[:1],
            "elites": beside(cppn()[:1], "elites.npz"),
        },
        "figure_03": lambda: _pictures_bred(results),
        "figure_04": lambda: {"fooling_sets": first_rows(results, "direct")},
        "figure_05": lambda: {"fooling_sets": first_rows(results, "cppn")},
        "figure_06": lambda: {"fooling_sets": direct(), "natural": natural},
        "figure_07": lambda: {"fooling_sets": cppn(), "natural": natural},
        "figure_08": lambda: {"features": [features(results)], "fooling_sets": cppn()},
        "figure_09": lambda: {"fooling_sets": two_imagenet_runs(results), "siblings": _siblings(results)},
        "figure_10": lambda: {"ablation": [ablation(results)]},
        "figure_11": lambda: {"fooling_sets": first_chain(results, PAPER)},
        "figure_12": lambda: _before_and_after(results, natural_retraining(results)),
        "figure_13": ascent("minus_1"),
        "figure_14": lambda: {"plane": [plane(results)]},
        "figure_s1": lambda: _fooled_by_both(results),
        "figure_s2": lambda: {"fooling_sets": further_rows(results, "cppn")},
        "figure_s3": ascent("169"),
        **{f"figure_{number}": ascent(name) for number, name in SHEETS.items()},
    }


def _far_from_data(results: Artifacts) -> Inputs:
    network_far_from_data(results)  # raises where there is none
    return {"table": [f"{results.results}/far_from_data/far_from_data.csv"]}


def _pictures_bred(results: Artifacts) -> Inputs:
    breeding(results)  # raises where the configuration has no logs
    return {"bred": [f"{results.results}/breeding/bred.npz"]}


def _siblings(results: Artifacts) -> list[str]:
    features(results)  # the table is made of them
    return [f"{results.results}/tables/siblings.csv"]


def _fooled_by_both(results: Artifacts) -> Inputs:
    compared_networks(results)  # raises where there are not two
    return {"scores": [results.score_files(PAPER)["scores"]], "fooling_sets": results.fooling_sets(PAPER)}


def _before_and_after(results: Artifacts, experiment: str) -> Inputs:
    rounds = {"before": "round-1", "after": "round-2"}
    return {name: results.chains(experiment, f"{folder}/fooling_set.npz") for name, folder in rounds.items()}


def _scaling_curves(results: Artifacts) -> Inputs:
    histories = [path for paths in results.histories(SCALED).values() for path in paths]
    if not histories:
        raise FoolingError(f"This figure needs runs of evolution; add some under evolution.{PAPER} or .{IMAGENET}.")
    return {"histories": histories}


def _sweep(results: Artifacts) -> Inputs:
    rounds = [path for name in results.cured_by("fooling_class") for path in results.chains(name, "rounds.csv")]
    if not rounds:
        raise FoolingError("This figure compares experiments of retraining; add some under retraining.")
    return {"rounds": rounds}


def _by_classes(results: Artifacts) -> Inputs:
    comparable: dict[tuple[str, float], dict[str, int]] = {}
    for name in results.cured_by("fooling_class"):
        settings = results.config.retraining[name]
        network = results.networks[settings.networks[0]]
        evaluations = settings.evolution.generations * settings.evolution.batch / network.classes
        comparable.setdefault((network.dataset, evaluations), {})[name] = network.classes
    groups = [group for group in comparable.values() if len(set(group.values())) >= LEAST_NUMBERS]
    if not groups:
        raise FoolingError(
            f"This figure compares retraining with {LEAST_NUMBERS} numbers of classes of one data set; add experiments "
            "under retraining, with generations in proportion to the classes."
        )
    return {"rounds": [path for group in groups for name in group for path in results.chains(name, "rounds.csv")]}


def _add_by_experiment(items: Items, results: Artifacts) -> None:
    config = results.config
    for name in results.evolved_experiments:
        sets = {"fooling_sets": results.all_evolved(name)}
        items.add(f"elites_{name}", sets, default=name != PAPER and _has_few_classes(results, name))
    for name in results.evolved_experiments:
        histories = {"direct": results.evolved(name, "direct", "history.csv")}
        histories["cppn"] = results.evolved(name, "cppn", "history.csv")
        items.add(f"confidence_curves_{name}", histories)
    for name in config.ascent:
        sheet = {"fooling_sets": results.ascended(name)}
        items.add(f"ascent_digits_{name}", sheet, default=results.fools(name, "mnist"))
    for name in config.evolution:
        items.add_if_found(f"ancestry_{name}", partial(_first_run, results, name), default=name in (PAPER, IMAGENET))
    for name in config.transfer:
        items.add(f"transfer_matrix_{name}", {"table": [results.score_files(name)["table"]]})
    for name in config.detection:
        table = [f"{results.results}/tables/detection_{name}.csv"]
        items.add(f"detection_{name}", {"table": table}, default=False)
    for name in config.guarded:
        items.add(f"guarded_{name}", results.guarded_inputs(name), default=False)
    for name in config.retraining:
        items.add_if_found(f"recognition_{name}", partial(_recognition, results, name))
    for name in results.head_trained:
        items.add(f"retraining_confidence_{name}", _before_and_after(results, name))


def _recognition(results: Artifacts, experiment: str) -> Inputs:
    check_fooling_class(results, experiment)
    return {"recognition": results.chains(experiment, "recognition.csv")}


def _has_few_classes(results: Artifacts, experiment: str) -> bool:
    network = results.first_network(experiment)
    return network is not None and network.classes <= MOST_COLUMNS


def _first_run(results: Artifacts, experiment: str) -> Inputs:
    run = first_cppn_run(results, experiment)
    return {"elites": beside([run], "elites.npz"), "fooling_set": [run]}
