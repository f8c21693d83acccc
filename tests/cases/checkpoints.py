"""Kinds of checkpoint that people have: how each comes about, and what must become of it.

`CASES` maps the name of each to a function that makes it in a folder, imports it, and returns the sentence that a user
sees, or what was read.
"""

import argparse
import copy
import json
import logging
import os
import tarfile
import zipfile
from collections import OrderedDict, defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import torch
from safetensors.torch import save_file
from torch import Tensor, nn

from fooling.errors import FoolingError
from fooling.networks.architectures import published_network
from fooling.networks.network_file import TrainedNetwork
from fooling.networks.zoo import load_pretrained
from fooling.settings.base import parse
from fooling.settings.pretrained import PretrainedSettings

LENET = {"architecture": "lenet", "dataset": "mine", "classes": 10, "image_size": 28}
RESNET = {"architecture": "timm/test_resnet", "dataset": "mine", "classes": 5, "image_size": 64, "input_size": 64}


def trained(settings: dict[str, Any] = LENET, seed: int = 1) -> nn.Module:
    """Return the network whose weights the kinds hold."""
    torch.manual_seed(seed)
    return published_network(settings["architecture"], settings["classes"])


def weights(seed: int = 1, settings: dict[str, Any] = LENET) -> dict[str, Tensor]:
    return dict(trained(settings, seed).state_dict())


def prefixed(prefix: str, seed: int = 1) -> dict[str, Tensor]:
    return {prefix + name: value for name, value in weights(seed).items()}


@dataclass(frozen=True)
class Kind:
    """A kind of checkpoint.

    Attributes:
        make: returns the content of the file, or writes one into a folder and returns its path.
        says: pattern of the sentence; None if it is read and gives the logits of `trained(settings)`.
        settings: of the import, beside the file.
        seed: of the weights that are taken.
        tolerance: of the logits.
    """

    make: Callable[[], Any] | Callable[[Path], Path]
    says: str | None = None
    settings: dict[str, Any] = field(default_factory=lambda: LENET)
    seed: int = 1
    tolerance: float = 0.0
    writes: bool = False

    def write(self, folder: Path) -> Path:
        if self.writes:
            return self.make(folder)
        torch.save(self.make(), folder / "w.pth")
        return folder / "w.pth"

    def load(self, folder: Path) -> TrainedNetwork:
        values = {**self.settings, "weights": str(self.write(folder))}
        return load_pretrained(parse(PretrainedSettings, values, "These settings are not right"))


def reads(make: Callable[[], Any], **more: Any) -> Kind:
    return Kind(make, **more)


def told(make: Callable[[], Any], says: str, **more: Any) -> Kind:
    return Kind(make, says, **more)


def file_reads(make: Callable[[Path], Path], **more: Any) -> Kind:
    return Kind(make, writes=True, **more)


def file_told(make: Callable[[Path], Path], says: str, **more: Any) -> Kind:
    return Kind(make, says, writes=True, **more)


def changed(change: Callable[[Tensor], Tensor], name: str = "", settings: dict[str, Any] = LENET) -> dict[str, Tensor]:
    """Return the weights with those whose name contains `name` changed."""
    own = weights(settings=settings)
    return {key: change(value) if name in key and value.is_floating_point() else value for key, value in own.items()}


def broken(number: float) -> dict[str, Tensor]:
    own = {name: value.clone() for name, value in weights().items()}
    next(iter(own.values())).view(-1)[0] = number
    return own


def last(own: dict[str, Tensor]) -> str:
    return [name for name in own if name.endswith("weight")][-1]


def without(name: str) -> dict[str, Tensor]:
    own = weights()
    del own[name]
    return own


class Wrapped(nn.Module):
    """A network that a wrapper holds under `module`, as DataParallel does."""

    def __init__(self, module: nn.Module) -> None:
        super().__init__()
        self.module = module


def averaged() -> dict[str, Tensor]:
    return torch.optim.swa_utils.AveragedModel(trained()).state_dict()


def optimised() -> dict[str, Any]:
    network = trained()
    optimizer = torch.optim.Adam(network.parameters())
    sum(value.sum() for value in network.parameters()).backward()
    before = copy.deepcopy(network.state_dict())
    optimizer.step()
    return {"epoch": 3, "best_acc1": torch.tensor(0.7), "state_dict": before, "optimizer": optimizer.state_dict()}


def lightning() -> dict[str, Any]:
    own = prefixed("model.") | {"loss.weight": torch.ones(10), "metric.total": torch.tensor(3)}
    return {"state_dict": own, "pytorch-lightning_version": "2.4", "hyper_parameters": {"lr": 0.1}, "loops": {}}


