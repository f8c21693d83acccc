"""A source of the data that hangs, or that serves something else."""

import gzip
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from random import Random

import pytest
from disturbed import WorkFolder, check_sentence
from mirror import Answer, DisturbedMirror, half_and_hang_up, half_and_then_nothing, in_drops, never, send, well

PAGE = b"<!DOCTYPE html><html><body>Please log in to this network</body></html>"


@pytest.mark.at_most(3)
def test_a_source_that_hangs(number: int, undisturbed: WorkFolder, mirror: DisturbedMirror, tmp_path: Path) -> None:
    answer = (half_and_then_nothing, never, in_drops)[number]
    check_fetch(undisturbed, mirror, answer, tmp_path, "too slow" if answer is in_drops else "timed out")


def page(handler: BaseHTTPRequestHandler, _: bytes) -> None:
    send(handler, PAGE)


def page_as_long_as_the_file(handler: BaseHTTPRequestHandler, content: bytes) -> None:
    send(handler, PAGE.ljust(len(content)))


def compressed_page(handler: BaseHTTPRequestHandler, _: bytes) -> None:
    send(handler, gzip.compress(PAGE))


@pytest.mark.at_most(3)
def test_a_source_that_serves_html(
    number: int, undisturbed: WorkFolder, mirror: DisturbedMirror, tmp_path: Path
) -> None:
    answer = (page, page_as_long_as_the_file, compressed_page)[number]
    check_fetch(undisturbed, mirror, answer, tmp_path, "got a web page instead")


def test_a_source_that_serves_wrong_bytes(
    number: int, chance: Random, undisturbed: WorkFolder, mirror: DisturbedMirror, tmp_path: Path
) -> None:
    place = chance.randrange(10_000)

    def one_wrong(handler: BaseHTTPRequestHandler, content: bytes) -> None:
        send(handler, content[:place] + bytes([content[place] ^ 255]) + content[place + 1 :])

    def cut(handler: BaseHTTPRequestHandler, content: bytes) -> None:
        send(handler, content[:place])

    def noise(handler: BaseHTTPRequestHandler, content: bytes) -> None:
        send(handler, b"\0" + Random(place).randbytes(len(content) - 1))

    def bomb(handler: BaseHTTPRequestHandler, content: bytes) -> None:
        send(handler, gzip.compress(bytes(10 * len(content)), compresslevel=1))

    def damaged_archive(handler: BaseHTTPRequestHandler, content: bytes) -> None:
        send(handler, b"\x1f\x8b" + content[:place])

    def internal_error(handler: BaseHTTPRequestHandler, _: bytes) -> None:
        handler.send_error(500)

    wrong = [
        (one_wrong, "the sha256 is wrong"),
        (cut, "bytes instead of"),
        (noise, "the sha256 is wrong"),
        (bomb, "bytes instead of"),
        (damaged_archive, "does not decompress"),
        (internal_error, "the server answers 500"),
        (half_and_hang_up, "cannot be reached"),
    ]
    answer, sentence = wrong[number % len(wrong)]
    check_fetch(undisturbed, mirror, answer, tmp_path, sentence)


def check_fetch(
    undisturbed: WorkFolder, mirror: DisturbedMirror, answer: Answer, tmp_path: Path, sentence: str
) -> None:
    """Fetch from a mirror that answers so; then from one that serves well."""
    folder = undisturbed.without(tmp_path / "disturbed", "fetch_mnist")
    mirror.answer = answer
    try:
        ended = folder.run("fetch_mnist")
    finally:
        mirror.answer = well
    assert ended.status == 1
    check_sentence(ended.told, "Error: Cannot fetch ", f"{mirror.address}: ", sentence, "Give a mirror that you can")
    folder.check_whole(undisturbed)
    again = folder.run("fetch_mnist")
    assert again.status == 0, again.told
    folder.check_complete(undisturbed)
