"""Every table that can be asked for, and what it is made of; see `fooling.workflow.figures`."""

from functools import partial

from fooling.errors import FoolingError
from fooling.workflow.artifacts import Artifacts, beside
from fooling.workflow.items import Inputs, Items
from fooling.workflow.selections import (
    IMAGENET,
    PAPER,
    check_fooling_class,
    class_confidence_runs,
    features,
    imagenet_runs,
)


def tables(results: Artifacts) -> Items:
    """Return all tables: the paper's, then the further ones, by kind and experiment."""
    items = Items()
    items.add_if_found("table_s1", partial(_transfer, results, PAPER))
    items.add_if_found("table_s1_imagenet", partial(_transfer, results, IMAGENET))
    items.add_if_found("table_s2", lambda: _table_s2(results))
    items.add_if_found("cures", lambda: _cures(results))
    for name, chains in results.config.retraining.items():
        items.add(
            f"retraining_{name}", _retraining(results, name), default=name != PAPER or chains.cure != "fooling_class"
        )
    items.add_if_found("class_confidence", lambda: _class_confidence(results))
    items.add_if_found(
        "examples", lambda: {"fooling_sets": imagenet_runs(results, "direct") + imagenet_runs(results, "cppn")}
    )
    items.add_if_found(
        "diverse_images", lambda: {"features": [features(results)], "fooling_sets": imagenet_runs(results, "cppn")}
    )
    items.add_if_found("siblings", lambda: {"features": [features(results)]})
    items.add_if_found("scaling", lambda: _scaling(results))
    for name in results.evolved_experiments:
        sets = results.all_evolved(name)
        items.add(f"evolution_{name}", {"fooling_sets": sets, "histories": beside(sets, "history.csv")})
    for name in results.evolved_experiments:
        elites = {"elites": beside(results.all_evolved(name), "elites.npz")}
        items.add(f"goal_switches_{name}", elites, default=name in (PAPER, IMAGENET))
    for name in results.config.ascent:
        items.add(f"ascent_{name}", {"fooling_sets": results.ascended(name)})
    for name in results.config.detection:
        items.add(f"detection_{name}", {"scores": results.detector_scores(name)}, default=False)
    for name in results.config.guarded:
        items.add(f"guarded_{name}", results.guarded_inputs(name), default=False)
    return items


def _transfer(results: Artifacts, experiment: str) -> Inputs:
    if experiment not in results.config.transfer:
        raise FoolingError(f"Table S1 needs scores on several networks; add the experiment transfer.{experiment}.")
    return {"table": [results.score_files(experiment)["table"]]}


def _retraining(results: Artifacts, experiment: str) -> Inputs:
    if experiment not in results.config.retraining:
        raise FoolingError(f"This table needs retrained networks; add the experiment retraining.{experiment}.")
    return {"rounds": results.chains(experiment, "rounds.csv")}


def _table_s2(results: Artifacts) -> Inputs:
    inputs = _retraining(results, PAPER)
    check_fooling_class(results, PAPER)
    return inputs


def _cures(results: Artifacts) -> Inputs:
    cured = [*results.cured_by("outlier_exposure"), *results.cured_by("acet")]
    if not cured:
        raise FoolingError(
            "This table compares cures for fooling; add outlier_exposure or acet to an experiment under retraining."
        )
    trained_anew = results.config.retraining.items()
    names = [name for name, chains in trained_anew if not (chains.imagenet_training or chains.head_training)]
    return {"scores": [path for name in names for path in results.chains(name, "cure.csv")]}


def _class_confidence(results: Artifacts) -> Inputs:
    return {"fooling_sets": class_confidence_runs(results), "natural": [results.natural_scores]}


def _scaling(results: Artifacts) -> Inputs:
    histories = [path for paths in results.histories(results.evolved_experiments).values() for path in paths]
    if not histories:
        raise FoolingError("This table needs runs of evolution; add an experiment under evolution.")
    return {"histories": histories}
