r"""Replay sessions of breeding: make the published pictures again from the logs of the breeder's choices.

In: logs of `python -m fooling.breed`, and a network. Out: the published pictures with their genomes and the network's
three most confident classes (.npz), and a folder of PNGs. Equal logs give equal genomes and PNGs, byte for byte,
whichever network is named; only their size is that of the network's images.

    python -m fooling.steps.breeding.replay_breeding --log config/breeding/eclipse.jsonl config/breeding/eye.jsonl \
        --network networks/lite0.npz --output breeding/bred.npz --pngs breeding/pngs
"""

from pathlib import Path

from fooling.artifacts.bred import save_bred
from fooling.artifacts.pngs import export_pngs
from fooling.artifacts.provenance import Provenance, provenance_path
from fooling.breeding.judge import Judge
from fooling.breeding.log import read_log
from fooling.breeding.replay import replay
from fooling.command_line import add_settings, read_settings, run_step, step_parser
from fooling.devices import prepare_device
from fooling.networks.network_file import load_networks
from fooling.settings.compute import ComputeSettings


def main() -> None:
    """Parse the command line, replay, save."""
    parser = step_parser(main)
    parser.add_argument("--log", type=Path, nargs="+", required=True, help="logs to replay (.jsonl)")
    parser.add_argument("--network", type=Path, required=True, help="network that judges the pictures (.npz)")
    parser.add_argument("--output", type=Path, required=True, help="bred pictures to write (.npz)")
    parser.add_argument("--pngs", type=Path, required=True, help="folder of PNGs to write")
    add_settings(parser, ComputeSettings)
    arguments = parser.parse_args()
    compute = read_settings(arguments, ComputeSettings)

    device = prepare_device(compute)
    judge = Judge(load_networks(arguments.network), arguments.network.stem, device)
    logs = {path: read_log(path) for path in arguments.log}
    recorded = {"device": device.type, "threads": compute.threads}
    provenance = Provenance("replay_breeding", recorded, [*logs, arguments.network])
    bred = replay(logs, judge, provenance.record())
    export_pngs(bred, arguments.pngs)
    save_bred(arguments.output, bred)
    provenance.save(provenance_path(arguments.output))


if __name__ == "__main__":
    run_step(main)
