import hashlib
import json
import sys
from pathlib import Path

import pytest

from fooling.artifacts.provenance import Provenance, code_digest, file_digest, loaded_code

SOURCE = '''
"""Module."""
def f(x: int) -> int:
    """Return."""
    if x:
        "a bare string"
    return x + 1  # comment
'''


@pytest.mark.parametrize(
    "same",
    [
        SOURCE.replace("# comment", "# another"),
        SOURCE.replace('"""Return."""', '"""Give back."""'),
        SOURCE.replace('    """Return."""\n', ""),
        SOURCE.replace("x + 1", "(x\n        + 1)"),
        SOURCE.replace('"a bare string"', '"another"'),
    ],
)
def test_comments_docstrings_and_formatting_do_not_count(same: str) -> None:
    assert same != SOURCE
    assert code_digest(same) == code_digest(SOURCE)


@pytest.mark.parametrize(
    "other",
    [SOURCE.replace("+ 1", "+ 2"), SOURCE.replace("x: int", "y: int"), SOURCE.replace("return x", "return - x")],
)
def test_code_counts(other: str) -> None:
    assert code_digest(other) != code_digest(SOURCE)


def test_the_record_names_settings_inputs_code_and_versions(tmp_path: Path) -> None:
    data = tmp_path / "data.bin"
    data.write_bytes(b"abc")
    provenance = Provenance("step", {"seed": 1}, [data])
    record = provenance.record()
    assert record["settings"] == {"seed": 1}
    assert record["inputs"] == [{"file": "data.bin", "sha256": hashlib.sha256(b"abc").hexdigest()}]
    assert record["code"]["fooling.artifacts.provenance"] == code_digest(
        Path(sys.modules["fooling.artifacts.provenance"].__file__).read_text()
    )
    assert record["versions"]["python"].startswith("3.")
    provenance.save(tmp_path / "record.json")
    saved = json.loads((tmp_path / "record.json").read_text())
    assert {key: saved[key] for key in record} == record
    assert saved["duration_seconds"] >= 0


def test_the_record_is_taken_when_the_step_begins(tmp_path: Path) -> None:
    data = tmp_path / "data.bin"
    data.write_bytes(b"abc")
    before = file_digest(data)
    provenance = Provenance("step", {}, [data])
    data.write_bytes(b"edited")
    assert provenance.record()["inputs"][0]["sha256"] == before


def test_only_this_packages_code_is_recorded() -> None:
    assert set(loaded_code()) <= {name for name in sys.modules if name.startswith("fooling")}
    assert "fooling.artifacts.provenance" in loaded_code()
