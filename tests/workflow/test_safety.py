"""What a configuration says reaches the shell as one word, runs nothing, and leads nowhere else."""

import shlex

import torch
import yaml

from fooling.networks.lenet import LeNet

PLACE = "a b'\"{x} $(touch sprung) `touch sprung`; touch sprung #"


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
    lines = [line for line in (planned.stdout + planned.stderr).splitlines() if "-m fooling.steps." in line]
    words = {word for line in lines for word in shlex.split(line)}
    assert {weights, labels, mirror} <= words
    imported = fresh.snakemake("--cores", "1", "results/nasty/networks/own.npz", config="nasty.yaml")
    assert imported.returncode == 0, imported.stdout + imported.stderr
    assert (fresh.folder / "results/nasty/networks/own.npz").is_file()
    assert not list(fresh.folder.rglob("sprung"))


def test_no_target_leads_out_of_the_results_folder(fresh):
    for target in (
        "results/smoke/networks/../../../escaped.npz",
        "results/smoke/evolution/../../../escaped/cppn/lenet-1/seed-0/fooling_set.npz",
        "results/smoke/evolution/mnist/cppn/lenet-1/seed-../../x/fooling_set.npz",
    ):
        refused = fresh.snakemake("--cores", "1", target)
        assert refused.returncode == 1
        assert "MissingRuleException" in refused.stderr or "No rule to produce" in refused.stderr, refused.stderr
    assert not list(fresh.folder.parent.rglob("escaped*"))


def test_a_configuration_given_to_snakemake_runs_no_code(fresh):
    for tag in ("!!python/object/apply:os.mkdir [sprung]", "!!python/name:os.system"):
        (fresh.folder / "wrong.yaml").write_text(f"name: {tag}\n")
        assert fresh.snakemake("--dry-run", config="wrong.yaml").returncode == 1
    assert not (fresh.folder / "sprung").exists()
