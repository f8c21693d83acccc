"""What other sites read about the repository says the same everywhere, and is well formed."""

import json
import tomllib
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).parents[2]
CITATION = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))
ZENODO = json.loads((ROOT / ".zenodo.json").read_text(encoding="utf-8"))
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]


def test_citation_and_zenodo_agree() -> None:
    for name in ("title", "version", "license"):
        assert str(ZENODO[name]) == str(CITATION[name]), name
    assert [each["name"] for each in ZENODO["creators"]] == [each["name"] for each in CITATION["authors"]]
    preprints = [each["identifier"].removeprefix("arXiv:") for each in ZENODO["related_identifiers"]]
    assert [each["notes"].removeprefix("arXiv ") for each in CITATION["references"]] == preprints


def test_both_agree_with_the_package() -> None:
    assert str(CITATION["version"]) == PROJECT["version"]
    assert CITATION["license"] == PROJECT["license"]
    assert (ROOT / "LICENSE").read_text(encoding="utf-8").startswith(f"{PROJECT['license']} License")
    assert PROJECT["description"].removeprefix("A ").startswith(CITATION["title"].removeprefix("fooling: a "))


def test_the_container_that_the_catalog_promises_is_declared() -> None:
    deployment = yaml.safe_load((ROOT / ".snakemake-workflow-catalog.yml").read_text())["usage"]
    declared = "container:" in (ROOT / "workflow/Snakefile").read_text()
    assert deployment["software-stack-deployment"]["apptainer"] == declared
    assert declared == (ROOT / "workflow/container.def").is_file()


def steps_of(name: str) -> list[dict[str, Any]]:
    return yaml.safe_load((ROOT / name).read_text())["jobs"]["checks"]["steps"]


def test_the_public_checks_are_those_of_the_repository() -> None:
    assert [step["run"] for step in steps_of(".github/workflows/ci.yml") if "run" in step] == [".ci/run"]


@pytest.mark.parametrize("path", sorted((ROOT / ".github/ISSUE_TEMPLATE").glob("*.yml")), ids=lambda path: path.stem)
def test_issue_templates_are_forms(path: Path) -> None:
    form = yaml.safe_load(path.read_text())
    if path.stem != "config":
        assert {"name", "description", "body"} <= set(form)
        identities = [field["id"] for field in form["body"]]
        assert len(set(identities)) == len(identities)
        assert all(field["attributes"]["label"] for field in form["body"])


def test_the_dev_container_and_the_hooks_use_the_locked_environment() -> None:
    assert json.loads((ROOT / ".devcontainer/devcontainer.json").read_text())["postCreateCommand"] == "make environment"
    (repository,) = yaml.safe_load((ROOT / ".pre-commit-config.yaml").read_text())["repos"]
    assert repository["repo"] == "local"
    assert all(hook["entry"].startswith(".venv/bin/") for hook in repository["hooks"])
