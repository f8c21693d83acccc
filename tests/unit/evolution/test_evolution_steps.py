"""The evolution steps as a user calls them, on a network that has learned nothing."""

from pathlib import Path

import numpy as np
import pytest
import torch

from fooling.artifacts.elites import load_elites
from fooling.artifacts.fooling_set import load_fooling_set
from fooling.errors import FoolingError
from fooling.networks.classifier import NetworkClassifier
from fooling.networks.network_file import load_network
from fooling.steps.evolution import evolve_cppn, evolve_direct

STEPS = {"cppn": evolve_cppn, "direct": evolve_direct}
FILES = {"output": "fooling_set.npz", "history": "history.csv", "elites": "elites.npz"}


def call(
    monkeypatch: pytest.MonkeyPatch, step: str, network: Path, folder: Path, seeds: list[int], *flags: str
) -> None:
    paths = [argument for name, file in FILES.items() for argument in (f"--{name}", str(folder / file))]
    numbers = ["--generations", "6", "--batch", "9", "--snapshots", "[0]"]
    arguments = [step, "--network", str(network), "--seed", *map(str, seeds), *paths, *numbers, *flags]
    monkeypatch.setattr("sys.argv", arguments)
    STEPS[step].main()


@pytest.mark.parametrize("step", STEPS)
def test_several_seeds_write_the_bytes_that_each_writes_alone(step, network, tmp_path, monkeypatch) -> None:
    seeds = [5, 0, 7]
    call(monkeypatch, step, network, tmp_path / "together-{seed}", seeds)
    for seed in seeds:
        call(monkeypatch, step, network, tmp_path / f"alone-{seed}", [seed])
        for file in FILES.values():
            together = (tmp_path / f"together-{seed}" / file).read_bytes()
            assert together == (tmp_path / f"alone-{seed}" / file).read_bytes(), file
        assert load_fooling_set(tmp_path / f"together-{seed}" / "fooling_set.npz").run.tolist() == [seed] * 20
        assert {path.name for path in (tmp_path / f"together-{seed}").iterdir()} == {
            *FILES.values(),
            "fooling_set.provenance.json",
        }


@pytest.mark.parametrize("step", STEPS)
def test_a_run_cut_off_and_continued_writes_the_bytes_of_an_undisturbed_one(
    step, network, tmp_path, monkeypatch, device
) -> None:
    flags = ("--device", device.type, "--checkpoint-seconds", "1e-9")
    call(monkeypatch, step, network, tmp_path / "whole", [3], *flags)
    judge, calls = NetworkClassifier.log_confidence, iter(range(4))

    def breaks_down(classifier: NetworkClassifier, images: torch.Tensor) -> torch.Tensor:
        if next(calls, None) is None:
            raise KeyboardInterrupt
        return judge(classifier, images)

    with monkeypatch.context() as breakdown:
        breakdown.setattr(NetworkClassifier, "log_confidence", breaks_down)
        with pytest.raises(KeyboardInterrupt):
            call(breakdown, step, network, tmp_path / "cut", [3], *flags)
    assert (tmp_path / "cut" / "fooling_set.checkpoint.npz").exists()
    call(monkeypatch, step, network, tmp_path / "cut", [3], *flags)
    for file in FILES.values():
        assert (tmp_path / "cut" / file).read_bytes() == (tmp_path / "whole" / file).read_bytes(), file


def test_seeds_that_would_share_a_file_are_refused(network, tmp_path, monkeypatch) -> None:
    with pytest.raises(FoolingError, match=r"--output names one file for 2 seeds; write \{seed\} where its path"):
        call(monkeypatch, "cppn", network, tmp_path, [1, 2])
    with pytest.raises(FoolingError, match="lists a seed twice"):
        call(monkeypatch, "cppn", network, tmp_path / "{seed}", [1, 2, 1])


def test_evolution_in_bfloat16_is_reported_in_float32(network, tmp_path, monkeypatch) -> None:
    exact = NetworkClassifier(load_network(network), torch.device("cpu"))
    difference = {}
    for precision in ("float32", "bfloat16"):
        folder = tmp_path / precision
        call(monkeypatch, "direct", network, folder, [0], "--precision", precision)
        fooling_set = load_fooling_set(folder / "fooling_set.npz")
        scores = exact.log_confidence(torch.from_numpy(fooling_set.images)).numpy()
        # Not to the last bit: on some CPUs the rounding of an image's score depends on how many pass together.
        expected = scores[np.arange(20), fooling_set.target]
        np.testing.assert_allclose(fooling_set.log_confidence, expected, rtol=1e-5, atol=1e-6)
        fitness = load_elites(folder / "elites.npz").fitness
        difference[precision] = np.abs(fitness - fooling_set.final().confidence).max()
    assert difference["float32"] < 1e-6
    assert 1e-5 < difference["bfloat16"] < 0.1


def test_the_number_of_threads_changes_no_image(network, tmp_path, monkeypatch) -> None:
    for threads in ("1", "2"):
        call(monkeypatch, "cppn", network, tmp_path / threads, [0], "--batch", "230", "--threads", threads)
    one, two = (load_fooling_set(tmp_path / threads / "fooling_set.npz") for threads in ("1", "2"))
    np.testing.assert_array_equal(one.images, two.images)
    np.testing.assert_array_equal(one.log_confidence, two.log_confidence)
