"""Which files a configuration asks for, by the paths that the rules in `workflow/rules` give them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from fooling.errors import FoolingError
from fooling.settings.config import Config

PAPER = "mnist"
"""The experiment of which the paper's numbered MNIST figures are drawn."""
ROWS = 5
"""Runs in Figures 4 and 5; Figure S2 shows the further ones."""

Encoding = Literal["direct", "cppn"]


@dataclass(frozen=True)
class Targets:
    """The result paths of one configuration."""

    config: Config

    @property
    def results(self) -> str:
        """Folder that everything is written to."""
        return f"results/{self.config.name}"

    @property
    def trained(self) -> list[str]:
        """Names of the networks that are trained."""
        families = self.config.networks.items()
        return [f"{family}-{seed}" for family, settings in families for seed in settings.seeds]

    @property
    def networks(self) -> list[str]:
        """Names of all networks."""
        return [*self.trained, *self.config.pretrained, *self.config.ensembles]

    def network_files(self, names: Sequence[str]) -> list[str]:
        """Return the files of the networks with these names."""
        return [f"{self.results}/networks/{name}.npz" for name in names]

    def experiments(self, encoding: Encoding) -> list[str]:
        """Return the experiments that evolve images in this encoding."""
        return [name for name, settings in self.config.evolution.items() if getattr(settings, encoding)]

    @property
    def evolved_experiments(self) -> list[str]:
        """Return the experiments that evolve images in either encoding."""
        return list(dict.fromkeys([*self.experiments("direct"), *self.experiments("cppn")]))

    def runs(self, experiment: str, encoding: Encoding) -> Mapping[str, Sequence[int]]:
        """Return the seeds of an experiment's runs for each network."""
        settings = getattr(self.config.evolution.get(experiment), encoding, None)
        return settings.runs if settings else {}

    def evolved(self, experiment: str, encoding: Encoding, file: str = "fooling_set.npz") -> list[str]:
        """Return one file of each run, network by network."""
        folder = f"{self.results}/evolution/{experiment}/{encoding}"
        runs = self.runs(experiment, encoding)
        return [f"{folder}/{network}/seed-{seed}/{file}" for network, seeds in runs.items() for seed in seeds]

    def ascended(self, experiment: str) -> list[str]:
        """Return the fooling sets of gradient ascent, set of hyperparameters by set."""
        if experiment not in self.config.ascent:
            return []
        folder = f"{self.results}/ascent/{experiment}"
        ascent = self.config.ascent[experiment]
        return [f"{folder}/{name}/{network}/fooling_set.npz" for name in ascent.sets for network in ascent.runs]

    def fooling_sets(self, experiment: str) -> list[str]:
        """Return every fooling set of an experiment."""
        evolved = [*self.evolved(experiment, "direct"), *self.evolved(experiment, "cppn")]
        return [*evolved, *self.ascended(experiment)]

    def first_rows(self, encoding: Encoding) -> list[str]:
        """Return the rows of Figure 4 or 5: the first runs against the first network.

        Raises:
            FoolingError: the configuration has no such run.
        """
        return self._rows(encoding, slice(ROWS))

    def further_rows(self, encoding: Encoding) -> list[str]:
        """Return the rows of Figure S2: the further runs against the first network.

        Raises:
            FoolingError: the configuration has no such run.
        """
        return self._rows(encoding, slice(ROWS, None))

    def _rows(self, encoding: Encoding, rows: slice) -> list[str]:
        seeds = next(iter(self.runs(PAPER, encoding).values()), [])
        chosen = self.evolved(PAPER, encoding)[: len(seeds)][rows]
        if not chosen:
            raise FoolingError(
                f"This figure needs more than {rows.start or 0} runs against the first network, but the configuration "
                f"has {len(seeds)}; list more seeds under evolution.{PAPER}.{encoding}.runs."
            )
        return chosen

    def compared_networks(self) -> list[str]:
        """Return the names of the two networks of Figure S1.

        Raises:
            FoolingError: the configuration scores the images on fewer than two networks.
        """
        networks = self.config.transfer[PAPER].networks if PAPER in self.config.transfer else []
        if len(networks) < 2:
            raise FoolingError(f"Figure S1 compares two networks; list at least two under transfer.{PAPER}.networks.")
        return networks[:2]

    @property
    def figures(self) -> list[str]:
        """Every figure that the configuration makes the data of, as PNG and SVG."""
        direct, cppn = self.runs(PAPER, "direct"), self.runs(PAPER, "cppn")
        names = {
            "figure_04": bool(direct),
            "figure_05": bool(cppn),
            "figure_s1": PAPER in self.config.transfer and len(self.config.transfer[PAPER].networks) > 1,
            "figure_s2": bool(cppn) and len(next(iter(cppn.values()))) > ROWS,
        }
        drawn = [name for name, wanted in names.items() if wanted]
        drawn += [f"elites_{name}" for name in self.evolved_experiments if name != PAPER]
        drawn += [f"confidence_curves_{name}" for name in self.evolved_experiments]
        drawn += [f"ascent_digits_{name}" for name in self.config.ascent]
        drawn += [f"transfer_matrix_{name}" for name in self.config.transfer]
        return [f"{self.results}/figures/{name}.{suffix}" for name in drawn for suffix in ("png", "svg")]

    @property
    def tables(self) -> list[str]:
        """Every table that the configuration makes the data of, as CSV and HTML."""
        names = ["table_s1"] if PAPER in self.config.transfer else []
        names += [f"evolution_{name}" for name in self.evolved_experiments]
        return [f"{self.results}/tables/{name}.{suffix}" for name in names for suffix in ("csv", "html")]

    @property
    def everything(self) -> list[str]:
        """All results."""
        experiments = dict.fromkeys([*self.config.evolution, *self.config.ascent])
        fooling_sets = [path for name in experiments for path in self.fooling_sets(name)]
        return [*self.network_files(self.networks), *fooling_sets, *self.figures, *self.tables]
