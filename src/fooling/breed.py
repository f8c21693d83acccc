r"""Breed pictures by hand: a local page shows CPPN images and what a network calls them; you choose the parents.

In: a network (EfficientNet-Lite0 if none is given) and the name of a log. Out: the log, a line for each choice, which
`python -m fooling.steps.breeding.replay_breeding` turns back into the pictures. A log that exists already is continued.

    python -m fooling.breed --log mine.jsonl
    python -m fooling.breed --log mine.jsonl --network results/default/networks/lite0.npz --population 40
"""

import argparse
import contextlib
import secrets
import webbrowser
from pathlib import Path
from typing import Annotated

from pydantic import Field

from fooling.breeding.judge import Judge
from fooling.breeding.log import Begin, LogFile, read_log
from fooling.breeding.server import PageServer, Table
from fooling.breeding.session import Session
from fooling.command_line import add_settings, read_settings, run_step, step_parser
from fooling.devices import prepare_device
from fooling.errors import FoolingError
from fooling.networks.network_file import load_networks
from fooling.networks.zoo import load_pretrained
from fooling.settings.base import Seed, Settings
from fooling.settings.breeding import BreedingSettings
from fooling.settings.compute import ComputeSettings
from fooling.settings.pretrained import PretrainedSettings


class BreedOptions(Settings):
    """How a session is opened."""

    seed: Seed | None = None
    """Of a new session; null draws one. The log keeps it."""
    port: Annotated[int, Field(ge=0, le=65535)] = 0
    """Of the page; 0 takes a free one."""
    browser: bool = True
    """Open the page in a browser."""


def main() -> None:
    """Parse the command line, open the session, serve its page until it is interrupted."""
    parser = step_parser(main)
    parser.add_argument("--log", type=Path, required=True, help="log to write, or to go on with (.jsonl)")
    parser.add_argument("--network", type=Path, help="network whose labels are shown [default: EfficientNet-Lite0]")
    add_settings(parser, BreedOptions, BreedingSettings, ComputeSettings)
    arguments = parser.parse_args()
    options, settings = read_settings(arguments, BreedOptions), read_settings(arguments, BreedingSettings)
    device = prepare_device(read_settings(arguments, ComputeSettings))
    if arguments.network is None:
        judge = Judge([load_pretrained(PretrainedSettings(architecture="efficientnet-lite0"))], "lite0", device)
    else:
        judge = Judge(load_networks(arguments.network), arguments.network.stem, device)

    with LogFile(arguments.log) as log:
        if log.is_new:
            seed = secrets.randbelow(2**31) if options.seed is None else options.seed
            log.append(Begin(seed=seed, network=judge.name, settings=settings))
        else:
            _refuse_settings(arguments)
        begin, acts = read_log(arguments.log)
        session = Session.replay(begin, acts, str(arguments.log))
        server = PageServer(Table(session, len(acts), begin.settings, judge, log), options.port)
        print(  # noqa: T201
            f"Breeding into {arguments.log}. Open {server.address} and end with Ctrl-C.", flush=True
        )
        if options.browser:
            webbrowser.open(server.address)
        with contextlib.suppress(KeyboardInterrupt):
            server.serve_forever()


def _refuse_settings(arguments: argparse.Namespace) -> None:
    """Raise a FoolingError if the command line sets what the log of a session has settled."""
    given = [name for name in ("seed", *BreedingSettings.model_fields) if name in vars(arguments)]
    if given:
        raise FoolingError(
            f"{arguments.log} exists and has its own {given[0]}; leave that out to go on with it, or name another log."
        )


if __name__ == "__main__":
    run_step(main)
