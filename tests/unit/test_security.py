"""Files and settings of others are data: they run no code, fill no memory, and lead nowhere else."""

import argparse
import ast
import io
import json
import os
import pickle
import re
import struct
import tarfile
import tempfile
import tracemalloc
import zipfile
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image

from fooling.artifacts.ablation import load_ablation
from fooling.artifacts.elites import load_elites
from fooling.artifacts.features import load_features
from fooling.artifacts.fooling_set import load_fooling_set
from fooling.artifacts.plane import load_plane
from fooling.artifacts.pngs import read_pngs
from fooling.artifacts.storage import load_arrays, save_arrays
from fooling.data.image_region import read_image
from fooling.data.sources import NpmPackage, RawFile, SourceError
from fooling.errors import FoolingError
from fooling.networks.architectures import build_network
from fooling.networks.network_file import load_networks
from fooling.networks.stand_ins import INERT, StandIn
from fooling.networks.weights_file import read_checkpoint
from fooling.networks.zoo import load_pretrained
from fooling.settings.config import load_config
from fooling.settings.pretrained import PretrainedSettings
from fooling.workflow.config_file import read_config

ROOT = Path(__file__).parents[2]
READERS: dict[str, Callable[[Path], object]] = {
    "fooling set": load_fooling_set,
    "table of features": load_features,
    "file of elites": load_elites,
    "network": load_networks,
    "plane": load_plane,
    "ablation": load_ablation,
    "checkpoint": lambda path: load_arrays(path, "checkpoint"),
}


class Trap:
    """Makes a folder when it is unpickled."""

    def __init__(self, folder: Path) -> None:
        self._folder = str(folder)

    def __reduce__(self) -> tuple[object, tuple[str]]:
        return os.mkdir, (self._folder,)


@pytest.mark.parametrize("kind", READERS)
def test_a_pickle_in_an_artifact_is_refused_and_does_not_run(kind: str, tmp_path: Path) -> None:
    header = np.frombuffer(json.dumps({"kind": kind}).encode(), np.uint8)
    trap = np.array([Trap(tmp_path / "sprung")], dtype=object)
    np.savez(tmp_path / "array.npz", **{"header.json": header, "images": trap})
    np.savez(tmp_path / "header.npz", **{"header.json": trap})
    np.save(tmp_path / "array.npy", trap)
    (tmp_path / "bare.npz").write_bytes(pickle.dumps(trap))
    for name in ("array.npz", "header.npz", "array.npy", "bare.npz"):
        with pytest.raises(FoolingError, match=f"is not a readable {kind} .*; delete it and make it again"):
            READERS[kind](tmp_path / name)
    assert not (tmp_path / "sprung").exists()


@pytest.mark.parametrize("suffix", [".pth", ".pt", ".safetensors"])
@pytest.mark.parametrize("form", ["zip", "legacy", "pickle", "state_dict"])
def test_a_pickle_in_a_file_of_weights_is_refused_and_does_not_run(suffix: str, form: str, tmp_path: Path) -> None:
    path, trap = tmp_path / f"weights{suffix}", Trap(tmp_path / "sprung")
    if form == "pickle":
        path.write_bytes(pickle.dumps(trap))
    else:
        weights = {"state_dict": {"layers.0.weight": trap}} if form == "state_dict" else trap
        torch.save(weights, path, _use_new_zipfile_serialization=form != "legacy")
    settings = PretrainedSettings(architecture="lenet", weights=str(path), dataset="mine", classes=10, image_size=28)
    with pytest.raises(FoolingError, match=rf"weights\{suffix} is no readable file of weights; give a state dict"):
        load_pretrained(settings)
    assert not (tmp_path / "sprung").exists()


