"""Files that a step reads and that are damaged, or that belong to other work."""

from collections.abc import Callable
from pathlib import Path
from random import Random

import pytest
from disturbed import EVOLVED, LONG, MADE_BY, RESULTS, WorkFolder, check_sentence

from fooling.settings.datasets import MNIST

NETWORK = RESULTS / "networks/lenet-1.npz"
READ = [
    ("fetch_mnist", Path("data/mnist") / MNIST.files[0], "train"),
    ("train", NETWORK, "evolve_direct"),
    ("evolve_cppn", EVOLVED[1], "elites"),
    ("fetch_mnist", Path("data/mnist") / MNIST.files[1], "train"),
    ("train", NETWORK, "ascend"),
    ("fetch_mnist", Path("data/mnist") / MNIST.files[2], "train"),
    ("evolve_direct", EVOLVED[0], "elites"),
    ("train", NETWORK, "evolve_cppn"),
    ("fetch_mnist", Path("data/mnist") / MNIST.files[3], "train"),
]
"""Which rule makes a file, and which reads it."""


def test_a_truncated_input(number: int, chance: Random, undisturbed: WorkFolder, tmp_path: Path) -> None:
    maker, name, reader = READ[number % len(READ)]
    folder = undisturbed.without(tmp_path / "disturbed", reader)
    damaged = folder.path / name
    whole = damaged.read_bytes()
    damaged.unlink()  # it is a link
    damaged.write_bytes(whole[: chance.randrange(len(whole))])
    ended = folder.run(reader)
    assert ended.status == 1
    check_sentence(ended.told, "Error: ", str(name), "delete it and")
    damaged.unlink()
    folder.check_whole(undisturbed)
    if (undisturbed.path / MADE_BY[maker]).name != "mnist":
        folder.remove(maker)
    for rule in (maker, reader):
        again = folder.run(rule)
        assert again.status == 0, again.told
    folder.check_complete(undisturbed)


def cut(content: bytes, chance: Random) -> bytes:
    return content[: chance.randrange(len(content))]


def blank(content: bytes, chance: Random) -> bytes:
    """What a crash leaves on some file systems: a block of zeros."""
    begin = chance.randrange(len(content) - 4096)
    return content[:begin] + bytes(4096) + content[begin + 4096 :]


def noise(content: bytes, chance: Random) -> bytes:
    return chance.randbytes(len(content))


def flip(content: bytes, chance: Random) -> bytes:
    place = chance.randrange(len(content))
    return content[:place] + bytes([content[place] ^ 1 << chance.randrange(8)]) + content[place + 1 :]


def test_a_corrupted_checkpoint(
    number: int, chance: Random, undisturbed: WorkFolder, unfinished: Callable[[str], WorkFolder], tmp_path: Path
) -> None:
    damage = (cut, blank, noise, flip)[number % 4]
    rule = LONG[(number + number // 4) % len(LONG)]
    folder = unfinished(rule).without(tmp_path / "disturbed")
    (checkpoint,) = folder.path.rglob("*.checkpoint.npz")
    whole = checkpoint.read_bytes()
    checkpoint.write_bytes(damage(whole, chance))
    ended = folder.run(rule)
    assert ended.status == 0, ended.told
    if "continuing" not in ended.told.lower():  # a flipped bit may be one that nobody reads
        stale = checkpoint.with_name(f"{checkpoint.stem}.stale.npz").name
        check_sentence(ended.told, f"is damaged; it is kept as {stale}, and the work starts anew")
    folder.check_complete(undisturbed)


@pytest.mark.at_most(len(LONG))
def test_changed_settings_over_unfinished_work(
    number: int, undisturbed: WorkFolder, unfinished: Callable[[str], WorkFolder], tmp_path: Path
) -> None:
    """The changed work starts anew; undone, the first continues."""
    rule = LONG[(number + 1) % len(LONG)]
    change = ["--iterations" if rule in ("train", "ascend") else "--generations", "90"]
    other = undisturbed.without(tmp_path / "other", rule)
    assert other.run(rule, *change).status == 0
    folder = unfinished(rule).without(tmp_path / "disturbed")
    changed = folder.run(rule, *change)
    assert changed.status == 0, changed.told
    check_sentence(changed.told, "is the checkpoint of other work (undo the change of settings.", "starts anew")
    folder.check_complete(other)
    again = folder.run(rule)
    assert again.status == 0, again.told
    check_sentence(again.told, "which was set aside: it is of this very work")
    folder.check_complete(undisturbed)
