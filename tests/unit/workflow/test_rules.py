"""What holds for every rule file; the rules themselves are run by `tests/workflow`."""

import re
from pathlib import Path

import pytest

RULES = sorted((Path(__file__).parents[3] / "workflow/rules").glob("*.smk"))
RULE = re.compile(r"^rule (\w+):\n(.*?)(?=^\S|\Z)", re.MULTILINE | re.DOTALL)


def rules() -> dict[str, str]:
    return dict(found for path in RULES for found in RULE.findall(path.read_text(encoding="utf-8")))


@pytest.mark.parametrize("path", RULES, ids=lambda path: path.name)
def test_a_rule_file_fits_on_a_few_screens(path):
    assert len(path.read_text(encoding="utf-8").splitlines()) <= 200


@pytest.mark.parametrize(("name", "text"), rules().items(), ids=rules())
def test_a_rule_runs_again_for_edits_of_the_module_that_it_runs(name, text):
    run = re.findall(r"-m ([\w.]+)", text)
    assert len(run) == 1, name
    assert re.findall(r'\*code\("([\w.]+)"\)', text) == run


def test_a_rule_passes_on_checkpoints_only_to_steps_that_write_them():
    sources = Path(__file__).parents[3] / "src"
    for name, text in rules().items():
        if ".steps." not in text:
            continue
        module = sources.joinpath(*re.findall(r"-m ([\w.]+)", text)[0].split(".")).with_suffix(".py")
        folder = module.parent
        shared = {"train": "training_run", "retrain": "training_run"}
        shared |= {"retrain_outlier_exposure": "cured_run", "retrain_acet": "cured_run"}
        shared |= {"evolve_direct": "evolution_run", "evolve_cppn": "evolution_run"}
        shared |= {"evolve_guarded_direct": "guarded_run", "evolve_guarded_cppn": "guarded_run"}
        source = (folder / f"{shared.get(name, module.stem)}.py").read_text(encoding="utf-8")
        assert ("{params.checkpoints}" in text) == ("CheckpointSettings" in source), name