@pytest.mark.parametrize(
    "weights", [{3: torch.zeros(1)}, {"a": torch.zeros(2).to_sparse()}, {"a": torch.zeros(2, device="meta")}, [], 3]
)
def test_weights_that_are_no_state_dict_of_plain_tensors_are_refused(weights: object, tmp_path: Path) -> None:
    torch.save(weights, tmp_path / "w.pth")
    own = {"architecture": "lenet", "dataset": "mine", "classes": 10, "image_size": 28}
    with pytest.raises(FoolingError, match="holds no state dict"):
        load_pretrained(PretrainedSettings(weights=str(tmp_path / "w.pth"), **own))


@pytest.mark.parametrize("place", ["beside", "name", "state"])
def test_what_stands_beside_weights_is_not_made(place: str, tmp_path: Path) -> None:
    network = build_network("lenet", 10).state_dict()
    trap = Trap(tmp_path / "sprung")
    beside = {"beside": trap, "name": argparse.Namespace(x=trap), "state": defaultdict(trap.__reduce__, {"x": trap})}
    torch.save({"model": network, "args": beside[place]}, tmp_path / "w.pth")
    own = {"architecture": "lenet", "dataset": "mine", "classes": 10, "image_size": 28}
    with pytest.raises(FoolingError, match="is no readable file of weights; give a state dict"):
        load_pretrained(PretrainedSettings(weights=str(tmp_path / "w.pth"), **own))
    assert not (tmp_path / "sprung").exists()


def test_the_types_that_may_stand_beside_weights_are_replaced_by_ones_that_do_nothing() -> None:
    assert len(INERT) > 100
    for stand_in, name in INERT:
        made = stand_in("a", 1)
        assert type(made) in {StandIn, dict}, name
        assert not vars(made) if isinstance(made, StandIn) else made == {}
        assert not name.startswith(("os.", "posix.", "sys.", "subprocess.", "torch.nn", "builtins.eval"))
    read = read_checkpoint_of({"args": argparse.Namespace(lr=1), "score": np.float64(3)})
    assert {type(value) for value in read.values()} == {StandIn}


def read_checkpoint_of(content: object) -> dict[str, object]:
    with tempfile.TemporaryDirectory() as folder:
        torch.save(content, Path(folder) / "w.pth")
        return read_checkpoint(Path(folder) / "w.pth")


FORBIDDEN_IMPORTS = {"marshal", "shelve", "dill", "cloudpickle", "joblib", "pickle"}
FORBIDDEN_CALLS = {
    *("eval", "exec", "compile", "__import__", "os.system", "os.popen", "yaml.load", "yaml.unsafe_load"),
    *("yaml.full_load", "subprocess.getoutput", "tempfile.mktemp", "pd.read_pickle", "np.fromfile"),
}
FORBIDDEN_METHODS = {"extractall", "extract", "read_pickle"}
NEEDED_KEYWORDS = {"np.load": ("allow_pickle", False), "torch.load": ("weights_only", True)}


@pytest.mark.parametrize("path", sorted((ROOT / "src").rglob("*.py")), ids=lambda path: path.stem)
def test_no_module_runs_data_as_code(path: Path) -> None:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import | ast.ImportFrom):
            names = [alias.name for alias in node.names] + [getattr(node, "module", None) or ""]
            assert not {name.partition(".")[0] for name in names} & FORBIDDEN_IMPORTS
        if isinstance(node, ast.Call):
            called = ast.unparse(node.func)
            keywords = {word.arg: getattr(word.value, "value", ...) for word in node.keywords}
            assert called not in FORBIDDEN_CALLS, called
            assert called.rpartition(".")[2] not in FORBIDDEN_METHODS, called
            assert "shell" not in keywords, called
            assert "allow_pickle" not in keywords or keywords["allow_pickle"] is False, called
            if called in NEEDED_KEYWORDS:
                name, value = NEEDED_KEYWORDS[called]
                assert keywords.get(name, ...) is value, called


