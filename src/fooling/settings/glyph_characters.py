"""The thousand Chinese characters that are the classes of the data set of glyphs."""

_FIRST_ROW, _ROWS, _COLUMNS = 0xB0, 40, 94
_LEVEL_1 = 3755
_STRIDE = 2321
"""About 3755 divided by the golden ratio, and without a common divisor with it."""


def _level_1() -> str:
    """Return GB 2312's level 1, the 3755 characters in most use, in its order: by their sound in Pinyin."""
    cells = bytes(
        byte
        for row in range(_FIRST_ROW, _FIRST_ROW + _ROWS)
        for column in range(_COLUMNS)
        for byte in (row, 0xA1 + column)
    )
    return cells[: 2 * _LEVEL_1].decode("gb2312")


def _spread(characters: str, count: int) -> str:
    # Neighbours sound alike, and many that sound alike look alike. In steps of the golden ratio the first classes are
    # spread evenly, however many there are, so that ten are not more alike than a thousand.
    return "".join(characters[_STRIDE * number % len(characters)] for number in range(count))


CHARACTERS = _spread(_level_1(), 1000)
"""One for each class: the characters number 0, 2321, 4642, … of GB 2312's level 1, counted round and round."""
