"""The local page of a breeding session: whom the server answers, and what a breeder does in a browser."""

import http.client
import json
import socket
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import torch
from chromium import Browser

from fooling.breeding.judge import Verdict
from fooling.breeding.log import Begin, Choose, LogFile, Publish, Undo, read_log
from fooling.breeding.server import LARGEST_REQUEST, TOKEN_HEADER, PageServer, Table
from fooling.breeding.session import Session
from fooling.errors import FoolingError
from fooling.settings.breeding import BreedingSettings

BEGIN = Begin(seed=5, network="stub", settings=BreedingSettings(population=8))


class StubJudge:
    """Calls every picture the same."""

    name = "stub"
    image_shape = (3, 64, 64)

    def judge(self, images: torch.Tensor) -> Verdict:
        count = len(images)
        names = [["a very long name of a class that has no room", "<b>bold</b>", "third"]] * count
        return Verdict(np.zeros((count, 3), np.int64), np.tile([0.75, 0.2, 0.05], (count, 1)), names)


@pytest.fixture
def log(tmp_path: Path) -> Path:
    return tmp_path / "log.jsonl"


@pytest.fixture
def server(log: Path) -> Iterator[PageServer]:
    with LogFile(log) as file:
        file.append(BEGIN)
        table = Table(Session(BEGIN), 0, BEGIN.settings, StubJudge(), file)  # type: ignore[arg-type]
        with PageServer(table) as made:
            threading.Thread(target=made.serve_forever, daemon=True).start()
            yield made
            made.shutdown()


def ask(server: PageServer, method: str, path: str, body: object = None, **headers: str) -> tuple[int, str]:
    """Send a request as the page does, but for `headers`, and return status and text."""
    connection = http.client.HTTPConnection("127.0.0.1", server.server_port, timeout=60)
    text = body if isinstance(body, str | bytes | None) else json.dumps(body)
    given = {TOKEN_HEADER: server.token} | {name.replace("_", "-"): value for name, value in headers.items()}
    connection.request(method, path, text, {name: value for name, value in given.items() if value})
    answer = connection.getresponse()
    return answer.status, answer.read().decode()


def test_the_server_listens_on_this_machine_alone(server: PageServer) -> None:
    assert server.server_address[0] == "127.0.0.1"
    with pytest.raises(FoolingError, match=r"cannot be used .* name another by --port"):
        PageServer(server.table, server.server_port)


def test_the_page_needs_nothing_from_elsewhere(server: PageServer) -> None:
    status, page = ask(server, "GET", f"/?token={server.token}")
    assert status == 200
    assert "://" not in page
    assert "src=" not in page


@pytest.mark.parametrize(
    "headers",
    [
        {TOKEN_HEADER: ""},
        {TOKEN_HEADER: "wrong"},
        {TOKEN_HEADER: "\u00e9"},
        {"Origin": "http://elsewhere.example"},
        {"Origin": "null"},
        {"Host": "elsewhere.example"},
    ],
)
def test_a_request_of_another_site_is_refused(server: PageServer, log: Path, headers: dict[str, str]) -> None:
    before = log.read_bytes()
    choice = {"acts": 0, "parents": [1], "strength": "usual"}
    assert ask(server, "POST", "/choose", choice, **headers)[0] == 403
    assert ask(server, "GET", "/state", **headers)[0] == 403
    assert ask(server, "GET", "/?token=wrong", **headers)[0] == 403
    assert log.read_bytes() == before


@pytest.mark.parametrize(
    ("path", "body", "expected"),
    [
        ("/choose", "x" * (LARGEST_REQUEST + 1), (413, "too large")),
        ("/choose", "[" * LARGEST_REQUEST, (400, "")),
        ("/choose", "{", (400, "")),
        ("/choose", [], (400, "This request is not right")),
        ("/choose", {"acts": 0, "parents": [8], "strength": "usual"}, (400, "positions are from 0 to 7")),
        ("/choose", {"acts": 0, "parents": [1], "strength": "x"}, (400, "strength")),
        ("/choose", {"acts": 1, "parents": [1], "strength": "usual"}, (400, "behind the session; reload it")),
        ("/publish", {"acts": 0, "image": 1, "label": " "}, (400, "label")),
        ("/publish", {"acts": 0, "image": 1, "label": "a\nb"}, (400, "label")),
        ("/undo", {"acts": 0}, (400, "no generation before the first")),
        ("/delete", {"acts": 0}, (403, "")),
    ],
)
def test_a_request_that_makes_no_sense_changes_nothing(
    server: PageServer, log: Path, path: str, body: object, expected: tuple[int, str]
) -> None:
    before = log.read_bytes()
    status, text = ask(server, "POST", path, body)
    assert status == expected[0]
    assert expected[1] in json.loads(text)["error"]
    assert log.read_bytes() == before
    assert json.loads(ask(server, "GET", "/state")[1])["acts"] == 0


