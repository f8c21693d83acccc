"""How each claim of the paper is measured in a run's tables, read from workflow/claims.yaml."""

import re
from pathlib import Path
from typing import Annotated, Any, Literal

import yaml
from pydantic import Field, ValidationError

from fooling.errors import FoolingError
from fooling.settings.base import Settings, sentences


class Above(Settings):
    """A condition on a number."""

    above: float


Condition = str | float | list[str] | Above
"""What a column must be: a text, a number, one of several texts, or above a number."""


class Rows(Settings):
    """Some rows of a table."""

    table: str
    """Path below the results folder; a name in braces stands for any part of it and becomes a column."""
    where: dict[str, Condition] = {}
    """What the columns of a row must be."""
    differ: tuple[str, str] | None = None
    """Two columns that must differ."""


class Scale(Rows):
    """What a run must have done before a claim can be compared with it."""

    needs: dict[str, float | list[str]]
    """By column: the least number that rows must have, or the texts that they may have."""
    rows: Literal["every", "some"] = "every"
    """Whether each row must have that."""


class Other(Settings):
    """What a measure is set against: the same one but for these keys."""

    where: dict[str, Condition] = {}
    """Conditions in place of, or beside, those of the measure."""
    column: str | None = None
    """Another column."""


class Until(Settings):
    """A level that a column has to reach."""

    column: str
    reaches: float


class Measure(Rows):
    """A number from a table."""

    ours: str
    """What is measured, as the subject of a sentence."""
    scale: list[str] = []
    """Names of the scales that the run must have."""
    column: str | None = None
    """The column that is measured; without one, rows are counted."""
    statistic: Literal["median", "mean", "lowest", "highest"] = "median"
    """How its values become one number."""
    until: Until | None = None
    """Take of each file the first row in which a column reaches a level; infinity if none does."""
    last_shared: str | None = None
    """Take the rows with the largest value of this column that both sides of a comparison have."""
    less: Other | None = None
    """Subtract another number."""
    over: Other | None = None
    """Divide by another number."""
    factor: float = 1
    """From the table's unit to that of the paper."""


class Rules(Settings):
    """The scales, and the measure of each claim by its name; a name in angle brackets stands for digits."""

    scales: dict[str, Scale]
    claims: Annotated[dict[str, Measure], Field(min_length=1)]
    unmeasured: dict[str, str] = {}
    """Why a claim has no measure, in a sentence."""

    def measure(self, claim: str) -> Measure | None:
        """Return the measure of a claim; None if the workflow has none."""
        if claim in self.claims:
            return self.claims[claim]
        for name, measure in self.claims.items():
            pattern = re.sub(r"<(\w+)>", r"(?P<\1>[0-9]+)", name)
            if pattern != name and (found := re.fullmatch(pattern, claim)):
                numbers = {f"<{key}>": float(digits) for key, digits in found.groupdict().items()}
                where = {
                    column: numbers.get(value, value) if isinstance(value, str) else value
                    for column, value in measure.where.items()
                }
                return measure.model_copy(update={"where": where})
        return None


def read_rules(path: Path) -> Rules:
    """Read the rules.

    Raises:
        FoolingError: the file is missing or no YAML, a key is wrong, or a claim needs a scale that is not there.
    """
    try:
        values: Any = yaml.safe_load(path.read_text(encoding="utf-8"))
        rules = Rules.model_validate(values)
    except ValidationError as error:
        raise FoolingError("\n  ".join([f"{path} has mistakes:", *sentences(error)])) from error
    except (OSError, ValueError, yaml.YAMLError) as error:
        raise FoolingError(f"{path} cannot be read ({error}).") from error
    for name, measure in rules.claims.items():
        unknown = sorted(set(measure.scale) - set(rules.scales))
        if unknown:
            raise FoolingError(f"{path}: {name} needs the scale {unknown[0]}, which is not described under scales.")
    return rules