def test_every_dependency_is_pinned_and_hashed_and_no_address_is_named() -> None:
    text = (ROOT / "requirements.txt").read_text()
    assert not re.search(r"://|^\s*-[^-]|--(index|extra-index|find-links|trusted-host)", text, re.MULTILINE)
    entries = re.sub(r"^\s*#.*\n|\\\n", "", text, flags=re.MULTILINE).splitlines()
    assert len(entries) > 100
    for entry in entries:
        assert re.match(r"^[A-Za-z0-9][A-Za-z0-9._-]*(\[[a-z0-9,_-]+\])?==\S+ ", entry), entry
        assert re.search(r"--hash=sha256:[0-9a-f]{64}", entry), entry
    assert "--require-hashes requirements.txt" in (ROOT / "Makefile").read_text()


def assert_refused_with_little_memory(read: Callable[[Path], object], path: Path, megabytes: float = 5) -> None:
    with pytest.raises((FoolingError, SourceError)):  # imports what reading needs, which takes memory too
        read(path)
    tracemalloc.start()
    with pytest.raises((FoolingError, SourceError)):
        read(path)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < megabytes * 1e6


def read_things(path: Path) -> None:
    load_arrays(path, "thing")


@pytest.mark.parametrize("shape", [(10**10,), (10**6, 10**6), (2**62, 4), (0, 2**63), (-1, -3), (1,) * 100])
@pytest.mark.parametrize("dtype", ["|u1", "<f8", "|V0", "<U1000000", "|O"])
def test_the_head_of_an_array_cannot_claim_more_than_there_is(
    shape: tuple[int, ...], dtype: str, tmp_path: Path
) -> None:
    head = repr({"descr": dtype, "fortran_order": False, "shape": shape}).encode()
    header = io.BytesIO()
    np.save(header, np.frombuffer(b'{"kind": "thing"}', np.uint8))
    with zipfile.ZipFile(tmp_path / "x.npz", "w") as archive:
        archive.writestr("header.json.npy", header.getvalue())
        archive.writestr("x.npy", b"\x93NUMPY\x01\0" + struct.pack("<H", len(head)) + head + b"abc")
    if shape == (0, 2**63) and dtype in {"|u1", "<f8"}:
        pytest.skip("no numbers are stored, and none claimed")
    assert_refused_with_little_memory(read_things, tmp_path / "x.npz")


@pytest.mark.parametrize("dtype", [">i2", ">f8", "<c8", "<M8[s]"])
def test_numbers_of_foreign_types_are_refused(dtype: str, tmp_path: Path) -> None:
    save_arrays(tmp_path / "x.npz", "thing", {}, {"x": np.zeros(3, dtype)})
    with pytest.raises(FoolingError, match=r"x\.npy does not hold the numbers that its head states"):
        load_arrays(tmp_path / "x.npz", "thing")


