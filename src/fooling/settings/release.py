"""Settings of the data set of fooling images that `make dataset` makes."""

from datetime import date

from fooling.settings.base import Probability, Settings, UserPath


class ReleaseSettings(Settings):
    """Which images the data set of fooling images holds, and where and when it was published."""

    least_confidence: Probability = 0.5
    """Only images that fool their network with at least this confidence."""
    url: UserPath | None = None
    """Address of its web page, once it has one; null leaves it out of the description."""
    published: date | None = None
    """Day of its publication (such as 2026-01-31); null leaves it out."""
