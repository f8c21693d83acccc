"""What a configuration asks for: networks, fooling sets, figures, tables, the gallery and the verdicts on claims."""

from functools import cached_property

from fooling.workflow.artifacts import ENCODINGS, Artifacts
from fooling.workflow.figures import figures
from fooling.workflow.items import Items
from fooling.workflow.selections import IMAGENET, PAPER
from fooling.workflow.tables import tables


class Targets(Artifacts):
    """The targets of one configuration."""

    @cached_property
    def figure_list(self) -> Items:
        """All figures and what they are drawn from."""
        return figures(self)

    @cached_property
    def table_list(self) -> Items:
        """All tables and what they are made of."""
        return tables(self)

    @property
    def figures(self) -> list[str]:
        """Every figure that is drawn when none is named, as PNG and SVG."""
        names = self.figure_list.made
        return [f"{self.results}/figures/{name}.{suffix}" for name in names for suffix in ("png", "svg")]

    @property
    def tables(self) -> list[str]:
        """Every table that is made when none is named, as CSV and HTML."""
        names = self.table_list.made
        return [f"{self.results}/tables/{name}.{suffix}" for name in names for suffix in ("csv", "html")]

    @property
    def beyond(self) -> list[str]:
        """What goes beyond the paper, on demand: tables and figures of detectors and guards; networks far from data."""
        kinds = {"tables": ("csv", "html"), "figures": ("png", "svg")}
        names = [f"detection_{name}" for name in self.config.detection]
        names += [f"guarded_{name}" for name in self.config.guarded]
        made = [
            f"{self.results}/{folder}/{name}.{suffix}"
            for name in names
            for folder, suffixes in kinds.items()
            for suffix in suffixes
        ]
        far = kinds["figures"] if self.config.plane is not None and self.trained else ()
        return made + [f"{self.results}/figures/far_from_data.{suffix}" for suffix in far]

    @property
    def dataset(self) -> str:
        """The data set that is made of all fooling sets on demand."""
        return f"{self.results}/dataset/fooling-images-{self.config.name}.tar.gz"

    @property
    def gallery(self) -> list[str]:
        """Return the folder of the gallery, if there is something to show."""
        return [f"{self.results}/gallery"] if self.shown else []

    @property
    def claim_files(self) -> list[str]:
        """The results that the paper's claims are measured in."""
        folder = self.results
        of_heads = {f"retraining_{name}" for name in self.head_trained}  # a head alone is no retraining
        drawn, made = set(self.figure_list.made), self.table_list.made
        files = [f"{folder}/tables/{name}.csv" for name in made if name not in of_heads]
        files += self.network_files(self.networks)
        for name in (PAPER, IMAGENET):
            for encoding in ENCODINGS:
                files += self.evolved(name, encoding, "history.csv")
                files += self.evolved(name, encoding, "fooling_set.provenance.json")
        files += [path for name in self.config.transfer for path in self.score_files(name).values()]
        files += [self.natural_scores] if "class_confidence" in made else []
        files += [f"{folder}/ablation/{name}.csv" for name in self.config.ablation]
        files += [f"{folder}/plane/plane.npz"] if "figure_14" in drawn else []
        return files

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
