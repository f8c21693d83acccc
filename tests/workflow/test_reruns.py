"""Edits rerun exactly what they touch, on a finished run of the smoke configuration."""

import os
import time

from conftest import SMOKE

CLAIMS = {"claims_table": 1, "verify_claims": 1}
FROM_HISTORY = {"confidence_curves": 1, "evolution_table": 1, "goal_switches_table": 1}
FROM_HISTORY |= {"scaling_curves": 1, "scaling_table": 1}
FROM_TRANSFER = {"transfer": 1, "figure_s1": 1, "transfer_matrix": 1, "table_s1": 1, **CLAIMS}


def test_nothing_is_left_to_do(finished):
    assert finished.planned() == {}


def test_touched_files_rerun_nothing(finished):
    time.sleep(0.01)
    for name in finished.git("ls-files").splitlines():
        os.utime(finished.folder / name)
    for path in (finished.folder / "data/mnist").iterdir():
        os.utime(path)
    assert finished.planned() == {}


def test_a_fresh_checkout_reruns_nothing(finished):
    for name in finished.git("ls-files").splitlines():
        (finished.folder / name).unlink()
    finished.git("checkout", "--", ".")
    assert finished.planned() == {}


def test_an_edit_of_cppn_mutation_reruns_cppn_evolution_and_what_follows(finished):
    finished.append("src/fooling/encodings/cppn.py", "\nEDITED = True\n")
    of_each_experiment = {"evolve_cppn": 10, "confidence_curves": 3, "evolution_table": 3, "find_ancestors": 3}
    of_both_data_sets = ("recognition", "ancestry", "goal_switches_table", "transfer", "transfer_matrix")
    once = [f"figure_{number}" for number in ("01", "02", "05", "07", "08", "09", "10", "s1", "s2")]
    once += ["ablate", "embed", "siblings_table", "class_confidence_table", "table_s1", "table_s1_imagenet", "gallery"]
    once += ["scaling_curves", "scaling_table", "replay_breeding", "figure_03"]
    once += ["figure_11", "figure_12", "table_s2", "retraining_table", "examples_table", "diverse_images_table"]
    of_retraining = {"evolve_round": 5, "sample_fooling_class": 3, "retrain": 3, "score_retraining": 2}
    assert finished.planned() == {
        **of_each_experiment,
        **of_retraining,
        **dict.fromkeys(of_both_data_sets, 2),
        **dict.fromkeys(once, 1),
        **CLAIMS,
    }


def test_an_edit_of_the_ablation_reruns_its_figure(finished):
    finished.append("src/fooling/experiments/repetition.py", "\nEDITED = True\n")
    assert finished.planned() == {"ablate": 1, "figure_10": 1, **CLAIMS}


def test_a_further_choice_in_a_breeding_log_reruns_its_replay(finished):
    finished.append("config/breeding/comet.jsonl", '{"event":"undo"}\n')
    assert finished.planned() == {"replay_breeding": 1, "figure_03": 1}


def test_an_edit_of_the_breeding_page_reruns_nothing(finished):
    finished.append("src/fooling/breeding/server.py", "\nEDITED = True\n")
    assert finished.planned() == {}


def test_an_edit_of_a_plot_reruns_its_figure(finished):
    finished.append("src/fooling/figures/transfer/matrix.py", "\nEDITED = True\n")
    assert finished.planned() == {"transfer_matrix": 2}
    finished.append("src/fooling/figures/evolution/elite_grid.py", "\nEDITED = True\n")
    of_elites = dict.fromkeys(("elites", "figure_04", "figure_05", "figure_s2"), 1)
    assert finished.planned() == {"transfer_matrix": 2, **of_elites}


def test_an_edit_of_how_claims_are_judged_reruns_the_verdicts(finished):
    finished.append("src/fooling/claims/verdicts.py", "\nEDITED = True\n")
    assert finished.planned() == CLAIMS


def test_a_further_promise_is_checked_alone(finished):
    finished.append(SMOKE, "\nclaims: [figure_14.confidence_without_data]\n")
    assert finished.planned() == {"verify_claims": 1}


def test_a_changed_setting_reruns_its_experiment(finished):
    finished.edit(SMOKE, "direct:\n      generations: 3", "direct:\n      generations: 4")
    # Retrained networks are shown these images too.
    of_retraining = {"score_retraining": 1, "recognition": 1, "table_s2": 1}
    once = {"evolve_direct": 1, "figure_04": 1, "gallery": 1}
    assert finished.planned() == {**once, **of_retraining, **FROM_HISTORY, **FROM_TRANSFER}


def test_a_further_run_computes_that_run_alone(finished):
    finished.edit(SMOKE, "lenet-1: [0, 1, 2, 3, 4, 5]", "lenet-1: [0, 1, 2, 3, 4, 5, 6]")
    of_the_gallery = {"find_ancestors": 1, "gallery": 1}
    assert finished.planned() == {"evolve_cppn": 1, "figure_s2": 1, **of_the_gallery, **FROM_HISTORY, **FROM_TRANSFER}


def test_how_often_checkpoints_are_written_reruns_nothing(finished):
    finished.append(SMOKE, "\ncompute: {checkpoint_seconds: 7}\n")
    assert finished.planned() == {}


def test_comments_docstrings_and_formatting_rerun_nothing(finished):
    sources = sorted((finished.folder / "src").rglob("*.py"))
    for path in sources:
        path.write_text(f"# A comment.\n{path.read_text(encoding='utf-8')}\n\n# Another one.\n", encoding="utf-8")
    finished.edit("src/fooling/artifacts/storage.py", '"""Files that are whole or absent', '"""Whole files')
    finished.edit("src/fooling/settings/compute.py", '"""Device and threads of a step."""', '"""Device and threads."""')
    assert finished.planned() == {}
