"""What the numbers were measured on: written above every table that is printed."""

import os
import platform
from importlib import metadata
from pathlib import Path

import torch

PACKAGES = ("torch", "torchvision", "numba", "numpy", "neat-python", "ribs")


def describe(device: torch.device) -> str:
    """Return one line: device, cores, threads, versions."""
    name = torch.cuda.get_device_name(device) if device.type == "cuda" else processor()
    versions = ", ".join(f"{package} {metadata.version(package)}" for package in PACKAGES if _installed(package))
    threads = torch.get_num_threads()
    return (
        f"{name}, {os.cpu_count()} cores, {threads} thread{'s' if threads > 1 else ''}; "
        f"python {platform.python_version()}, {versions}"
    )


def processor() -> str:
    """Return the processor's name, as far as the system tells it."""
    listing = Path("/proc/cpuinfo")
    lines = listing.read_text().splitlines() if listing.exists() else []
    names = [line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.processor() or platform.machine()


def _installed(package: str) -> bool:
    return any(metadata.distributions(name=package))
