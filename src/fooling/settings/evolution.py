"""Settings of evolution: MAP-Elites and the two encodings (paper, section 2.2 and 2.3)."""

from typing import Annotated, Literal

from pydantic import Field, model_validator

from fooling.settings.base import Positive, Probability, Settings
from fooling.settings.runs import Runs

CpuBackend = Literal["torch", "openvino"]


class EvolutionSettings(Settings):
    """MAP-Elites with one cell per class."""

    generations: Positive = 200
    """Generations after the initial population, which is generation 0."""
    batch: Positive = 200
    """Children per generation, and size of the initial population."""
    fitness: Literal["float32", "log"] = "float32"
    """Compare confidences in float32, which saturate at 1 (the paper), or exact log-confidences."""
    precision: Literal["float32", "bfloat16"] = "float32"
    """Of the network while it judges children; bfloat16 is faster. Images are reported by float32 confidences."""
    cpu_backend: CpuBackend = "torch"
    """What runs the network on a CPU while it judges children; openvino is faster for SqueezeNet and Lite0-2."""
    snapshots: list[Annotated[int, Field(ge=0)]] = [0, 10, 50]
    """Generations whose elites are stored beside those of the last one."""

    @model_validator(mode="after")
    def _snapshots_are_generations(self) -> "EvolutionSettings":
        late = [g for g in self.snapshots if g > self.generations]
        if late:
            raise ValueError(f"snapshots: generation {late[0]} lies beyond the last one ({self.generations})")
        return self

    @model_validator(mode="after")
    def _openvino_is_exact(self) -> "EvolutionSettings":
        if self.cpu_backend == "openvino" and self.precision != "float32":
            raise ValueError("cpu_backend: openvino judges in float32 alone; leave precision out, or take torch")
        return self


class DirectSettings(EvolutionSettings):
    """The direct encoding: one gene in [0, 1] per pixel value."""

    mutation_rate: Probability = 0.1
    """Probability that a gene mutates."""
    halving_generations: Annotated[int, Field(ge=0)] = 1000
    """Generations after which the mutation rate halves; 0 never halves (the authors' released code)."""
    mutation_eta: Annotated[float, Field(ge=0)] = 15.0
    """Distribution index of polynomial mutation; larger means smaller steps."""
    crossover_rate: Probability = 0.0
    """Probability that a child has two parents (simulated binary crossover); the released code has 0.5."""
    crossover_eta: Annotated[float, Field(ge=0)] = 10.0
    """Distribution index of that crossover."""


class CppnSettings(EvolutionSettings):
    """The indirect encoding: a compositional pattern-producing network."""

    coordinates: Literal["unit", "pixels"] = "unit"
    """x and y in [-1, 1] (the usual convention) or as pixel indices (the authors' code)."""
    colour: Literal["hsv", "hls"] = "hsv"
    """Colour space of the three outputs of a colour image: HSV (the paper) or HLS (the code)."""
    weight_mutation_rate: Probability = 0.1
    """Probability that a connection's weight mutates."""
    weight_mutation_eta: Annotated[float, Field(ge=0)] = 15.0
    """Distribution index of polynomial mutation, on weights mapped to [0, 1]."""
    function_mutation_rate: Probability = 0.1
    """Probability that a node's activation function is redrawn."""
    add_connection_rate: Probability = 0.5
    """Probability that a child gains a connection."""
    delete_connection_rate: Probability = 0.3
    """Probability that it loses one."""
    add_node_rate: Probability = 0.5
    """Probability that a connection is split by a new node."""
    delete_node_rate: Probability = 0.2
    """Probability that a hidden node goes, with its connections."""
    max_hidden_nodes: Annotated[int, Field(ge=1, le=1000)] = 64
    """Room for hidden nodes; a genome that is full gains none."""
    max_connections: Annotated[int, Field(ge=12, le=10_000)] = 192
    """Room for connections; a genome that is full gains none."""


class DirectRuns(DirectSettings):
    """Direct evolution, and the runs of it."""

    runs: Runs
    """For each network to fool, by name, the seeds of the runs."""


class CppnRuns(CppnSettings):
    """CPPN evolution, and the runs of it."""

    runs: Runs
    """For each network to fool, by name, the seeds of the runs."""


class ExperimentSettings(Settings):
    """The evolution of one experiment: either encoding may be left out."""

    direct: DirectRuns | None = None
    """The direct encoding."""
    cppn: CppnRuns | None = None
    """The CPPN encoding."""
