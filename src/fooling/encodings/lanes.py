"""Many pixels as one number inside compiled kernels: a type of numba's that holds a float32 for each of `LANES` pixels.

An activation is a long chain of operations, each of which waits for the one before. A loop over pixels carries one
vector at a time through it, and the processor waits too; these numbers carry several at once. Every lane sees the
same single float32 operations as a number by itself.
"""

import itertools
import operator
from collections.abc import Callable, Iterable
from typing import Any

import numpy as np
from llvmlite import ir
from numba import types
from numba.core.cgutils import get_or_insert_function, pack_array
from numba.extending import intrinsic, lower_builtin, models, register_model, type_callable

from fooling.encodings.activations import flipped_if_odd

WIDTH = 8
"""Lanes of one vector, as of AVX2."""
VECTORS = 7
"""Vectors that the sixteen registers of AVX2 carry through an activation, each with what its polynomial is of."""
LANES = WIDTH * VECTORS

_FLOATS = ir.VectorType(ir.FloatType(), WIDTH)
_INTEGERS = ir.VectorType(ir.IntType(32), WIDTH)


class _Lanes(types.Type):  # type: ignore[misc]
    pass


_LANES = _Lanes("lanes")


@register_model(_Lanes)
class _Model(models.PrimitiveModel):  # type: ignore[misc]
    def __init__(self, manager: Any, kind: types.Type) -> None:
        super().__init__(manager, kind, ir.ArrayType(_FLOATS, VECTORS))


def _lanes(builder: Any, vectors: Iterable[Any]) -> Any:
    return pack_array(builder, list(vectors), _FLOATS)


def _vectors(builder: Any, number: Any) -> list[Any]:
    """Return the vectors of lanes, or of a float32 in all lanes."""
    if number.type != ir.FloatType():
        return [builder.extract_value(number, index) for index in range(VECTORS)]
    first = builder.insert_element(ir.Constant(_FLOATS, ir.Undefined), number, ir.IntType(32)(0))
    return [builder.shuffle_vector(first, first, _integers(0))] * VECTORS


def _integers(value: int) -> Any:
    return ir.Constant(_INTEGERS, [value] * WIDTH)


def _define(function: Callable[..., Any], operands: int, build: Callable[..., Any]) -> None:
    """Let compiled code call `function` with lanes, mixed with float32; `build` makes the instructions for a vector."""

    def lower(_context: Any, builder: Any, _signature: Any, numbers: Any) -> Any:
        vectors = zip(*(_vectors(builder, number) for number in numbers), strict=True)
        return _lanes(builder, (build(builder, *operands) for operands in vectors))

    if operands == 1:
        type_callable(function)(lambda _: lambda p: _LANES if p is _LANES else None)
    else:
        type_callable(function)(lambda _: lambda p, q: _LANES if _LANES in (p, q) else None)
    for kinds in itertools.product((_LANES, types.float32), repeat=operands):
        if _LANES in kinds:
            lower_builtin(function, *kinds)(lower)


def _llvm(name: str) -> Callable[..., Any]:
    def build(builder: Any, *vectors: Any) -> Any:
        kind = ir.FunctionType(_FLOATS, [_FLOATS] * len(vectors))
        return builder.call(get_or_insert_function(builder.module, kind, f"llvm.{name}.v{WIDTH}f32"), vectors)

    return build


def _selected(comparison: str) -> Callable[..., Any]:
    return lambda builder, p, q: builder.select(builder.fcmp_ordered(comparison, p, q), p, q)


def _flipped_if_odd(builder: Any, y: Any, turns: Any) -> Any:
    sign = builder.shl(builder.fptosi(turns, _INTEGERS), _integers(31))
    return builder.bitcast(builder.xor(builder.bitcast(y, _INTEGERS), sign), _FLOATS)


_define(operator.add, 2, lambda builder, p, q: builder.fadd(p, q))
_define(operator.sub, 2, lambda builder, p, q: builder.fsub(p, q))
_define(operator.mul, 2, lambda builder, p, q: builder.fmul(p, q))
_define(operator.truediv, 2, lambda builder, p, q: builder.fdiv(p, q))
_define(np.minimum, 2, _selected("<"))
_define(np.maximum, 2, _selected(">"))
_define(np.floor, 1, _llvm("floor"))
_define(np.abs, 1, _llvm("fabs"))
_define(np.copysign, 2, _llvm("copysign"))
_define(flipped_if_odd, 2, _flipped_if_odd)


def _addresses(context: Any, builder: Any, array_type: Any, array: Any, position: Any) -> list[Any]:
    begin = context.make_array(array_type)(context, builder, array).data
    offsets = (builder.add(position, position.type(index * WIDTH)) for index in range(VECTORS))
    return [builder.bitcast(builder.gep(begin, [offset]), _FLOATS.as_pointer()) for offset in offsets]


@intrinsic
def lanes_of(_context, number):  # type: ignore[no-untyped-def] # noqa: ANN001, ANN201
    """Return lanes that all hold the same float32."""
    return _LANES(number), lambda _, builder, __, numbers: _lanes(builder, _vectors(builder, numbers[0]))


@intrinsic
def load(_context, array, position):  # type: ignore[no-untyped-def] # noqa: ANN001, ANN201, ARG001
    """Return the lanes that stand in a float32 (N,) array from `position` on."""

    def build(context: Any, builder: Any, signature: Any, values: Any) -> Any:
        addresses = _addresses(context, builder, signature.args[0], *values)
        return _lanes(builder, (builder.load(address, align=4) for address in addresses))

    return _LANES(array, types.intp), build


@intrinsic
def store(_context, array, position, lanes):  # type: ignore[no-untyped-def] # noqa: ANN001, ANN201, ARG001
    """Put lanes into a float32 (N,) array, from `position` on."""

    def build(context: Any, builder: Any, signature: Any, values: Any) -> Any:
        array, position, lanes = values
        addresses = _addresses(context, builder, signature.args[0], array, position)
        for address, vector in zip(addresses, _vectors(builder, lanes), strict=True):
            builder.store(vector, address, align=4)
        return context.get_dummy_value()

    return types.void(array, types.intp, lanes), build
