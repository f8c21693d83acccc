"""The campaign for a machine with a GPU, rehearsed on a CPU; and stages that fail, hang or leave something behind."""

import csv
import itertools
import json
import os
import re
import signal
import subprocess
import sys
from pathlib import Path

import pytest
import torch
from safetensors.torch import save_file

from benchmarks.gpu.__main__ import campaign
from benchmarks.gpu.evolution import Kept
from benchmarks.gpu.supervision import Stage
from benchmarks.warm_runs import StandIn, start
from fooling.artifacts.elites import load_elites
from fooling.artifacts.image_file import read_pixels
from fooling.artifacts.provenance import Provenance
from fooling.evolution.together import evolve
from fooling.networks.architectures import published_network

ROOT = Path(__file__).parents[3]


def python(*arguments: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, *map(str, arguments)], cwd=ROOT, capture_output=True, text=True, check=False)


def table(path: Path) -> list[dict[str, str]]:
    with path.open(newline="") as file:
        return list(csv.DictReader(file))


def test_a_cpu_rehearses_every_stage(tmp_path: Path) -> None:
    torch.manual_seed(1)
    save_file(published_network("torchvision/squeezenet1_0", 1000).state_dict(), tmp_path / "weights.safetensors")
    folder = tmp_path / "results"
    flags = ["--device", "cpu", "--seconds", 6000, "--folder", folder, "--network", tmp_path / "weights.safetensors"]
    done = python("-m", "benchmarks.gpu", *flags)
    assert done.returncode == 0, done.stdout + done.stderr

    machine = json.loads((folder / "machine.json").read_text())
    assert (machine["renderer_wrong_bytes"], machine["renderer_compared_bytes"]) == (0, 2 * 3 * 16 * 16)
    parity = json.loads((folder / "parity.json").read_text())
    assert (parity["passed"] > 0, parity["failed"], parity["not_collected"]) == (True, 0, {})
    rows = table(folder / "ratios.csv")
    combinations = {(row["precision"], row["encoding"]) for row in rows}
    assert len(combinations) == len(rows) == 6
    assert all(float(row["ratio"]) > 0 for row in rows)
    for method, generations, batch in (("cppn", 3, 2), ("direct", 2, 2)):
        history = table(folder / f"{method}.csv")
        assert [int(row["evaluations"]) for row in history] == [batch * (g + 1) for g in range(generations + 1)]
        assert all(int(row["at_0.5"]) >= int(row["at_0.9999"]) for row in history)
    assert len(load_elites(folder / "cppn.npz").fitness) == 1000
    assert read_pixels(folder / "direct.png").shape == (512, 1024, 3)

    summary = (folder / "summary.txt").read_text()
    for stage in ("machine", "parity", "ratios", "cppn", "direct"):
        assert f"----- log of {stage} -----" in summary
    assert "Self CPU" in summary, "the profiler's table is missing"
    names = {path.name for path in folder.iterdir()}
    of_stages = {"machine.json", "parity.json", "ratios.csv", "cppn.csv", "cppn.npz", "direct.csv", "direct.png"}
    assert names == {"summary.txt", *of_stages}


class Terminating(StandIn):
    """Gets SIGTERM in the midst of a generation."""

    def __init__(self, generation: int) -> None:
        super().__init__(3, torch.device("cpu"))
        self._left = generation

    def log_confidence(self, images: torch.Tensor) -> torch.Tensor:
        self._left -= 1
        if self._left == 0:
            os.kill(os.getpid(), signal.SIGTERM)
        return super().log_confidence(images)


# The CPPN run is cut off twice and goes on in between.
@pytest.mark.parametrize(("method", "cuts"), [("cppn", (5, 3)), ("direct", (2,))])
def test_a_cut_off_run_keeps_its_checkpoint_and_its_history(method: str, cuts: tuple[int, ...], tmp_path: Path) -> None:
    for generations, cut in zip(itertools.accumulate(cuts), cuts, strict=True):
        judge = Terminating(cut)
        run = start(method, judge.image_shape, judge.classes, 6, judge.device)
        checkpoint = Kept(tmp_path / "c.npz", Provenance("test", {}), 3600, tmp_path / f"{method}.csv", 6)
        with checkpoint, pytest.raises(SystemExit, match="143"):
            evolve([run], judge, [checkpoint])
        history = table(tmp_path / f"{method}.csv")
        assert [int(row["generation"]) for row in history] == list(range(generations))
        assert [float(row["median_confidence"]) for row in history] == run.history.table()["median_confidence"].tolist()
        assert int(history[-1]["at_0.5"]) == int((run.archive.fitness >= 0.5).sum())
        assert (tmp_path / "c.npz").exists()
    assert (tmp_path / "direct.png").exists() == (method == "direct")


def test_a_stage_that_fails_or_hangs_ends_no_other_and_the_summary_names_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    stubborn = "import signal, subprocess, time; signal.signal(signal.SIGTERM, signal.SIG_IGN)"
    left_behind = "subprocess.Popen(['sleep', '543.21'])"
    programs = {
        "hanging": f"{stubborn}; {left_behind}; print('hanging', flush=True); time.sleep(600)",
        "broken": "import sys; print('the reason'); sys.exit(7)",
        "sound": f"open({str(tmp_path / 'sound.csv')!r}, 'w').write('a,b\\n1,2\\n')",
        "large": f"open({str(tmp_path / 'large.npz')!r}, 'wb').write(bytes(17_000_000))",
    }
    shares = {"hanging": 2.0}
    stages = [
        Stage(name, "a test", ["-c", text], shares.get(name, 20.0), [f"{name}.csv"]) for name, text in programs.items()
    ]
    (tmp_path / "broken.csv").write_text("of,an,earlier,campaign\n")
    stages.append(Stage("patient", "a test", ["-c", "pass"], 1.0, is_patient=True))
    assert campaign(stages, ["A remark."], tmp_path, 63.0, {}, grace=0.5) == 1
    summary = (tmp_path / "summary.txt").read_text()
    lines = ["A remark.", "    the reason", "    1  2"]
    lines += ["broken (a test): FAILED with status 7", "hanging (a test): cut off when its time was over"]
    lines += ["sound (a test): done", "large (a test): done"]
    printed = capsys.readouterr().out
    assert "broken: a test, at most 20 s" in printed
    assert 40 < int(re.search(r"patient: a test, at most (\d+) s", printed)[1]) <= 61
    for line in lines:
        assert line in summary
        assert line in printed
    assert "----- log of hanging -----\nhanging\n" in summary
    assert {path.name for path in tmp_path.iterdir()} == {"summary.txt", "sound.csv", "large.npz.gz"}
    assert not subprocess.run(["pgrep", "-f", "sleep 543.21"], capture_output=True, check=False).stdout


@pytest.mark.parametrize("flags", [["--network", "nowhere.safetensors"], ["--device", "tpu"]])
def test_a_mistake_on_the_command_line_is_one_sentence(flags: list[str]) -> None:
    done = python("-m", "benchmarks.gpu", *flags)
    assert done.returncode == 2
    assert "Traceback" not in done.stderr
