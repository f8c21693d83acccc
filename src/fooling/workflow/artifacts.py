"""Where a configuration's results lie, by the paths that the rules in `workflow/rules` give them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Literal

from fooling.networks.weight_parts import weight_parts
from fooling.settings.config import Config
from fooling.settings.detection import UNGUARDED
from fooling.settings.network import Network
from fooling.settings.training import NetworkSettings

Encoding = Literal["direct", "cppn"]
ENCODINGS: tuple[Encoding, ...] = ("direct", "cppn")


def beside(paths: Iterable[str], name: str) -> list[str]:
    """Return the files of this name in the folders of `paths`."""
    return [str(Path(path).with_name(name)) for path in paths]


@dataclass(frozen=True)
class Artifacts:
    """The artifacts of one configuration: its networks, fooling sets and what is measured on them."""

    config: Config

    @property
    def results(self) -> str:
        """Folder that everything is written to."""
        return f"results/{self.config.name}"

    @cached_property
    def networks(self) -> dict[str, Network]:
        """All networks, by name."""
        return self.config.all_networks

    @property
    def trained(self) -> list[str]:
        """Names of the networks that are trained here."""
        return [name for name, network in self.networks.items() if network.trained_here]

    def network_files(self, names: Iterable[str]) -> list[str]:
        """Return the files of the networks with these names."""
        return [f"{self.results}/networks/{name}.npz" for name in names]

    def family(self, network: str) -> NetworkSettings:
        """Return how a network that is trained here is trained."""
        family = self.networks[network].family
        assert family is not None, f"{network} is not trained here"
        return self.config.networks[family]

    def weight_files(self, network: str) -> list[str]:
        """Return the files of the user's that a pretrained network is made of."""
        settings = self.config.pretrained[network]
        weights = [] if settings.weights is None else [settings.weights]
        parts = [str(part) for file in weights for part in weight_parts(Path(file)) if part != Path(file)]
        return [*weights, *parts, *([] if settings.labels is None else [settings.labels])]

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

    def all_evolved(self, experiment: str) -> list[str]:
        """Return the fooling sets of all runs of an experiment, by encoding."""
        return [path for encoding in ENCODINGS for path in self.evolved(experiment, encoding)]

    def histories(self, experiments: Sequence[str]) -> dict[tuple[str, Encoding], list[str]]:
        """Return the histories of all runs, by experiment and encoding."""
        found = {(name, e): self.evolved(name, e, "history.csv") for name in experiments for e in ENCODINGS}
        return {group: paths for group, paths in found.items() if paths}

    def guarded(self, experiment: str, encoding: Encoding, detector: str, file: str = "fooling_set.npz") -> list[str]:
        """Return one file of each run of an experiment against guarded networks, in the order of `evolved`."""
        folder = f"{self.results}/guarded/{experiment}/{detector}/{encoding}"
        runs = self.runs(experiment, encoding)
        return [f"{folder}/{network}/seed-{seed}/{file}" for network, seeds in runs.items() for seed in seeds]

    def all_guarded(self, experiment: str) -> list[str]:
        """Return the fooling sets of an experiment that were made against guarded networks."""
        guards = self.config.guarded[experiment].detectors if experiment in self.config.guarded else []
        return [
            path for guard in guards for encoding in ENCODINGS for path in self.guarded(experiment, encoding, guard)
        ]

    def guarded_histories(self, experiment: str) -> dict[tuple[str, Encoding], list[str]]:
        """Return the histories of an experiment's runs by guard (`UNGUARDED` without one) and encoding."""
        found: dict[tuple[str, Encoding], list[str]] = {}
        for encoding in (one for one in ENCODINGS if self.runs(experiment, one)):
            found[UNGUARDED, encoding] = self.evolved(experiment, encoding, "history.csv")
            for guard in self.config.guarded[experiment].detectors:
                found[guard, encoding] = self.guarded(experiment, encoding, guard, "history.csv")
        return found

    def guarded_inputs(self, experiment: str) -> dict[str, list[str]]:
        """Return what the table and the curves of an experiment's guards are made of."""
        return {"histories": [path for paths in self.guarded_histories(experiment).values() for path in paths]}

    def ascended(self, experiment: str) -> list[str]:
        """Return the fooling sets of gradient ascent, set of hyperparameters by set."""
        if experiment not in self.config.ascent:
            return []
        folder = f"{self.results}/ascent/{experiment}"
        ascent = self.config.ascent[experiment]
        return [f"{folder}/{name}/{network}/fooling_set.npz" for name in ascent.sets for network in ascent.runs]

    def first_network(self, experiment: str) -> Network | None:
        """Return the first network that an experiment fools; None if it fools none."""
        runs = [self.runs(experiment, "direct"), self.runs(experiment, "cppn")]
        if experiment in self.config.ascent:
            runs.append(self.config.ascent[experiment].runs)
        return next((self.networks[name] for of_method in runs for name in of_method), None)

    def fools(self, experiment: str, dataset: str) -> bool:
        """Tell whether the images of an experiment aim at the classes of this data set."""
        network = self.first_network(experiment)
        return network is not None and network.dataset == dataset

    def fooled_networks(self, dataset: str) -> list[str]:
        """Return the networks of a data set that evolution fools, in the order of the configuration."""
        fooled = {network for name in self.evolved_experiments for e in ENCODINGS for network in self.runs(name, e)}
        return [name for name, network in self.networks.items() if network.dataset == dataset and name in fooled]

    def fooling_sets(self, experiment: str) -> list[str]:
        """Return every fooling set of an experiment."""
        return [*self.all_evolved(experiment), *self.ascended(experiment)]

    def chain_folder(self, experiment: str, network: str) -> str:
        """Return the folder of the chain of retrained networks that begins with `network`."""
        return f"{self.results}/retraining/{experiment}/{network}"

    def retrained(self, experiment: str, network: str, rounds: Sequence[int]) -> list[str]:
        """Return the files of the networks of these rounds; that of round 1 is `network` itself."""
        folder = self.chain_folder(experiment, network)
        later = [f"{folder}/round-{number}/{network}-dnn{number}.npz" for number in rounds]
        first = self.network_files([network])[0]
        return [first if number == 1 else path for number, path in zip(rounds, later, strict=True)]

    def of_rounds(self, experiment: str, network: str, file: str, rounds: Sequence[int]) -> list[str]:
        """Return a file of each of these rounds."""
        return [f"{self.chain_folder(experiment, network)}/round-{number}/{file}" for number in rounds]

    def all_retrained(self, experiment: str, network: str) -> list[str]:
        """Return the files of all networks of a chain."""
        return self.retrained(experiment, network, self._numbers(experiment))

    def of_all_rounds(self, experiment: str, network: str, file: str) -> list[str]:
        """Return a file of each round of a chain."""
        return self.of_rounds(experiment, network, file, self._numbers(experiment))

    def fooling_classes(self, experiment: str, network: str, before: int | None = None) -> list[str]:
        """Return the fooling images that networks of a chain learn from, up to the round `before`, or the last.

        Networks cured by ACET learn from none.
        """
        chain = self.config.retraining[experiment]
        last = 1 if chain.cure == "acet" else chain.rounds if before is None else before
        return self.of_rounds(experiment, network, "fooling_class.npz", range(1, last))

    def _numbers(self, experiment: str) -> range:
        return range(1, self.config.retraining[experiment].rounds + 1)

    def chains(self, experiment: str, file: str) -> list[str]:
        """Return a file of each chain of an experiment."""
        networks = self.config.retraining[experiment].networks
        return [f"{self.chain_folder(experiment, network)}/{file}" for network in networks]

    def rounds(self, experiment: str) -> list[str]:
        """Return the fooling sets of every chain of an experiment, round by round."""
        networks = self.config.retraining[experiment].networks
        return [path for name in networks for path in self.of_all_rounds(experiment, name, "fooling_set.npz")]

    def others(self, experiment: str, network: str) -> list[str]:
        """Return the fooling sets against DNN1 of the experiment of the same name, but for the CPPN images."""
        direct = self.runs(experiment, "direct").get(network, [])
        folder = f"{self.results}/evolution/{experiment}/direct/{network}"
        sets = [f"{folder}/seed-{seed}/fooling_set.npz" for seed in direct]
        return [*sets, *(path for path in self.ascended(experiment) if f"/{network}/" in path)]

    def judged(self, experiment: str, network: str) -> list[str]:
        """Return the fooling sets of an experiment that were made against a network, or networks trained after it."""
        made = [*self.fooling_sets(experiment), *self.all_guarded(experiment)]
        sets = [path for path in made if f"/{network}/" in path]
        chains = self.config.retraining.get(experiment)
        later = chains is not None and network in chains.networks
        return sets + (self.of_all_rounds(experiment, network, "fooling_set.npz") if later else [])

    def detector_scores(self, experiment: str) -> list[str]:
        """Return what the detectors of each network say of an experiment's images."""
        networks = self.config.detection[experiment].networks
        return [f"{self.results}/detection/{experiment}/{network}/detectors.csv" for network in networks]

    @property
    def head_trained(self) -> list[str]:
        """Return the experiments of retraining in which networks are frozen but for one further output."""
        return [name for name, chains in self.config.retraining.items() if chains.head_training]

    @property
    def whole_trained(self) -> list[str]:
        """Return the other experiments of retraining."""
        return [name for name in self.config.retraining if name not in self.head_trained]

    def cured_by(self, cure: str) -> list[str]:
        """Return the experiments of retraining with one cure for fooling: `fooling_class` or another."""
        return [name for name in self.whole_trained if self.config.retraining[name].cure == cure]

    @property
    def all_fooling_sets(self) -> list[str]:
        """Every fooling set of every experiment."""
        return [path for paths in self.shown.values() for path in paths]

    @property
    def ancestors(self) -> dict[str, str]:
        """Return the genomes of ancestors, by experiment."""
        return {name: f"{self.results}/ancestors/{name}.npz" for name in self.experiments("cppn")}

    @property
    def shown(self) -> dict[str, list[str]]:
        """Return the fooling sets that the gallery shows, by experiment."""
        experiments = dict.fromkeys([*self.config.evolution, *self.config.ascent])
        sets = {name: self.fooling_sets(name) for name in experiments}
        sets |= {f"retraining_{name}": self.rounds(name) for name in self.config.retraining}
        return {name: paths for name, paths in sets.items() if paths}

    @property
    def natural_scores(self) -> str:
        """Return the table of what ImageNet's networks say of natural images."""
        return f"{self.results}/natural/imagenet.csv"

    def score_files(self, experiment: str) -> dict[str, str]:
        """Return the tables of transfer: every score, and the shares of each pair of networks."""
        folder = f"{self.results}/transfer/{experiment}"
        return {"scores": f"{folder}/scores.csv", "table": f"{folder}/transfer.csv"}

    @property
    def scores(self) -> dict[str, str]:
        """Return the scores of what the gallery shows on several networks, by experiment."""
        return {name: self.score_files(name)["scores"] for name in self.config.transfer if name in self.shown}
