"""An axis of confidences that tells 1 % from 10 % and 99 % from 99.99 %: the scale of their odds."""

from matplotlib.axes import Axes
from matplotlib.axis import Axis
from matplotlib.ticker import FixedLocator, FuncFormatter, NullLocator

LEAST, MOST = 1e-4, 1 - 1e-6
"""What lies beyond is drawn here."""
_TICKS = (0.0001, 0.001, 0.01, 0.1, 0.5, 0.9, 0.99, 0.999, 0.9999, 0.99999, 0.999999)


def odds_axis(axes: Axes) -> None:
    """Give `axes` a vertical axis of confidences in [0, 1], even in the logarithm of the odds."""
    axes.set_yscale("logit")
    axis: Axis = axes.yaxis
    axis.set_major_locator(FixedLocator(_TICKS))
    axis.set_minor_locator(NullLocator())
    axis.set_major_formatter(FuncFormatter(lambda confidence, _: f"{100 * confidence:.10g}\u2009%"))
    axes.grid(axis="y")
    axes.set_axisbelow(True)