def test_zip_bombs_are_refused_with_little_memory(tmp_path: Path) -> None:
    entry = io.BytesIO()
    np.save(entry, np.zeros(50_000_000, np.uint8))
    with zipfile.ZipFile(tmp_path / "deflated.npz", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("x.npy", entry.getvalue())
    assert_refused_with_little_memory(read_things, tmp_path / "deflated.npz")
    # Many names for the same bytes.
    with zipfile.ZipFile(tmp_path / "overlapping.npz", "w") as archive:
        archive.writestr("x.npy", entry.getvalue()[:2_000_000])
        first = archive.infolist()[0]
        for number in range(500):
            twin = zipfile.ZipInfo(f"{number}.npy")
            twin.CRC, twin.file_size, twin.compress_size = first.CRC, first.file_size, first.compress_size
            twin.header_offset = first.header_offset
            archive.filelist.append(twin)
    assert_refused_with_little_memory(read_things, tmp_path / "overlapping.npz")
    torch.save({"a": torch.zeros(5_000_000)}, tmp_path / "whole.pth")
    with (
        zipfile.ZipFile(tmp_path / "whole.pth") as whole,
        zipfile.ZipFile(tmp_path / "w.pth", "w", zipfile.ZIP_DEFLATED) as deflated,
    ):
        for name in whole.namelist():
            deflated.writestr(name, whole.read(name))
    settings = {"architecture": "lenet", "dataset": "mine", "classes": 10, "image_size": 28}
    weights = PretrainedSettings(weights=str(tmp_path / "w.pth"), **settings)
    assert_refused_with_little_memory(lambda _: load_pretrained(weights), tmp_path)


@pytest.mark.parametrize(
    "change",
    [
        {"classes": 10**9},
        {"image_shape": [1, 10**6, 10**6]},
        {"image_shape": [1, 28, 29]},
        {"options": {"checkpoint_path": "/etc/passwd"}},
        {"architecture": "torchvision/vit_h_14", "classes": 1000, "image_shape": [3, 224, 224]},
        {"input_size": 10**6},
        {"views": 10**6},
        {"labels": "ten"},
    ],
)
def test_the_header_of_a_network_is_not_trusted(change: dict[str, object], network: Path) -> None:
    header, arrays = load_arrays(network, "network")
    header["networks"][0] |= change
    save_arrays(network, "network", header, arrays)
    assert_refused_with_little_memory(load_networks, network, megabytes=12)  # the weights take 2, a meta network more


def test_pictures_that_unpack_to_gigabytes_are_refused(tmp_path: Path) -> None:
    Image.new("1", (8000, 8000)).save(tmp_path / "picture.png")
    assert (tmp_path / "picture.png").stat().st_size < 20_000
    assert_refused_with_little_memory(read_image, tmp_path / "picture.png")
    assert_refused_with_little_memory(lambda path: read_pngs([path]), tmp_path / "picture.png")


def deliver(package: Path) -> dict[str, bytes]:
    """Read two files of a package as if npm had delivered it."""

    class Delivered(NpmPackage):
        def _pack(self, _folder: Path) -> Path:
            return package

    with Delivered("name", "1.0.0", "package/data").open() as read:
        return {name: read(RawFile(name, 10, "")) for name in ("one", "two")}


def pack(path: Path, *members: tarfile.TarInfo) -> Path:
    with tarfile.open(path, "w:gz") as archive:
        for member in members:
            archive.addfile(member, io.BytesIO(bytes(member.size)))
    return path


def member(name: str, kind: bytes = tarfile.REGTYPE, link: str = "", size: int = 0) -> tarfile.TarInfo:
    made = tarfile.TarInfo(f"package/data/{name}")
    made.type, made.linkname, made.size = kind, link, size
    return made


def test_nothing_of_a_package_is_unpacked_to_disk(tmp_path: Path) -> None:
    away = tarfile.TarInfo("../../escaped")
    absolute = tarfile.TarInfo(str(tmp_path / "absolute"))
    inner = tmp_path / "two/folders"
    inner.mkdir(parents=True)
    before = set(tmp_path.rglob("*"))
    package = pack(inner / "p.tgz", away, absolute, member("one", size=9), member("two", size=30))
    assert deliver(package) == {"one": bytes(9), "two": bytes(11)}  # one byte more than it should have, to be refused
    assert set(tmp_path.rglob("*")) - before == {package}


@pytest.mark.parametrize("kind", [tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.FIFOTYPE, tarfile.CHRTYPE, tarfile.DIRTYPE])
@pytest.mark.parametrize("link", ["/etc/passwd", "package/data/one", "one", "../../x"])
def test_links_and_devices_in_a_package_are_not_followed(kind: bytes, link: str, tmp_path: Path) -> None:
    assert deliver(pack(tmp_path / "p.tgz", member("one", kind, link), member("two", size=1)))["one"] == b""


def test_a_package_that_claims_terabytes_is_refused_at_once(tmp_path: Path) -> None:
    huge = member("zero", size=0)
    with tarfile.open(tmp_path / "p.tgz", "w:gz") as archive:
        archive.addfile(huge)
        huge.size = 10**12
        archive.fileobj.write(huge.tobuf() + bytes(1024))
    assert_refused_with_little_memory(deliver, tmp_path / "p.tgz")


NETWORKS = {"networks": {"lenet": {}}}
ESCAPES = [
    "..",
    "../up",
    "/tmp/x",
    "a/b",
    "a b",
    "a\n",
    "$(id)",
    "`id`",
    ";id",
    "*",
    "{x}",
    "-rf",
    "~",
    "",
    ".",
    "a\0",
    "é",
]


@pytest.mark.parametrize("name", ESCAPES)
def test_no_name_in_a_configuration_leads_out_of_the_results_folder(name: str) -> None:
    runs = {"direct": {"runs": {"lenet-1": [0]}}}
    wrong = [
        {"name": name},
        {"networks": {name: {}}},
        {"pretrained": {name: {"architecture": "efficientnet-lite0"}}},
        {"ensembles": {name: ["lenet-1", "lenet-2"]}, "networks": {"lenet": {"seeds": [1, 2]}}},
        {"evolution": {name: runs}},
        {"evolution": {"mnist": {"direct": {"runs": {name: [0]}}}}},
        {"ascent": {"mnist": {"runs": {"lenet-1": [0]}, "classes": [0], "sets": {name: {}}}}},
        {"ascent": {name: {"runs": {"lenet-1": [0]}, "classes": [0], "sets": {"a": {}}}}},
        {"evolution": {"mnist": runs}, "transfer": {"mnist": {"networks": [name]}}},
        {"evolution": {"mnist": {"cppn": runs["direct"]}}, "features": {"mnist": name}},
        {"pretrained": {"own": {"architecture": "efficientnet-lite0", "dataset": name}}},
    ]
    for values in wrong:
        with pytest.raises(FoolingError):
            load_config(NETWORKS | values, "here")


@pytest.mark.parametrize(
    "tag", ["!!python/object/apply:os.mkdir [{}]", "!!python/name:os.system", "!!python/object/new:os.mkdir [{}]"]
)
def test_a_configuration_runs_no_code(tag: str, tmp_path: Path) -> None:
    path = tmp_path / "config.yaml"
    path.write_text(f"name: {tag.format(tmp_path / 'sprung')}\n")
    with pytest.raises(FoolingError, match="is not valid YAML"):
        read_config(path)
    assert not (tmp_path / "sprung").exists()


@pytest.mark.parametrize("text", ["[" * 1500, "name: 2001-99-99", "name: \xff", "a: \0"])
def test_a_configuration_that_is_no_yaml_is_told_in_a_sentence(text: str, tmp_path: Path) -> None:
    (tmp_path / "config.yaml").write_bytes(text.encode("latin1"))
    with pytest.raises(FoolingError, match="is not valid YAML"):
        read_config(tmp_path / "config.yaml")


def test_tables_that_multiply_are_told_in_a_few_lines(tmp_path: Path) -> None:
    lines = ["x0: &x0 [lol, lol]", *(f"x{n}: &x{n} [{', '.join([f'*x{n - 1}'] * 9)}]" for n in range(1, 12))]
    path = tmp_path / "config.yaml"
    path.write_text("\n".join([*lines, "name: *x11", "networks: {lenet: {seeds: *x11}}"]))
    with pytest.raises(FoolingError) as told:
        read_config(path)
    assert len(str(told.value)) < 10_000


@pytest.mark.parametrize("path", ["-x.pth", "--output=x", "", "a\0b", "x" * 5000, "a{b}"])
def test_a_path_is_no_flag_and_no_pattern(path: str) -> None:
    for values in (
        {"datasets": {"imagenet": {"root": path}}},
        {"datasets": {"mnist": {"mirror": path}}},
        {"pretrained": {"own": {"architecture": "lenet", "dataset": "mine", "weights": path}}},
    ):
        with pytest.raises(FoolingError):
            load_config(NETWORKS | values, "here")
