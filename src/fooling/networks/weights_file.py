"""Files of weights as tools write them: read without executing anything, or told what they are."""

import re
import warnings
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NoReturn

import torch
from safetensors.torch import load_file

from fooling.artifacts.storage import open_zip
from fooling.errors import FoolingError
from fooling.networks.stand_ins import INERT
from fooling.networks.weight_parts import weight_parts

_FOREIGN = {
    b"version https://git-lfs": "it is the pointer that Git LFS leaves in place of a file; run git lfs pull",
    b"\x1f\x8b": "it is compressed; unpack it (gunzip)",
    b"BZh": "it is compressed; unpack it (bunzip2)",
    b"\xfd7zXZ": "it is compressed; unpack it (unxz)",
    b"\x28\xb5\x2f\xfd": "it is compressed; unpack it (unzstd)",
    b"7z\xbc\xaf": "it is an archive; unpack it and give the file in it",
    b"\x89HDF": "it is an HDF5 file, as Keras writes; convert it to a state dict of PyTorch",
    b"GGUF": "it is a GGUF file; convert it to a state dict of PyTorch",
    b"\x93NUMPY": "it is an array of NumPy",
    b"<": "it is a web page; download the file itself",
}
_OF_EXPORT = ("archive_format", "archive_version", "serialized_exported_program.json")
"""Entries of what torch.export writes."""
_LONGEST_HEADER = 100_000_000
"""Bytes that safetensors gives the header of a file at most."""
_SEARCHED = 20_000_000
"""Bytes of a pickle in which names of modules are looked for."""


def read_checkpoint(path: Path) -> Any:
    """Return what a file of weights holds: tensors in nested tables, and stand-ins for all else.

    Args:
        path: `.pth`, `.pt`, `.bin`, `.safetensors` or any other name, since the content decides; or the index of a
            network that is stored in parts.

    Raises:
        FoolingError: it holds something else, is damaged, or would have to be executed.
    """
    parts = weight_parts(path)
    if parts == [path]:
        return _read(path)
    read: dict[str, Any] = {}
    for part in parts:
        content = _read(part)
        if not isinstance(content, Mapping):
            _refuse(part, "it holds no table of tensors")
        read |= content
    return read


def _read(path: Path) -> Any:
    head, size = _head(path)
    for start, reason in _FOREIGN.items():
        if head.lstrip().startswith(start):
            _refuse(path, reason)
    if size == 0:
        _refuse(path, "it is empty; download or copy it again")
    if head[257:262] == b"ustar":
        _refuse(path, "it is a tar archive; unpack it and give the file in it")
    if path.suffix == ".onnx":
        _refuse(path, "it is an ONNX model; save the state dict of the network it was made from")
    try:
        if zipfile.is_zipfile(path):
            return _read_zip(path)
        if path.suffix == ".safetensors" or head[8:9] == b"{":
            return _read_safetensors(path, head, size)
        return _read_pickle(path)
    except FoolingError:
        raise
    except Exception as error:  # torch raises a dozen kinds on damaged bytes
        raise _refusal(path, _reason(path, head, error)) from error


def _head(path: Path) -> tuple[bytes, int]:
    try:
        with path.open("rb") as file:
            return file.read(512), path.stat().st_size
    except OSError as error:
        raise FoolingError(f"{path} cannot be read ({error.strerror}).") from error


def _read_zip(path: Path) -> Any:
    with zipfile.ZipFile(path) as archive:
        names = archive.namelist()
    if any(name.endswith("constants.pkl") or "/code/" in name for name in names):
        _refuse_program(path, "a TorchScript program", f"torch.jit.load({path.name!r})")
    if any(name.endswith(_OF_EXPORT) for name in names):
        _refuse_program(path, "a program of torch.export", f"torch.export.load({path.name!r}).module()")
    if any(name.endswith(".npy") for name in names):
        _refuse(path, "it is an archive of NumPy; save a state dict of PyTorch")
    if not any(name.endswith("data.pkl") for name in names):
        _refuse(path, "it is a zip archive, but no checkpoint; unpack it and give the file in it")
    with open_zip(path):  # which takes no more room than it should
        return _read_pickle(path)


def _read_pickle(path: Path) -> Any:
    # The file, not its path: by some suffixes torch would choose another reader.
    with warnings.catch_warnings(action="ignore"), torch.serialization.safe_globals(INERT), path.open("rb") as file:
        return torch.load(file, map_location="cpu", weights_only=True)


def _read_safetensors(path: Path, head: bytes, size: int) -> dict[str, Any]:
    header = int.from_bytes(head[:8], "little")
    if header > _LONGEST_HEADER:
        _refuse(path, "it is no safetensors file: its header would take more than 100 MB")
    if header + 8 > size:
        _refuse(path, "it is cut short; download or copy it again")
    return load_file(path)


def _reason(path: Path, head: bytes, error: Exception) -> str:
    text = str(error)
    if "torch.nn.modules." in _pickled(path):
        _refuse_program(path, "a whole pickled network", "network")
    named = re.search(r"GLOBAL ([\w.]+)", text)
    if named:
        return f"it holds {named[1]}, which is no tensor and is not run"
    if head.startswith(b"PK") and not zipfile.is_zipfile(path):
        return "it is cut short; download or copy it again"
    if "MetadataIncompleteBuffer" in text or "incomplete" in text.lower():
        return "it is cut short; download or copy it again"
    return "it is damaged or of another format; download or copy it again"


def _pickled(path: Path) -> str:
    """Return the text in which a checkpoint names its types, as far as it can be had."""
    try:
        if zipfile.is_zipfile(path):
            with open_zip(path) as archive:
                names = [name for name in archive.namelist() if name.endswith("data.pkl")]
                with archive.open(names[0]) as file:
                    return file.read(_SEARCHED).decode("latin-1")
        with path.open("rb") as file:
            return file.read(_SEARCHED).decode("latin-1")
    except (OSError, ValueError, IndexError, zipfile.BadZipFile):
        return ""


def _refusal(path: Path, reason: str) -> FoolingError:
    return FoolingError(f"{path} is no readable file of weights; give a state dict (.pth or .safetensors): {reason}.")


def _refuse(path: Path, reason: str) -> NoReturn:
    raise _refusal(path, reason)


def _refuse_program(path: Path, what: str, network: str) -> NoReturn:
    raise FoolingError(
        f"{path} holds {what}, which is not opened, since that would run its code; where it was made, save its weights "
        f"alone: torch.save({network}.state_dict(), 'weights.pth')."
    )
