"""Configuration files as editors write them, and the paths in them."""

from collections.abc import Callable
from functools import partial
from pathlib import Path

import yaml

from fooling.workflow.config_file import read_config

PLAIN = "name: mine\nnetworks: {lenet: {seeds: [1]}}\n"
WITHOUT = "is not valid YAML, as it is not UTF-8; save it so"
FILES: dict[str, tuple[bytes, str]] = {
    "line ends of Windows": (PLAIN.replace("\n", "\r\n").encode(), ""),
    "a byte-order mark": (b"\xef\xbb\xbf" + PLAIN.encode(), ""),
    "UTF-16": (PLAIN.encode("utf-16"), WITHOUT),
    "Latin-1": (f"# caf\u00e9\n{PLAIN}".encode("latin1"), WITHOUT),
    "tabs": (b"networks:\n\tlenet: {seeds: [1]}\n", "is not valid YAML"),
    "empty": (b"", "should be a table of keys and values"),
    "a list": (b"- name: mine\n", "should be a table of keys and values"),
    "a key twice": (PLAIN.encode() * 2, "has more than once: name (lines 1 and 3)"),
    "an unknown key": (b"nmae: mine\n" + PLAIN.encode(), "nmae: there is no such key"),
    "a name with a slash": (PLAIN.replace("mine", "my/run").encode(), "a name has only letters"),
    "a name that is a number": (PLAIN.replace("mine", "1").encode(), "should be a text; put it in quotes"),
    "a sign of YAML's own in a name": (PLAIN.replace("mine", "no").encode(), "should be a text; put it in quotes"),
    "JSON": (b'{"name": "mine", "networks": {"lenet": {"seeds": [1]}}}', ""),
}
PATHS: dict[str, tuple[str, str]] = {
    "relative": ("weights/w.pth", "there is no file weights/w.pth in "),
    "with ~": ("~/w.pth", "the tilde stands for itself here"),
    "with spaces": ("/data/my weights.pth", "there is no file /data/my weights.pth"),
    "with a dash first": ("-w.pth", "looks like a flag; write ./ before it"),
    "with braces": ("w{1}.pth", "means something else to Snakemake; rename it"),
    "with a line break": ("/data/w\n.pth", "there is no file"),
    "with a quote": ("/data/w'\".pth", "there is no file"),
    "with a byte 0": ("/data/w\0.pth", "this is no path"),
    "of 5,000 letters": ("/data/" + "w" * 5000, "this is no path"),
    "of 300 letters": ("/data/" + "w" * 300, "there is no file"),
    "with Chinese letters": ("/data/\u864e.pth", "there is no file /data/\u864e.pth"),
    "with bytes that are not UTF-8": ("/data/caf\udce9.pth", "path"),
}


def read(content: bytes, folder: Path) -> str:
    (folder / "mine.yaml").write_bytes(content)
    return f"read: {read_config(folder / 'mine.yaml').name}"


def read_path(path: str, folder: Path) -> str:
    own = {"architecture": "lenet", "dataset": "flowers", "classes": 3, "image_size": 28, "weights": path}
    return read(yaml.safe_dump({"pretrained": {"own": own}}).encode(), folder)


CASES: dict[str, Callable[[Path], str]] = {
    **{f"a configuration: {name}": partial(read, content) for name, (content, _) in FILES.items()},
    **{f"a path {name}": partial(read_path, path) for name, (path, _) in PATHS.items()},
    "no configuration": lambda folder: str(read_config(folder / "none.yaml")),
    "no configuration, relative": lambda _: str(read_config(Path("none-such.yaml"))),
    "a folder as configuration": lambda folder: str(read_config(folder)),
}
