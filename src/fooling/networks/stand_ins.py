"""What may stand beside the tensors of a checkpoint, and what is made of it: nothing.

Trainings keep their arguments, dates and scores beside the weights. Each type below is read as a `StandIn`, which
ignores whatever it is given. So not even a constructor of the real type runs; all other types are refused.
"""

from typing import Any


class StandIn:
    """Stands for an object of a checkpoint that is no tensor."""

    def __init__(self, *_ignored: Any, **_also: Any) -> None:
        pass

    def __setstate__(self, _state: Any) -> None:
        """Forget what the object held."""


def _table(*_ignored: Any) -> dict[Any, Any]:
    """Return a plain dict in place of a `defaultdict`."""
    return {}


_NUMPY = [
    *(f"numpy.{core}.multiarray.{name}" for core in ("core", "_core") for name in ("scalar", "_reconstruct")),
    *("numpy.dtype", "numpy.ndarray", "numpy.core.numeric._frombuffer", "numpy._core.numeric._frombuffer"),
    *(f"numpy.{kind}{bits}" for kind in ("int", "uint", "float") for bits in (8, 16, 32, 64)),
    *(f"numpy.{name}" for name in ("bool_", "str_", "bytes_", "longlong", "float128", "complex64", "complex128")),
    *(
        f"numpy.dtypes.{name}DType"
        for name in ("Bool", "Int8", "Int16", "Int32", "Int64", "UInt8", "UInt16", "UInt32", "UInt64", "Float16")
    ),
    *(f"numpy.dtypes.{name}DType" for name in ("Float32", "Float64", "Str", "Bytes", "Object")),
]
_STANDARD = [
    *("argparse.Namespace", "types.SimpleNamespace", "builtins.slice", "builtins.range", "builtins.frozenset"),
    *(f"builtins.{name}" for name in ("int", "float", "str", "bool", "list", "dict", "tuple", "bytes", "object")),
    *(f"pathlib.{name}" for name in ("Path", "PurePath", "PosixPath", "PurePosixPath", "WindowsPath")),
    *("pathlib.PureWindowsPath", "pathlib._local.PosixPath", "pathlib._local.WindowsPath", "pathlib._local.Path"),
    *(f"datetime.{name}" for name in ("datetime", "date", "time", "timedelta", "timezone")),
    *("decimal.Decimal", "fractions.Fraction", "uuid.UUID", "collections.deque", "_codecs.decode"),
]
_TRAININGS = [
    *(f"omegaconf.{name}" for name in ("DictConfig", "ListConfig", "dictconfig.DictConfig", "listconfig.ListConfig")),
    *(f"omegaconf.base.{name}" for name in ("ContainerMetadata", "Metadata", "SCMode", "Container")),
    *(f"omegaconf.nodes.{name}Node" for name in ("Any", "Integer", "Float", "String", "Boolean", "Path", "Enum")),
    *("typing.Any", "yacs.config.CfgNode", "addict.addict.Dict", "easydict.EasyDict"),
    "torch.torch_version.TorchVersion",
    *(
        f"{package}.utilities.parsing.AttributeDict"
        for package in ("pytorch_lightning", "lightning.pytorch", "lightning.fabric", "lightning_fabric")
    ),
    "lightning_fabric.utilities.data.AttributeDict",
    "lightning.fabric.utilities.data.AttributeDict",
]

INERT: list[Any] = [
    *((StandIn, name) for name in (*_NUMPY, *_STANDARD, *_TRAININGS)),
    (_table, "collections.defaultdict"),
]
"""For `torch.serialization.safe_globals`: what each name in a file means."""