def counted() -> dict[str, Tensor]:
    return weights() | {"total_ops": torch.zeros(1), "layers.0.total_params": torch.zeros(1, dtype=torch.float64)}


def two(one: str, other: str) -> dict[str, Any]:
    return {one: weights(1), other: weights(2), "epoch": 4}


def nested_in_legacy(folder: Path) -> Path:
    torch.save(
        {"model": weights(), "args": argparse.Namespace(lr=0.1)}, folder / "w", _use_new_zipfile_serialization=False
    )
    return folder / "w"


def saved(name: str, content: Callable[[], Any], folder: Path) -> Path:
    torch.save(content(), folder / name)
    return folder / name


def bytes_of(name: str, content: bytes, folder: Path) -> Path:
    (folder / name).write_bytes(content)
    return folder / name


def safe(name: str, folder: Path) -> Path:
    save_file({key: value.contiguous() for key, value in weights().items()}, folder / name)
    return folder / name


def shards(folder: Path, *, lost: bool = False, away: bool = False, part: bool = False) -> Path:
    own = weights()
    names = list(own)
    files = {name: f"model-0000{1 + (place > 2)}-of-00002.safetensors" for place, name in enumerate(names)}
    for file in sorted(set(files.values())):
        save_file({name: own[name].contiguous() for name in names if files[name] == file}, folder / file)
    if lost:
        (folder / "model-00002-of-00002.safetensors").unlink()
    index = {name: f"../{file}" if away else file for name, file in files.items()}
    (folder / "model.safetensors.index.json").write_text(json.dumps({"metadata": {}, "weight_map": index}))
    return folder / ("model-00001-of-00002.safetensors" if part else "model.safetensors.index.json")


def linked(folder: Path) -> Path:
    (folder / "link.pth").symlink_to(saved("elsewhere.bin", weights, folder))
    return folder / "link.pth"


def zipped(folder: Path) -> Path:
    with zipfile.ZipFile(folder / "w.pth", "w") as archive:
        archive.writestr("readme.txt", "hello")
    return folder / "w.pth"


def npz(folder: Path) -> Path:
    np.savez(folder / "w.npz", **{name: value.numpy() for name, value in weights().items()})
    return folder / "w.npz"


def tarred(folder: Path) -> Path:
    with tarfile.open(folder / "w.pth.tar", "w") as archive:
        archive.add(saved("w.pth", weights, folder), "w.pth")
    return folder / "w.pth.tar"


def cut(make: Callable[[Path], Path], folder: Path) -> Path:
    path = make(folder)
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    return path


def script(folder: Path) -> Path:
    torch.jit.save(torch.jit.trace(trained(), torch.zeros(1, 1, 28, 28)), folder / "w.pt")
    return folder / "w.pt"


def fifo(folder: Path) -> Path:
    os.mkfifo(folder / "w.pth")
    return folder / "w.pth"


def quantised() -> dict[str, Tensor]:
    return changed(lambda value: torch.quantize_per_tensor(value, 0.1, 0, torch.qint8))


SEVERAL = r"holds several networks that fit \(model, model_ema\); set weights_key to one of them\."
NO_FILE = "is no readable file of weights; give a state dict"
NO_DICT = "holds no state dict of plain tensors: "
OTHER = "holds weights of another network than lenet: it "
FIRST = "layers.0.weight"

