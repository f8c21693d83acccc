"""Which of a checkpoint's state dicts is a network's, and whether its numbers are sound."""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NoReturn

import torch
from torch import Tensor, nn

from fooling.errors import FoolingError
from fooling.networks.state_dicts import StateDict, is_bookkeeping, readings, state_dicts
from fooling.settings.pretrained import PretrainedSettings

_TRAINING_HEADS = ("aux1.", "aux2.", "AuxLogits.")
"""Of heads that only training uses."""
_NAMED = 3
"""How many names a sentence lists at most."""
log = logging.getLogger(__name__)


@dataclass(frozen=True)
class _Reading:
    """One way to read a table of tensors, beside what the network has."""

    key: str
    weights: StateDict
    lacking: list[str]
    foreign: list[str]
    misshapen: list[str]
    passed: list[str]

    @property
    def fits(self) -> bool:
        return not (self.lacking or self.foreign or self.misshapen)

    @property
    def shared(self) -> int:
        """How many names the table and the network share."""
        return len(self.weights) - len(self.foreign)


def fit_weights(network: nn.Module, content: Any, settings: PretrainedSettings) -> StateDict:
    """Return the weights of `network` that a checkpoint holds, float32 where they are real numbers.

    Args:
        network: may be on the `meta` device.
        content: what `read_checkpoint` returns.
        settings: the file's name, the architecture and the number of classes; `weights_key` chooses among several.

    Raises:
        FoolingError: there are none, or several and `weights_key` does not choose; or numbers are not finite.
    """
    source = settings.weights or "The published file"
    tables = state_dicts(content)
    if not tables:
        _refuse_table(source, _description(content))
    known = network.state_dict()
    found = [reading for key, table in tables.items() for reading in _read(key, table, known)]
    if settings.weights_key is not None:
        found = _chosen(found, settings.weights_key, source)
    fitting = _distinct([reading for reading in found if reading.fits])
    if len(fitting) > 1:
        keys = ", ".join(reading.key for reading in fitting)
        raise FoolingError(f"{source} holds several networks that fit ({keys}); set weights_key to one of them.")
    best = fitting[0] if fitting else max(found, key=lambda reading: reading.shared)
    _check_kinds(best, source)
    if not best.fits:
        _refuse(best, known, source, settings)
    if best.passed:
        log.info("%s: passed over %s, on which nothing depends.", source, _list(best.passed))
    log.info("%s: took the weights from %s.", source, "the file's top" if best.key == "." else best.key)
    return _sound(best, known, source)


def _read(key: str, table: StateDict, known: Mapping[str, Tensor]) -> list[_Reading]:
    """Return the first reading that fits, or all that do not and those parts that do."""
    found = []
    for inner, weights in readings(key, table, known):
        reading = _compare(inner, weights, known)
        found.append(reading)
        if reading.fits and inner == key:  # parts of it are no other networks
            return [reading]
    return found


def _compare(key: str, weights: StateDict, known: Mapping[str, Tensor]) -> _Reading:
    passed = [
        name for name in weights if name not in known and (is_bookkeeping(name) or name.startswith(_TRAINING_HEADS))
    ]
    used = {name: value for name, value in weights.items() if name not in set(passed)}
    # Old files lack these counters, which evaluation does not use.
    lacking = [name for name in known if name not in used and not name.endswith("num_batches_tracked")]
    foreign = [name for name in used if name not in known]
    misshapen = [name for name in known if name in used and used[name].shape != known[name].shape]
    return _Reading(key, used, lacking, foreign, misshapen, passed)


def _chosen(found: Sequence[_Reading], key: str, source: str) -> list[_Reading]:
    chosen = [reading for reading in found if reading.key == key]
    chosen = chosen or [reading for reading in found if reading.key.startswith(f"{key}.")]
    if not chosen:
        keys = _list(list(dict.fromkeys(reading.key for reading in found)), most=8)
        raise FoolingError(f"weights_key: {source} has no weights under {key}; it has {keys}.")
    return chosen


def _distinct(readings: Sequence[_Reading]) -> list[_Reading]:
    """Return the readings without those whose numbers another one has too."""
    kept: list[_Reading] = []
    for reading in readings:
        if not any(_same(reading.weights, other.weights) for other in kept):
            kept.append(reading)
    return kept


def _same(one: StateDict, other: StateDict) -> bool:
    if one.keys() != other.keys():
        return False
    return all(value is other[name] or torch.equal(value, other[name]) for name, value in one.items())


