"""The user's own files: what they hold decides, not their dates."""

import os
import shutil

import torch

from fooling.networks.architectures import published_network

CONFIG = """
name: own
pretrained:
  mine:
    architecture: torchvision/squeezenet1_1
    weights: w.pth
    dataset: mine
    classes: 5
    image_size: 32
    input_size: 32
"""


def test_an_older_file_of_weights_reruns_its_import_and_a_new_date_does_not(fresh):
    (fresh.folder / "own.yaml").write_text(CONFIG)
    weights, older = fresh.folder / "w.pth", fresh.folder / "older.pth"
    for seed, path in enumerate((older, weights)):
        torch.manual_seed(seed)
        torch.save(published_network("torchvision/squeezenet1_1", 5).state_dict(), path)
    os.utime(older, (1_000_000_000, 1_000_000_000))
    assert weights.stat().st_size > 1_000_000  # smaller files are compared by Snakemake itself
    network = "results/own/networks/mine.npz"
    made = fresh.snakemake("--cores=1", network, config="own.yaml")
    assert made.returncode == 0, made.stdout + made.stderr
    os.utime(weights)
    assert fresh.planned(network, config="own.yaml") == {}
    shutil.copy2(older, weights)  # cp -p
    assert fresh.planned(network, config="own.yaml") == {"import_network": 1}