KINDS: dict[str, Kind] = {
    "a state dict": reads(weights),
    "an OrderedDict": reads(lambda: OrderedDict(weights())),
    "of the old format": file_reads(nested_in_legacy),
    "named .bin": file_reads(partial(saved, "pytorch_model.bin", weights)),
    "named .pth.tar": file_reads(partial(saved, "checkpoint.pth.tar", optimised)),
    "without a suffix": file_reads(partial(saved, "weights", weights)),
    "torch's, named .safetensors": file_reads(partial(saved, "w.safetensors", weights)),
    "safetensors": file_reads(partial(safe, "w.safetensors")),
    "safetensors, named .pth": file_reads(partial(safe, "w.pth")),
    "safetensors in parts, by their index": file_reads(shards),
    "a symbolic link": file_reads(linked),
    "parameters in place of tensors": reads(lambda: {k: nn.Parameter(v) for k, v in weights().items()}),
    **{
        f"prefix {prefix}": reads(partial(prefixed, prefix))
        for prefix in (
            *("_orig_mod.", "module.", "_orig_mod.module.", "module._orig_mod.", "model.", "model.module."),
            *("module.model.net.", "backbone.", "module.module.", "_fsdp_wrapped_module."),
        )
    },
    "prefix inside the names": reads(
        lambda: {k.replace("layers.", "layers.module.", 1): v for k, v in weights().items()}
    ),
    "the network's own prefix twice": reads(partial(prefixed, "layers.")),
    "Lightning's, with a loss of its own": reads(lightning),
    "an averaged network": reads(averaged),
    "an averaged network, compiled": reads(lambda: {f"_orig_mod.{k}": v for k, v in averaged().items()}),
    "data parallelism inside compilation": reads(
        lambda: {f"_orig_mod.{k}": v for k, v in Wrapped(trained()).state_dict().items()}
    ),
    **{
        f"under {key}": reads(lambda key=key: {key: weights(), "epoch": 3})
        for key in (
            *("state_dict", "model", "model_state_dict", "state_dict_ema", "ema", "model_ema", "net", "params"),
            *("network", "weights", "generator"),
        )
    },
    "under one key in another": reads(lambda: {"state_dict": {"model": prefixed("module.")}, "epoch": 3}),
    "beside an optimizer's state": reads(optimised),
    "beside other networks": reads(lambda: {"teacher": {"a.weight": torch.ones(3)}, "student": weights()}),
    "twice the same": reads(lambda: {"model": weights(), "model_ema": weights()}),
    "one of two, chosen": reads(
        lambda: two("model", "model_ema"), settings=LENET | {"weights_key": "model_ema"}, seed=2
    ),
    "one of two, chosen by a key in a key": reads(
        lambda: {"nets": two("a", "b")}, settings=LENET | {"weights_key": "nets.b"}, seed=2
    ),
    "one of two by their prefixes, chosen": reads(
        lambda: prefixed("student.") | prefixed("teacher.", 2), settings=LENET | {"weights_key": "teacher"}, seed=2
    ),
    "beside argparse.Namespace": reads(lambda: {"model": weights(), "args": argparse.Namespace(lr=0.1, out=Path("x"))}),
    "beside NumPy's scalars": reads(lambda: {"model": weights(), "acc": np.float64(0.7), "n": np.int64(3)}),
    "beside NumPy's arrays": reads(lambda: {"model": weights(), "history": np.arange(3.0), "names": np.array(["a"])}),
    "beside a defaultdict": reads(lambda: {"model": weights(), "log": defaultdict(list, {"loss": [1.0]})}),
    "keys that count": reads(counted),
    "without num_batches_tracked": reads(
        lambda: {k: v for k, v in weights(settings=RESNET).items() if "num_batches" not in k}, settings=RESNET
    ),
    "float16": reads(lambda: changed(Tensor.half), tolerance=1e-2),
    "bfloat16": reads(lambda: changed(Tensor.bfloat16), tolerance=1e-1),
    "float64": reads(lambda: changed(Tensor.double)),
    "not contiguous": reads(lambda: changed(lambda v: v.t().contiguous().t() if v.dim() == 2 else v)),
    "two networks": told(lambda: two("model", "model_ema"), SEVERAL),
    "two networks by their prefixes": told(
        lambda: prefixed("student.") | prefixed("teacher.", 2), r"several networks that fit \(student, teacher\)"
    ),
    "a key that is not there": told(
        lambda: two("model", "ema"),
        "weights_key: .* has no weights under net; it has model, ema",
        settings=LENET | {"weights_key": "net"},
    ),
    "NaN": told(lambda: broken(float("nan")), rf"not finite \(NaN or infinity\) in {FIRST}; take a file"),
    "infinity": told(lambda: broken(float("-inf")), "not finite"),
    "float64 beyond float32": told(lambda: changed(lambda v: v.double() + 1e300), "not finite .* and 5 more"),
    "a key too few": told(lambda: without(FIRST), OTHER + f"lacks {FIRST}\\."),
    "a key too many": told(lambda: weights() | {"extra.weight": torch.ones(1)}, OTHER + r"has extra\.weight\."),
    "a head too few": told(
        lambda: {k: v for k, v in weights().items() if k != last(weights())}, OTHER + "lacks .*weight"
    ),
    "a head of another size": told(
        lambda: weights(settings=LENET | {"classes": 7}), "has 7 classes, but classes is 10"
    ),
    "a layer of another size": told(lambda: changed(lambda v: v[:, :, :2], FIRST), r"has the shape \(.*\) instead of"),
    "one tensor in a table": told(lambda: {"a": torch.ones(1)}, OTHER + "lacks .* and has a"),
    "one tensor": told(lambda: torch.ones(3), NO_DICT + r"it holds one tensor of the shape \(3,\)"),
    "an empty table": told(dict, NO_DICT + "it holds an empty table"),
    "an optimizer alone": told(lambda: {"optimizer": {"state": {}}, "epoch": 3}, NO_DICT + "it holds optimizer, epoch"),
    "a list": told(lambda: [1, 2], NO_DICT + "it holds a list"),
    "keys that are no text": told(lambda: {3: torch.ones(1)}, NO_DICT + "its keys are no text"),
    "arrays in place of tensors": told(
        lambda: {k: v.numpy() for k, v in weights().items()}, NO_DICT + "it holds layers"
    ),
    "sparse": told(lambda: changed(lambda v: v.to_sparse(), FIRST), NO_DICT + f"{FIRST} is sparse"),
    "complex": told(lambda: changed(lambda v: v.to(torch.complex64), FIRST), NO_DICT + f"{FIRST} is complex"),
    "without its numbers": told(lambda: changed(lambda v: v.to("meta"), FIRST), NO_DICT + f"{FIRST} is on the device"),
    "quantised": told(quantised, NO_DICT + ".* is quantised"),
    "whole numbers": told(lambda: changed(lambda v: v.to(torch.int8)), r"has whole numbers \(int8\) in .* quantised"),
    "packed": told(lambda: weights() | {"fc._packed_params.x": torch.ones(1)}, "quantised network; save the state"),
    "a whole network": told(trained, r"holds a whole pickled network, which is not opened, .*network\.state_dict\(\)"),
    "a whole network in a checkpoint": told(lambda: {"model": trained(), "epoch": 3}, "holds a whole pickled network"),
    "TorchScript": file_told(script, r"holds a TorchScript program, .*torch\.jit\.load\('w\.pt'\)\.state_dict\(\)"),
    "an unknown object": told(
        lambda: {"model": weights(), "x": zipfile.ZipInfo("a")}, "it holds zipfile.ZipInfo, which"
    ),
    "parts, one lost": file_told(partial(shards, lost=True), r"lists model-00002-of-00002\.safetensors, which is not"),
    "parts that lie elsewhere": file_told(partial(shards, away=True), "which does not lie beside it"),
    "one part of two": file_told(partial(shards, part=True), "lacks .* It is one part of several; give the index"),
    "an index that is none": file_told(partial(bytes_of, "x.index.json", b"[1]"), NO_FILE),
    "safetensors cut short": file_told(partial(cut, partial(safe, "w.safetensors")), NO_FILE + ".* is cut short"),
    "a checkpoint cut short": file_told(partial(cut, partial(saved, "w.pth", weights)), NO_FILE + ".* is cut short"),
    "a huge header": file_told(
        partial(bytes_of, "w.safetensors", b"\xff" * 7 + b"\0{}"), NO_FILE + ".* more than 100 MB"
    ),
    "an empty file": file_told(partial(bytes_of, "w.pth", b""), NO_FILE + ".* it is empty"),
    "a text": file_told(partial(bytes_of, "w.pth", b"no weights"), NO_FILE + ".* damaged or of another format"),
    "a web page": file_told(partial(bytes_of, "w.pth", b"\n<!DOCTYPE html>"), NO_FILE + ".* it is a web page"),
    "a pointer of Git LFS": file_told(
        partial(bytes_of, "w.pth", b"version https://git-lfs.github.com/spec/v1\noid"), NO_FILE + ".* git lfs pull"
    ),
    "compressed": file_told(
        partial(bytes_of, "w.pth.gz", b"\x1f\x8b\x08aaaa"), NO_FILE + ".* it is compressed; unpack"
    ),
    "Keras's": file_told(partial(bytes_of, "w.h5", b"\x89HDF\r\n\x1a\n"), NO_FILE + ".* it is an HDF5 file"),
    "ONNX": file_told(partial(bytes_of, "w.onnx", b"\x08\x07\x12"), NO_FILE + ".* it is an ONNX model"),
    "a zip that is no checkpoint": file_told(zipped, NO_FILE + ".* it is a zip archive, but no checkpoint"),
    "NumPy's": file_told(npz, NO_FILE + ".* it is an archive of NumPy"),
    "a real tar": file_told(tarred, NO_FILE + ".* it is a tar archive; unpack it"),
    "a named pipe": file_told(fifo, "weights: there is no file .*w.pth"),
    "a folder": file_told(lambda folder: folder, "weights: there is no file"),
}


def _told(kind: Kind, folder: Path) -> str:
    """Import one kind; return the sentence that a user sees, or what was read."""
    try:
        network = kind.load(folder)
    except FoolingError as error:
        return str(error).replace(str(folder), "FOLDER")
    return f"read: {network.architecture} with {network.classes} classes"


CASES: dict[str, Callable[[Path], str]] = {f"checkpoint: {name}": partial(_told, kind) for name, kind in KINDS.items()}
"""Each case by its name: runs it in an empty folder."""

logging.getLogger("torch").setLevel(logging.ERROR)
