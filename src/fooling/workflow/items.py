"""Figures and tables by name: what each is made of, or the reason why a configuration has no data for it."""

from collections.abc import Callable, Mapping
from typing import TypeAlias

from fooling.errors import FoolingError
from fooling.workflow.mistakes import or_exit

Inputs: TypeAlias = dict[str, list[str]]
"""The files that a figure or table is made of, by the names under which its rule uses them."""


class Items:
    """A list of figures or tables, in order."""

    def __init__(self) -> None:
        self._inputs: dict[str, Inputs | FoolingError] = {}  # or why there are none
        self._default: list[str] = []

    def add(self, name: str, inputs: Inputs, *, default: bool = True) -> None:
        """Add an item that is made of `inputs`.

        Args:
            name: of its files, without their suffix.
            inputs: what it is made of.
            default: whether it is made when no item is named; others are made when a user asks for them.
        """
        self._inputs[name] = inputs
        self._default += [name] if default else []

    def add_if_found(self, name: str, find: Callable[[], Inputs], *, default: bool = True) -> None:
        """Add an item whose inputs `find` returns, or a `FoolingError` that says what the configuration lacks."""
        try:
            self.add(name, find(), default=default)
        except FoolingError as error:
            self._inputs[name] = error

    @property
    def made(self) -> list[str]:
        """The items that are made when none is named."""
        return list(self._default)

    def inputs(self, name: str) -> Inputs:
        """Return what an item is made of.

        Raises:
            FoolingError: the configuration has no data for it; the sentence says what to add.
        """
        found = self._inputs[name]
        if isinstance(found, FoolingError):
            raise found
        return found

    def inputs_of(self, pattern: str) -> Callable[[Mapping[str, str]], Inputs]:
        """Return the same as an input function of a rule, which ends Snakemake with that sentence.

        Args:
            pattern: the item's name, with the wildcards of the rule in braces.
        """

        def inputs(wildcards: Mapping[str, str]) -> Inputs:
            return or_exit(self.inputs, pattern.format(**dict(wildcards.items())))

        return inputs