def test_a_request_without_a_length_is_refused(server: PageServer) -> None:
    with socket.create_connection(("127.0.0.1", server.server_port), timeout=60) as connection:
        connection.sendall(
            f"POST /undo HTTP/1.1\r\nHost: {server.host}\r\n{TOKEN_HEADER}: {server.token}\r\n\r\n".encode()
        )
        assert b" 413 " in connection.recv(1000)


def test_a_choice_that_the_log_refuses_is_not_shown(server: PageServer, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise FoolingError("The disk is full.")

    with monkeypatch.context() as patch:
        patch.setattr(LogFile, "append", refuse)
        assert ask(server, "POST", "/choose", {"acts": 0, "parents": [1], "strength": "usual"})[0] == 400
    state = json.loads(ask(server, "POST", "/choose", {"acts": 0, "parents": [1], "strength": "usual"})[1])
    assert (state["acts"], state["generation"]) == (1, 1)


SHOWN = "document.querySelectorAll('.picture img').length === 8"


def generation(number: int) -> str:
    return f"document.getElementById('where').textContent.endsWith('generation {number}')"


def test_a_breeder_with_a_mouse(server: PageServer, log: Path, browser: Browser) -> None:
    browser.open(server.address)
    browser.wait_for(SHOWN)
    assert browser.run("document.querySelector('.name:nth-child(1)').textContent").startswith("a very long name")
    assert browser.run("document.querySelectorAll('.verdict b').length") == 0
    browser.click("li:nth-child(3) .picture")
    browser.click("li:nth-child(1) .picture")
    browser.click("[value=bold]")
    browser.click("#next")
    browser.wait_for(generation(1))
    browser.click("li:nth-child(2) .picture")
    browser.click("#publish")
    browser.type("an owl")
    browser.click("dialog [value=yes]")
    browser.wait_for("document.getElementById('published').textContent === 'Published: an owl'")
    browser.click("#undo")
    browser.wait_for(generation(0))
    choice, publication, undo = read_log(log)[1]
    assert isinstance(choice, Choose)
    assert (choice.parents, choice.strength) == ([0, 2], "bold")
    assert isinstance(publication, Publish)
    assert (publication.image, publication.label) == (1, "an owl")
    assert undo == Undo()
    assert browser.complaints == []


def test_a_breeder_with_a_keyboard(server: PageServer, log: Path, browser: Browser) -> None:
    browser.open(server.address)
    browser.wait_for(SHOWN)
    for key in ("ArrowRight", "ArrowRight", " ", "1", "n"):
        browser.press(key)
    browser.wait_for(generation(1))
    assert browser.run("document.activeElement === document.querySelector('.picture')")
    browser.press("Enter")
    browser.press("p")
    browser.type("n")
    browser.press("Enter")
    browser.wait_for("document.getElementById('published').textContent === 'Published: n'")
    browser.press("u")
    browser.wait_for(generation(0))
    acts = read_log(log)[1]
    assert [act.event for act in acts] == ["choose", "publish", "undo"]
    assert isinstance(acts[0], Choose)
    assert (acts[0].parents, acts[0].strength) == ([1], "fine")
    assert browser.complaints == []


@pytest.mark.parametrize(("width", "scheme"), [(1100, "light"), (1100, "dark"), (360, "light")])
def test_the_page_fits_and_follows_the_colour_scheme(
    server: PageServer, browser: Browser, tmp_path: Path, width: int, scheme: str
) -> None:
    browser.show(width, 800, dark=scheme == "dark")
    browser.open(server.address)
    browser.wait_for(SHOWN)
    browser.click("li:nth-child(1) .picture")
    browser.screenshot(tmp_path / "page.png")
    assert browser.run("document.documentElement.scrollWidth <= innerWidth")
    ground = browser.run("getComputedStyle(document.body).backgroundColor")
    assert ground == ("rgb(246, 246, 244)" if scheme == "light" else "rgb(22, 24, 27)")


def test_a_page_without_its_program_says_so(server: PageServer, browser: Browser) -> None:
    browser.open(server.address)
    browser.wait_for(SHOWN)
    server.shutdown()
    server.server_close()
    # Connections that the browser had opened before are still answered, once each.
    said = "document.getElementById('said').textContent.startsWith('The program has ended')"
    until = time.monotonic() + 60
    while not browser.run(said):
        assert time.monotonic() < until, "the page never said that the program has ended"
        browser.click("#next")
        time.sleep(0.5)