def _check_kinds(reading: _Reading, source: str) -> None:
    if any("_packed_params" in name for name in reading.weights):
        _refuse_table(source, "it is of a quantised network; save the state dict of the network before that")
    for name, value in reading.weights.items():
        kind = _odd_kind(value)
        if kind:
            _refuse_table(source, f"{name} is {kind}")


def _odd_kind(value: Tensor) -> str | None:
    """Return what keeps a tensor from being dense real numbers in memory."""
    if value.is_quantized:
        return "quantised; save the state dict of the network before that"
    if value.is_complex():
        return "complex; networks here have real weights"
    if value.layout != torch.strided:
        return "sparse; save value.to_dense()"
    if value.device.type != "cpu":
        return f"on the device {value.device.type}, without its numbers; save the network once its weights are loaded"
    return None


def _sound(reading: _Reading, known: Mapping[str, Tensor], source: str) -> StateDict:
    """Return the weights in the network's own kind of numbers."""
    real = {name for name in reading.weights if known[name].is_floating_point()}
    whole = [name for name in reading.weights if name in real and not reading.weights[name].is_floating_point()]
    if whole:
        kind = _dtype(reading.weights[whole[0]])
        raise FoolingError(
            f"{source} has whole numbers ({kind}) in {_list(whole)}, where this network has real numbers; it is "
            "quantised: save the state dict of the network before that."
        )
    kinds = sorted({_dtype(reading.weights[name]) for name in real} - {"float32"})
    if kinds:
        log.info("%s: its numbers are %s; they are converted to float32.", source, " and ".join(kinds))
    sound = {name: value.to(torch.float32) if name in real else value for name, value in reading.weights.items()}
    broken = [name for name, value in sound.items() if name in real and not _is_finite(value)]
    if broken:
        raise FoolingError(
            f"{source} has numbers that are not finite (NaN or infinity) in {_list(broken)}; take a file from before "
            "its training failed."
        )
    return sound


def _is_finite(value: Tensor) -> bool:
    # One pass without a table of the same size; NaN is passed on.
    return value.numel() == 0 or all(bool(bound.isfinite()) for bound in value.aminmax())


def _dtype(value: Tensor) -> str:
    return str(value.dtype).removeprefix("torch.")


def _refuse(reading: _Reading, known: Mapping[str, Tensor], source: str, settings: PretrainedSettings) -> NoReturn:
    another = f"{source} holds weights of another network than {settings.architecture}"
    if reading.lacking or reading.foreign:
        wrong = [f"lacks {_list(reading.lacking)}"] * bool(reading.lacking)
        wrong += [f"has {_list(reading.foreign)}"] * bool(reading.foreign)
        raise FoolingError(f"{another}: it {' and '.join(wrong)}.{_advice(reading, source)}")
    heads = [name for name in reading.misshapen if _differs_in_classes(reading.weights[name], known[name], settings)]
    if heads == reading.misshapen:
        given = reading.weights[heads[0]].shape[0]
        raise FoolingError(f"{source} has {given} classes, but classes is {settings.classes}; make them equal.")
    name = next(name for name in reading.misshapen if name not in heads)
    advice = " It was trained on inputs of another size; set input_size to that." * ("pos" in name)
    raise FoolingError(
        f"{another}: {name} has the shape {tuple(reading.weights[name].shape)} instead of {tuple(known[name].shape)}."
        f"{advice}"
    )


def _differs_in_classes(given: Tensor, known: Tensor, settings: PretrainedSettings) -> bool:
    return known.shape[:1] == (settings.classes,) and given.dim() == known.dim() and given.shape[1:] == known.shape[1:]


def _advice(reading: _Reading, source: str) -> str:
    if "-of-" in source and not reading.foreign:
        return " It is one part of several; give the index that lists them (.index.json)."
    return ""


def _refuse_table(source: str, reason: str) -> NoReturn:
    raise FoolingError(
        f"{source} holds no state dict of plain tensors: {reason}; save your network's with "
        "torch.save(network.state_dict(), …)."
    )


def _description(content: Any) -> str:
    if isinstance(content, Tensor):
        return f"it holds one tensor of the shape {tuple(content.shape)}"
    if not isinstance(content, Mapping):
        return f"it holds a {type(content).__name__}"
    if not content:
        return "it holds an empty table"
    if not all(isinstance(key, str) for key in content):
        return "its keys are no text"
    return f"it holds {_list(list(content))}, but no tensors"


def _list(names: Sequence[str], most: int = _NAMED) -> str:
    rest = len(names) - most
    shown = ", ".join(name if len(name) <= 100 else f"{name[:100]}…" for name in names[:most])
    return f"{shown} and {rest} more" if rest > 0 else shown
