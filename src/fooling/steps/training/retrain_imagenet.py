r"""Train an ImageNet network anew, with fooling images as one more class (paper, section 3.5).

In: the network DNN1; the folder of ILSVRC-2012, with images for training in train/n01440764/NAME.JPEG and for testing
in val/; fooling images of round 1, 2, …, as `fooling.steps.training.sample_fooling_class` draws them. Out: a network
with one class more (.npz), fine-tuned from DNN1 or trained from scratch, and its top-1 error on val/. Fooling images
are cut and mirrored like photographs. An interrupted training continues when the same command is given again.

Example, on four GPUs:
    torchrun --standalone --nproc-per-node 4 -m fooling.steps.training.retrain_imagenet --network networks/alexnet.npz \
        --root imagenet --fooling-classes round-1/fooling_class.npz --seed 2000 --output round-2/alexnet-dnn2.npz \
        --device cuda --precision bfloat16 --workers 8
"""

from pathlib import Path

from fooling.artifacts.checkpoint import Checkpoint, checkpoint_path
from fooling.artifacts.provenance import Provenance, provenance_path
from fooling.command_line import add_settings, read_settings, run_step, step_parser
from fooling.devices import prepare_device
from fooling.networks.network_file import load_network, save_networks
from fooling.settings.compute import CheckpointSettings
from fooling.settings.imagenet_training import ImagenetTrainingSettings
from fooling.training.imagenet import ImagenetTraining
from fooling.training.imagenet_data import load_imagenet_data
from fooling.training.processes import joined


def main() -> None:
    """Parse, join the processes, train, save."""
    parser = step_parser(main)
    parser.add_argument("--network", type=Path, required=True, help="the network DNN1 (.npz)")
    parser.add_argument("--root", type=Path, required=True, help="folder of ILSVRC-2012 with train/ and val/")
    parser.add_argument("--fooling-classes", type=Path, nargs="+", required=True, help="fooling images, by round")
    parser.add_argument("--seed", type=int, required=True, help="seed of all that is random")
    parser.add_argument("--output", type=Path, required=True, help="the network to write (.npz)")
    parser.add_argument("--workers", type=int, default=0, help="processes that read images, for each GPU [0]")
    add_settings(parser, ImagenetTrainingSettings, CheckpointSettings)
    arguments = parser.parse_args()
    settings = read_settings(arguments, ImagenetTrainingSettings)
    compute = read_settings(arguments, CheckpointSettings)
    device = prepare_device(compute)
    with joined(device) as processes:
        base = load_network(arguments.network)
        data = load_imagenet_data(base, arguments.root, arguments.fooling_classes)
        recorded = {**settings.model_dump(), "seed": arguments.seed, "processes": processes.count}
        recorded |= {"device": device.type, "threads": compute.threads, **data.digests()}
        provenance = Provenance("retrain_imagenet", recorded, [arguments.network, *arguments.fooling_classes])
        fingerprint = provenance.record()
        with Checkpoint(checkpoint_path(arguments.output), fingerprint, compute.checkpoint_seconds) as checkpoint:
            trained = ImagenetTraining(
                base, data, settings, seed=arguments.seed, device=device, processes=processes, workers=arguments.workers
            ).run(checkpoint)
            if processes.rank == 0:
                save_networks(arguments.output, [trained], fingerprint)
                provenance.save(provenance_path(arguments.output))
                checkpoint.discard()


if __name__ == "__main__":
    run_step(main)
