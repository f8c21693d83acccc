"""Settings of the small classifier of points in the plane (paper, section 5 and Figure 14)."""

from typing import Annotated

from pydantic import Field

from fooling.settings.base import Positive, Seed, Settings


class PlaneSettings(Settings):
    """Points of three classes, a network that tells them apart, and the square in which both are looked at."""

    points_per_class: Annotated[int, Field(ge=10)] = 200
    """Training points of each class; as many again test the network."""
    hidden_units: Positive = 32
    """Units in each of the network's two hidden layers."""
    iterations: Positive = 1000
    """Steps of Adam on all training points."""
    learning_rate: Annotated[float, Field(gt=0)] = 0.01
    """Learning rate of Adam."""
    reach: Annotated[float, Field(gt=0)] = 12.0
    """Half of the side of the square that is shown; the points lie within about 3 of its centre."""
    grid: Annotated[int, Field(ge=11)] = 241
    """Places along a side of the square at which both models are evaluated."""
    mass: Annotated[float, Field(gt=0, lt=1)] = 0.999
    """Share of all points that the generative model expects in the region where its density is highest."""
    seed: Seed = 0
    """Seed of the points, of the network, and of the draws that look for a fooling point."""
