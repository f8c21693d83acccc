"""What a configuration asks for: the figures and tables, and which artifacts each is made of."""

from fooling.errors import FoolingError
from fooling.settings.breeding import BreedingRuns
from fooling.workflow.artifacts import ENCODINGS, Artifacts, Encoding

PAPER = "mnist"
"""The experiment of which the paper's numbered MNIST figures are drawn."""
IMAGENET = "imagenet"
"""The experiment, and the data set, of which the numbered ImageNet figures are drawn."""
CIFAR10 = "cifar10"
"""The data set that stands for natural images where ImageNet's cannot be had."""
ROWS = 5
"""Runs in Figures 4 and 5; Figure S2 shows the further ones."""
MOST_COLUMNS = 20
"""More classes than these do not stand side by side."""
SCALED = (PAPER, IMAGENET)
"""The experiments whose confidence is drawn against evaluations."""
SHEETS = {"s4": "minus_1", "s5": "169", "s6": "188", "s7": "360"}
"""The named set of gradient ascent that each supplementary figure shows."""
TRANSFERRED = ("scores", "transfer")
"""Tables of transfer: every score, and the shares of each pair of networks."""


class Targets(Artifacts):
    """The targets of one configuration."""

    def imagenet_runs(self, encoding: Encoding) -> list[str]:
        """Return the fooling sets of the runs against the first network of the ImageNet experiment.

        Raises:
            FoolingError: the configuration has none.
        """
        seeds = next(iter(self.runs(IMAGENET, encoding).values()), [])
        if not seeds:
            raise FoolingError(
                f"This figure needs {encoding} images that fool an ImageNet network; add runs under "
                f"evolution.{IMAGENET}.{encoding}."
            )
        return self.evolved(IMAGENET, encoding)[: len(seeds)]

    def two_imagenet_runs(self) -> list[str]:
        """Return the first two CPPN runs against the first network of the ImageNet experiment.

        Raises:
            FoolingError: the configuration has fewer.
        """
        runs = self.imagenet_runs("cppn")[:2]
        if len(runs) < 2:
            raise FoolingError(f"Figure 9 compares two runs; list more seeds under evolution.{IMAGENET}.cppn.runs.")
        return runs

    def first_cppn_run(self, experiment: str) -> str:
        """Return the fooling set of the first CPPN run of an experiment.

        Raises:
            FoolingError: it has none.
        """
        runs = self.evolved(experiment, "cppn")
        if not runs:
            raise FoolingError(f"This figure needs a CPPN run; add one under evolution.{experiment}.cppn.")
        return runs[0]

    @property
    def imagenet_sets(self) -> list[str]:
        """Return the named sets of gradient ascent on ImageNet."""
        ascent = self.config.ascent.get(IMAGENET)
        return list(ascent.sets) if ascent else []

    def imagenet_ascent(self, name: str) -> str:
        """Return the fooling set of a named set of gradient ascent against the first network of the experiment.

        Raises:
            FoolingError: the configuration has no such set.
        """
        ascent = self.config.ascent.get(IMAGENET)
        if ascent is None or name not in ascent.sets:
            raise FoolingError(f"This figure needs gradient ascent; add the set {name} under ascent.{IMAGENET}.sets.")
        return f"{self.results}/ascent/{IMAGENET}/{name}/{next(iter(ascent.runs))}/fooling_set.npz"

    def imagenet_network(self, encoding: Encoding) -> str:
        """Return the name of the first network of the ImageNet experiment."""
        return next(iter(self.runs(IMAGENET, encoding)), "")

    def class_confidence_runs(self) -> list[str]:
        """Return every fooling set of evolution on ImageNet."""
        experiments = [name for name in self.evolved_experiments if self.dataset(name) == IMAGENET]
        return [path for name in experiments for e in ENCODINGS for path in self.evolved(name, e)]

    def breeding(self) -> BreedingRuns:
        """Return which logs of breeding are replayed, and the network that judges the pictures.

        Raises:
            FoolingError: the configuration has none.
        """
        if self.config.breeding is None:
            raise FoolingError("Figure 3 shows pictures bred by hand; name their logs and a network under breeding.")
        return self.config.breeding

    def first_chain(self, experiment: str) -> list[str]:
        """Return the fooling sets of the first chain of an experiment, round by round.

        Raises:
            FoolingError: there is no such experiment.
        """
        if experiment not in self.config.retraining:
            raise FoolingError(f"This figure needs retrained networks; add the experiment retraining.{experiment}.")
        settings = self.config.retraining[experiment]
        return self.of_rounds(experiment, settings.networks[0], "fooling_set.npz", range(1, settings.rounds + 1))

    def natural_retraining(self) -> str:
        """Return the experiment that Figure 12 is drawn of: ImageNet's or, without it, the first of CIFAR-10.

        Raises:
            FoolingError: there is none.
        """
        for wanted in (IMAGENET, CIFAR10):
            if wanted in self._retrained_datasets:
                return self._retrained_datasets[wanted]
        raise FoolingError("Figure 12 needs networks of natural images; add the experiment retraining.cifar10.")

    @property
    def _retrained_datasets(self) -> dict[str, str]:
        """The first experiment of retraining on each data set; a head alone is no training on one."""
        first = {name: self.config.retraining[name].networks[0] for name in reversed(self.whole_trained)}
        return {self.config.datasets_of_networks[network]: name for name, network in first.items()}

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
        names |= {
            "figure_01": bool(self.runs(IMAGENET, "direct") and self.runs(IMAGENET, "cppn")),
            "figure_02": bool(self.runs(IMAGENET, "cppn")),
            "figure_03": self.config.breeding is not None,
            "figure_08": IMAGENET in self.config.features,
            "figure_09": IMAGENET in self.config.features and len(self.imagenet_runs("cppn")) > 1,
            "figure_s3": "169" in self.imagenet_sets,
            **{f"figure_{number}": name in self.imagenet_sets for number, name in SHEETS.items()},
            "figure_06": bool(self.runs(IMAGENET, "direct")),
            "figure_07": bool(self.runs(IMAGENET, "cppn")),
            "figure_11": PAPER in self.config.retraining,
            "figure_12": not {IMAGENET, CIFAR10}.isdisjoint(self._retrained_datasets),
            "retraining_sweep": len(self.whole_trained) > 2,
            "figure_10": IMAGENET in self.config.ablation,
            "figure_13": "minus_1" in self.imagenet_sets,
            "figure_14": self.config.plane is not None,
            "scaling_curves": bool(self.histories(SCALED)),
        }
        drawn = [name for name, wanted in names.items() if wanted]
        evolved = self.evolved_experiments
        drawn += [f"elites_{name}" for name in evolved if name != PAPER and self._has_few_classes(name)]
        drawn += [f"confidence_curves_{name}" for name in evolved]
        drawn += [f"ascent_digits_{name}" for name in self.config.ascent if self.dataset(name) == "mnist"]
        drawn += [f"ancestry_{name}" for name in (PAPER, IMAGENET) if self.runs(name, "cppn")]
        drawn += [f"transfer_matrix_{name}" for name in self.config.transfer]
        drawn += [f"recognition_{name}" for name in self.config.retraining]
        drawn += [f"retraining_confidence_{name}" for name in self.head_trained]
        return [f"{self.results}/figures/{name}.{suffix}" for name in drawn for suffix in ("png", "svg")]

    def _has_few_classes(self, experiment: str) -> bool:
        return self.config.classes_of(self._first_network(experiment)) <= MOST_COLUMNS

    @property
    def tables(self) -> list[str]:
        """Every table that the configuration makes the data of, as CSV and HTML."""
        names = ["table_s1"] if PAPER in self.config.transfer else []
        names += ["table_s1_imagenet"] if IMAGENET in self.config.transfer else []
        names += ["table_s2"] if PAPER in self.config.retraining else []
        names += [f"retraining_{name}" for name in self.config.retraining if name != PAPER]
        names += ["class_confidence"] if self.class_confidence_runs() else []
        names += ["siblings"] if IMAGENET in self.config.features else []
        names += ["scaling"] if self.evolved_experiments else []
        names += [f"evolution_{name}" for name in self.evolved_experiments]
        names += [f"goal_switches_{name}" for name in (PAPER, IMAGENET) if name in self.evolved_experiments]
        names += [f"ascent_{name}" for name in self.config.ascent]
        return [f"{self.results}/tables/{name}.{suffix}" for name in names for suffix in ("csv", "html")]

    @property
    def archive(self) -> str:
        """The data set that is made of all fooling sets on demand."""
        return f"{self.results}/dataset/fooling-images-{self.config.name}.tar.gz"

    @property
    def gallery(self) -> list[str]:
        """Return the folder of the gallery, if there is something to show."""
        return [f"{self.results}/gallery"] if self.shown else []

    @property
    def claim_files(self) -> list[str]:
        """The results that the paper's claims are measured in."""
        of_heads = {f"{self.results}/tables/retraining_{name}.csv" for name in self.head_trained}  # no retraining
        files = [path for path in self.tables if path.endswith(".csv") and path not in of_heads]
        files += self.network_files(self.networks)
        for name in (PAPER, IMAGENET):
            for encoding in ENCODINGS:
                files += self.evolved(name, encoding, "history.csv")
                files += self.evolved(name, encoding, "fooling_set.provenance.json")
        files += [f"{self.results}/transfer/{name}/{file}.csv" for name in self.config.transfer for file in TRANSFERRED]
        files += [f"{self.results}/natural/imagenet.csv"] if self.class_confidence_runs() else []
        both = self.runs(IMAGENET, "direct") and self.runs(IMAGENET, "cppn")
        files += [f"{self.results}/tables/examples.csv"] if both else []
        files += [f"{self.results}/tables/diverse_images.csv"] if IMAGENET in self.config.features else []
        files += [f"{self.results}/ablation/{name}.csv" for name in self.config.ablation]
        return [*files, *([f"{self.results}/plane/plane.npz"] if self.config.plane is not None else [])]

    @property
    def claims(self) -> list[str]:
        """The verdicts on the paper's claims, and the list that is there only if the promised ones hold."""
        names = ("tables/claims.csv", "tables/claims.html", "claims/verified.txt")
        return [f"{self.results}/{name}" for name in names]

    @property
    def everything(self) -> list[str]:
        """All results."""
        made = [*self.network_files(self.networks), *self.all_fooling_sets]
        return [*made, *self.figures, *self.tables, *self.gallery, *self.claims]
