"""One thread for the tests' own computations: networks this small only lose by more. The same examples each time.

`pytest --hypothesis-profile explore` looks for new ones, more of them where a test does not set their number.
"""

import pytest
import torch
from hypothesis import settings

torch.set_num_threads(1)
settings.register_profile("repeatable", derandomize=True, deadline=None)
settings.register_profile("explore", max_examples=1000, deadline=None)
settings.load_profile("repeatable")


def pytest_addoption(parser: pytest.Parser) -> None:
    """How hard the soak and the injection of faults are."""
    parser.addoption("--kills", type=int, default=2, help="SIGKILLs over each run of tests/unit/test_soak.py [2]")
    parser.addoption("--faults", type=int, default=1, help="faults of each kind in tests/faults [1]; 10 give over 100")
