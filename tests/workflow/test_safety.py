"""What a configuration says reaches the shell as one word, runs nothing, and leads nowhere else."""

import re
import subprocess

import torch
import yaml

from fooling.networks.lenet import LeNet

PLACE = "a b'\" $(touch sprung) `touch sprung`; touch sprung #"


def test_paths_of_the_user_are_single_words_on_the_shell_lines(fresh):
    (fresh.folder / PLACE).mkdir()
    weights, labels, mirror = f"{PLACE}/w.pth", f"{PLACE}/labels", f"http://x/{PLACE}"
    torch.save(LeNet().state_dict(), fresh.folder / weights)
    (fresh.folder / labels).write_text("\n".join(map(str, range(10))))
    own = {"architecture": "lenet", "dataset": "own", "classes": 10, "image_size": 28}
    config = {
        "name": "nasty",
        "networks": {"lenet": {}},
        "datasets": {"mnist": {"mirror": mirror}},
        "pretrained": {"own": {**own, "weights": weights, "labels": labels}},
    }
    (fresh.folder / "nasty.yaml").write_text(yaml.safe_dump(config))
    planned = fresh.snakemake("--dry-run", "--printshellcmds", "--forceall", config="nasty.yaml")
    assert planned.returncode == 0, planned.stdout + planned.stderr
    lines = re.findall(r"(python -m fooling\.steps\..*) > \S+ 2>&1$", planned.stdout + planned.stderr, re.MULTILINE)
    # A real shell takes them apart; what it would start only tells its arguments.
    program = "\n".join(["exec 3> words", "python() { printf '%s\\0' \"$@\" >&3; }", *lines])
    subprocess.run(["bash", "-c", program], cwd=fresh.folder, check=True)
    assert {weights, labels, mirror} <= set((fresh.folder / "words").read_text().split("\0"))
    assert not list(fresh.folder.rglob("sprung"))


def test_no_target_leads_out_of_the_results_folder(fresh):
    target = "results/smoke/evolution/../../../escaped/cppn/lenet-1/seed-0/fooling_set.npz"
    refused = fresh.snakemake("--cores", "1", target)
    assert refused.returncode == 1
    assert "MissingRuleException" in refused.stdout + refused.stderr
    assert not list(fresh.folder.parent.rglob("escaped*"))


def test_a_configuration_given_to_snakemake_runs_no_code(fresh):
    (fresh.folder / "wrong.yaml").write_text("name: !!python/object/apply:os.mkdir [sprung]\n")
    assert fresh.snakemake("--dry-run", config="wrong.yaml").returncode == 1
    assert not (fresh.folder / "sprung").exists()
