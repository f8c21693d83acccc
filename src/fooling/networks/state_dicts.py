"""The state dicts in a checkpoint: found wherever they lie, and their names without what wraps them."""

from collections.abc import Collection, Iterator, Mapping
from typing import Any

from torch import Tensor

StateDict = dict[str, Tensor]

_DEEPEST, _MOST = 6, 2000
_WRAPPERS = {"_orig_mod", "module", "_fsdp_wrapped_module", "_checkpoint_wrapped_module", "_forward_module"}
"""What compiling, data parallelism, sharding and checkpointing put into the names of weights."""
_BOOKKEEPING = {
    *("total_ops", "total_params", "n_averaged", "num_updates", "decay", "num_batches_tracked", "__flops__"),
    *("_extra_state", "_float_tensor", "relative_position_index", "attn_mask", "position_ids", "_metadata"),
    *("epoch", "step", "global_step", "best_acc1"),
}
"""Last parts of the names of tensors that count or restate; no answer of a network depends on them."""


def is_bookkeeping(name: str) -> bool:
    """Tell whether a tensor of this name is no weight; only to be asked of names that the network does not have."""
    return name.rpartition(".")[2] in _BOOKKEEPING


def state_dicts(content: Any) -> dict[str, StateDict]:
    """Return the tables of tensors in a checkpoint, by the keys that lead to them, joined by dots.

    Whatever is no tensor is left out; a table at the top has the key `.`.
    """
    return dict(_tables(content, "", _DEEPEST))


def _tables(content: Any, key: str, depth: int) -> Iterator[tuple[str, StateDict]]:
    if not isinstance(content, Mapping) or depth == 0:
        return
    named = {name: value for name, value in content.items() if isinstance(name, str)}
    tensors = {name: value for name, value in named.items() if isinstance(value, Tensor)}
    if tensors:
        yield key or ".", tensors
    for name, value in list(named.items())[:_MOST]:
        yield from _tables(value, f"{key}.{name}" if key else name, depth - 1)


def readings(key: str, weights: StateDict, known: Collection[str]) -> Iterator[tuple[str, StateDict]]:
    """Yield the ways in which a table may be meant for a network, the likeliest first.

    Args:
        key: of the table.
        weights: the table.
        known: the names of the network's own weights.
    """
    weights = _unwrapped(weights, known)
    yield key, weights
    yield from _peeled(key, weights)
    yield from _members(key, weights, depth=2)


def _unwrapped(weights: StateDict, known: Collection[str]) -> StateDict:
    """Return the weights without wrappers in their names, unless the network's own names have them."""
    wrappers = _WRAPPERS - {part for name in known for part in name.split(".")}
    plain = {".".join(part for part in name.split(".") if part not in wrappers): name for name in weights}
    return {new: weights[old] for new, old in plain.items()} if len(plain) == len(weights) else weights


def _peeled(key: str, weights: StateDict) -> Iterator[tuple[str, StateDict]]:
    """Yield the weights without the prefix that all their names share, again and again."""
    while (prefix := _common_prefix(weights)) is not None:
        weights = {name.removeprefix(prefix): value for name, value in weights.items()}
        yield key, weights


def _common_prefix(weights: StateDict) -> str | None:
    first = {name.partition(".")[:2] for name in weights if not (is_bookkeeping(name) and "." not in name)}
    prefix = "".join(first.pop()) if len(first) == 1 else ""
    return prefix if prefix.endswith(".") else None


def _members(key: str, weights: StateDict, depth: int) -> Iterator[tuple[str, StateDict]]:
    """Yield the parts of a larger whole, such as `student` and `teacher`, each by its own names."""
    for _, peeled in _peeled(key, weights):
        weights = peeled
    parts: dict[str, StateDict] = {}
    for name, value in weights.items():
        first, dot, rest = name.partition(".")
        if dot:
            parts.setdefault(first, {})[rest] = value
    if len(parts) == 1 and len(next(iter(parts.values()))) == len(weights):
        return
    for first, part in parts.items():
        inner = first if key == "." else f"{key}.{first}"
        yield inner, part
        yield from _peeled(inner, part)
        if depth > 1:
            yield from _members(inner, part, depth - 1)
