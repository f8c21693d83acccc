"""Everything that reads a file; a new reader is one more entry of `READERS`."""

from mutations import damage_archive, damage_bytes, damage_package, damage_png, damage_text

from fooling.artifacts.ancestors import load_ancestors
from fooling.artifacts.features import load_features
from fooling.artifacts.plane import load_plane
from fooling.artifacts.pngs import read_pngs
from fooling.artifacts.table import read_table
from fooling.breeding.log import read_log
from fooling.data.formats import read_cifar100_file, read_cifar_batch, read_idx
from fooling.data.image_region import read_image
from fooling.data.record_order import COARSE
from fooling.experiments.retraining_chain import read_history
from fooling.figures.experiments.plane import measure_shares
from fooling.networks.weights_file import read_checkpoint
from fooling.settings.datasets import MNIST
from fooling.workflow.config_file import read_config
from readers.archives import (
    use_ablation,
    use_bred,
    use_fooling_set,
    use_lineage,
    use_networks,
    use_recorded,
    write_ablations,
    write_ancestors,
    write_bred,
    write_features,
    write_fooling_sets,
    write_lineages,
    write_networks,
    write_planes,
    write_recorded,
)
from readers.checkpoints import (
    continue_ascent,
    continue_evolution,
    continue_training,
    convnet_training,
    evolution_checkpoints,
    training,
    training_checkpoints,
    write_ascents,
)
from readers.foreign import (
    damage_weights,
    read_labels,
    read_package,
    write_cifar,
    write_cifar100,
    write_configs,
    write_histories,
    write_idx,
    write_labels,
    write_logs,
    write_packages,
    write_photographs,
    write_pictures,
    write_safetensors,
    write_tables,
    write_weights,
)
from readers.kind import Reader
from readers.runs import ENCODINGS

READERS = {
    "fooling set": Reader("set.npz", write_fooling_sets, use_fooling_set, damage_archive),
    "recorded run": Reader("elites.npz", write_recorded, use_recorded, damage_archive),
    "ancestors": Reader("ancestors.npz", write_ancestors, load_ancestors, damage_archive),
    "bred pictures": Reader("bred.npz", write_bred, use_bred, damage_archive),
    "breeding log": Reader("session.jsonl", write_logs, read_log, damage_text),
    "features": Reader("features.npz", write_features, lambda path: load_features(path).directions, damage_archive),
    "lineage": Reader("elites.npz", write_lineages, use_lineage, damage_archive),
    "network": Reader("network.npz", write_networks, use_networks, damage_archive, share=0.25),
    "plane": Reader("plane.npz", write_planes, lambda path: measure_shares(load_plane(path)), damage_archive),
    "ablation": Reader("ablation.npz", write_ablations, use_ablation, damage_archive),
    **{
        f"checkpoint of {name} evolution": Reader(
            "run.checkpoint.npz", evolution_checkpoints(encoding), continue_evolution(encoding), damage_archive
        )
        for name, encoding in ENCODINGS.items()
    },
    "checkpoint of training": Reader(
        "run.checkpoint.npz", training_checkpoints(training), continue_training(training), damage_archive, share=0.25
    ),
    "checkpoint of a convnet's training": Reader(
        "run.checkpoint.npz",
        training_checkpoints(convnet_training),
        continue_training(convnet_training),
        damage_archive,
        share=0.25,
    ),
    "checkpoint of ascent": Reader("run.checkpoint.npz", write_ascents, continue_ascent, damage_archive),
    "weights": Reader("weights.pth", write_weights, read_checkpoint, damage_weights),
    "safetensors": Reader("weights.safetensors", write_safetensors, read_checkpoint, damage_bytes),
    "idx": Reader("images", write_idx, read_idx, damage_bytes),
    "CIFAR-10": Reader("data_batch_1.bin", write_cifar, read_cifar_batch, damage_bytes),
    "CIFAR-100": Reader("train.bin", write_cifar100, lambda path: read_cifar100_file(path, COARSE), damage_bytes),
    "MNIST": Reader(MNIST.files[1], write_labels, read_labels, damage_bytes),
    "picture": Reader("picture.png", write_pictures, lambda path: read_pngs([path]), damage_png),
    "photograph": Reader("photograph", write_photographs, read_image, damage_png),
    "table": Reader(
        "history.csv", write_tables, lambda path: read_table(path, ["generation", "median"], ["name"]), damage_text
    ),
    "history": Reader("history.csv", write_histories, read_history, damage_text),
    "configuration": Reader("config.yaml", write_configs, read_config, damage_text),
    "npm package": Reader("package.tgz", write_packages, read_package, damage_package),
}
