"""Patterns of wildcards."""

from collections.abc import Iterable


def one_of(names: Iterable[str]) -> str:
    """Return the pattern of a wildcard that is one of the names; Snakemake takes an empty pattern for none at all."""
    return "|".join(names) or "(?!)"
