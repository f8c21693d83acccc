"""The state of a run of evolution for a checkpoint: what is saved, what fits, and how a run continues."""

import numpy as np
import torch

from fooling.artifacts.checkpoint import State
from fooling.artifacts.elites import LINEAGE
from fooling.artifacts.layout import has_layout
from fooling.devices import is_generator_state
from fooling.encodings.population import Population
from fooling.evolution.archive import Archive
from fooling.evolution.history import is_kept
from fooling.evolution.map_elites import Evolution, Snapshot


class ResumableEvolution:
    """A run of evolution as work that can be interrupted, from generation 0 on; see `Resumable`.

    Args:
        run: the run.
    """

    def __init__(self, run: Evolution) -> None:
        self._run = run

    def state(self) -> State:
        """See `Resumable`."""
        run = self._run
        archive = {f"archive/{name}": tensor for name, tensor in run.archive.population.tensors.items()}
        archive |= {"fitness": run.archive.fitness, "individual": run.archive.individual}
        snapshots = {
            f"snapshot/{snapshot.generation}/{name}": getattr(snapshot, name)
            for snapshot in run.snapshots
            for name in ("images", "born")
        }
        return {
            "generation": np.array(run.generation),
            "generator": run.generator.get_state().numpy(),
            **{name: tensor.cpu().numpy() for name, tensor in archive.items()},
            **{f"history/{name}": array for name, array in run.history.state().items()},
            **snapshots,
        }

    def fits(self, state: State) -> bool:
        """See `Resumable`; compiled code trusts a genome to be sound."""
        run = self._run
        layout = {"generation": "int64", "generator": "uint8 G", "fitness": f"float32 {run.classes}"}
        layout |= {"individual": f"int64 {run.classes}", "history/statistics": "float64 * 4"}
        layout |= {"history/log_confidences": f"float16 * {run.classes}"}
        layout |= {f"history/{name}": "int64 R" for name in LINEAGE}
        if not has_layout(state, layout) or not 0 <= state["generation"] <= run.settings.generations:
            return False
        generation = int(state["generation"])
        return (
            self._has_population(state)
            and self._has_snapshots(state)
            and len(state["history/statistics"]) == generation + 1
            and len(state["history/log_confidences"]) == sum(map(is_kept, range(generation + 1)))
            and _are_within(state["history/generation"], 0, generation)
            and _are_within(state["history/cell"], 0, run.classes - 1)
            and _are_within(state["history/parent_cell"], -1, run.classes - 1)
            and state["individual"].max() >= 0
            and is_generator_state(state["generator"], run.generator.device)
        )

    def _has_population(self, state: State) -> bool:
        population = Population({name: torch.from_numpy(array) for name, array in _under("archive", state).items()})
        return self._run.encoding.holds(population) and len(population) == self._run.classes

    def _has_snapshots(self, state: State) -> bool:
        """Tell whether there is a snapshot of each generation so far of which there should be one, and no other."""
        run = self._run
        first = {name: torch.from_numpy(array[:1]) for name, array in _under("archive", state).items()}
        image = " ".join(map(str, run.encoding.render(Population(first)).shape[1:]))
        wanted = {*run.settings.snapshots, run.settings.generations}
        taken = [generation for generation in wanted if generation <= state["generation"]]
        layout = {f"snapshot/{generation}/images": f"uint8 {run.classes} {image}" for generation in taken}
        layout |= {f"snapshot/{generation}/born": f"int64 {run.classes}" for generation in taken}
        return has_layout(state, layout) and len(_under("snapshot", state)) == len(layout)

    def restore(self, state: State) -> None:
        """See `Resumable`."""
        run = self._run
        device = run.generator.device
        run.generation = int(state["generation"])
        run.generator.set_state(torch.from_numpy(state["generator"]))
        tensors = {name: torch.from_numpy(array).to(device) for name, array in _under("archive", state).items()}
        fitness, individual = (torch.from_numpy(state[name]).to(device) for name in ("fitness", "individual"))
        run.archive = Archive(Population(tensors), fitness, individual)
        run.history.restore(_under("history", state))
        snapshots = _under("snapshot", state)
        generations = sorted({int(name.split("/")[0]) for name in snapshots})
        run.snapshots = [Snapshot(g, snapshots[f"{g}/images"], snapshots[f"{g}/born"]) for g in generations]


def _are_within(values: np.ndarray, least: int, most: int) -> bool:
    return bool(((values >= least) & (values <= most)).all())


def _under(prefix: str, state: State) -> dict[str, np.ndarray]:
    return {name.removeprefix(f"{prefix}/"): array for name, array in state.items() if name.startswith(f"{prefix}/")}
