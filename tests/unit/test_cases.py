"""No file, folder, text or machine of the list ends in a traceback; `python -m tests.cases` prints it."""

import pytest
from cases import Case, collect, seen

LISTED = {f"{kind}: {name}": case for kind, name, case in collect()}


@pytest.mark.parametrize("case", LISTED.values(), ids=LISTED.keys())
def test_it_ends_in_a_sentence(case: Case) -> None:
    text = seen(case)
    assert text
    assert "Traceback" not in text
