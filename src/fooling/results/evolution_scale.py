"""At which scale images were evolved, in words, beside the paper's."""

from collections.abc import Iterable

from fooling.artifacts.origin import KIND_NAMES, EvolutionOrigin, Origin
from fooling.errors import FoolingError
from fooling.results.wording import counted, dataset_name, method_name

_PAPER = {
    ("imagenet", "direct"): "200 \N{MULTIPLICATION SIGN} 20,000, 5 runs, CaffeNet",
    ("imagenet", "cppn"): "400 \N{MULTIPLICATION SIGN} 5,000, 5 runs, CaffeNet",
    ("mnist", "direct"): "200 \N{MULTIPLICATION SIGN} 200, 5 runs",
    ("mnist", "cppn"): "200 \N{MULTIPLICATION SIGN} 200, 5 runs",
}
"""By data set and method: children, generations, runs, and the network where ours is another."""


def paper_scale(dataset: str, method: str) -> str:
    """Return the paper's scale as the end of a sentence; nothing where it has none."""
    paper = _PAPER.get((dataset, method))
    return f"; the paper: {paper}" if paper else ""


def evolution_scale(origins: Iterable[Origin]) -> str:
    """Return words such as `ImageNet, CPPN encoding, 100 children x 60 generations, 3 runs against lite0`.

    Args:
        origins: of the fooling sets, one run each.

    Raises:
        FoolingError: the sets differ in encoding, data set, network or scale, a set is not of evolution, or there is
            none.
    """
    origins = list(origins)
    scales = set()
    for origin in origins:
        if not isinstance(origin, EvolutionOrigin):
            raise FoolingError(f"A fooling set is of {KIND_NAMES[type(origin)]}; give sets that evolution made.")
        scales.add((origin.method, origin.dataset, origin.network, origin.generations, origin.batch))
    if len(scales) != 1:
        raise FoolingError("These runs differ in encoding, network or scale; one figure shows runs of one kind.")
    method, dataset, network, generations, batch = scales.pop()
    return (
        f"{dataset_name(dataset)}, {method_name(method)}, {batch:,} children \N{MULTIPLICATION SIGN} "
        f"{counted(generations, 'generation')}, {counted(len(origins), 'run')} against {network}"
        f"{paper_scale(dataset, method)}"
    )
