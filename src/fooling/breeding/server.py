"""The local page of a session: one file, no external resources, and a few requests that only this page may send.

The server listens on 127.0.0.1 alone. A page of another site could still send requests there from the breeder's own
browser, so each one must carry the secret that only the printed address has, and the name of this host.
"""

import base64
import copy
import hmac
import json
import secrets
import threading
from collections.abc import Callable
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib import resources
from typing import Any
from urllib.parse import parse_qs, urlsplit

import numpy as np

from fooling.artifacts.pngs import png_bytes
from fooling.breeding.judge import Judge
from fooling.breeding.log import Act, LogFile, Parents, Position, Undo
from fooling.breeding.session import Session, render
from fooling.errors import FoolingError
from fooling.settings.base import Settings, parse
from fooling.settings.breeding import BreedingSettings, Label, Strength

LARGEST_REQUEST = 10_000
"""Bytes."""
SECONDS = 20
"""That a connection may keep the server waiting."""
TOKEN_HEADER = "X-Breeding-Token"  # noqa: S105
_HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; img-src data:; style-src 'unsafe-inline'; "
    "script-src 'unsafe-inline'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}


class _Request(Settings):
    """What every request of the page says."""

    acts: int
    """How many acts the log had when the page was drawn; a page that is behind may not choose."""


class _ChooseRequest(_Request):
    parents: Parents
    strength: Strength


class _PublishRequest(_Request):
    image: Position
    label: Label


_REQUESTS: dict[str, type[_Request]] = {"choose": _ChooseRequest, "publish": _PublishRequest, "undo": _Request}


class Table:
    """The session on the breeder's table: every act is played, then logged, then shown.

    Args:
        session: replayed as far as its log goes.
        acts: how many that are.
        settings: of the session.
        judge: whose labels are shown.
        log: where the acts go.
    """

    def __init__(self, session: Session, acts: int, settings: BreedingSettings, judge: Judge, log: LogFile) -> None:
        self._session = session
        self._acts = acts
        self._settings = settings
        self._judge = judge
        self._log = log
        self._lock = threading.Lock()
        self._shown: dict[str, Any] = self._show()

    def state(self) -> dict[str, Any]:
        """Return what the page shows, as plain values."""
        with self._lock:
            return self._shown

    def act(self, name: str, body: Any) -> dict[str, Any]:
        """Do what a request asks for and return what the page shows then.

        Raises:
            FoolingError: the request makes no sense here.
        """
        with self._lock:
            act = self._requested(name, body)
            moved = copy.deepcopy(self._session)
            moved.play(act)
            self._log.append(act)
            self._session = moved  # only now, since the log might have refused
            self._acts += 1
            self._shown = self._show()
            return self._shown

    def _requested(self, name: str, body: Any) -> Act:
        request = parse(_REQUESTS[name], body, "This request is not right")
        if request.acts != self._acts:
            raise FoolingError("This page is behind the session; reload it.")
        if isinstance(request, _ChooseRequest):
            return self._session.choose(request.parents, request.strength)
        if isinstance(request, _PublishRequest):
            return self._session.publish(request.image, request.label)
        return Undo()

    def _show(self) -> dict[str, Any]:
        images = render(self._session.genomes, self._settings, self._judge.image_shape)
        verdict = self._judge.judge(images)
        return {
            "acts": self._acts,
            "generation": self._session.generation,
            "network": self._judge.name,
            "published": [published.label for published in self._session.published],
            "images": [
                {"png": png(image), "labels": list(zip(names, confidence, strict=True))}
                for image, names, confidence in zip(
                    images.numpy(), verdict.names, verdict.confidence.tolist(), strict=True
                )
            ],
        }


def png(image: np.ndarray) -> str:
    """Return an image, uint8 (3, H, W), as the text of a data address."""
    return f"data:image/png;base64,{base64.b64encode(png_bytes(image)).decode()}"


class PageServer(ThreadingHTTPServer):
    """Serves the page of `table` on 127.0.0.1.

    Args:
        table: the session.
        port: 0 takes a free one.

    Raises:
        FoolingError: the port is taken.
    """

    daemon_threads = True

    def __init__(self, table: Table, port: int = 0) -> None:
        try:
            super().__init__(("127.0.0.1", port), _Handler)
        except OSError as error:
            raise FoolingError(f"Port {port} cannot be used ({error.strerror}); name another by --port.") from error
        self.table = table
        self.token = secrets.token_urlsafe(24)
        self.page = resources.files("fooling.breeding").joinpath("page.html").read_bytes()

    @property
    def host(self) -> str:
        """Host and port, as a browser names them."""
        return f"127.0.0.1:{self.server_port}"

    @property
    def address(self) -> str:
        """What the breeder opens."""
        return f"http://{self.host}/?token={self.token}"


class _Handler(BaseHTTPRequestHandler):
    server: PageServer
    timeout = SECONDS

    def do_GET(self) -> None:
        """Serve the page, or what it shows."""
        url = urlsplit(self.path)
        if url.path == "/" and self._allowed(parse_qs(url.query).get("token", [""])[0]):
            self._send(HTTPStatus.OK, "text/html; charset=utf-8", self.server.page)
        elif url.path == "/state" and self._allowed(self.headers.get(TOKEN_HEADER, "")):
            self._send_json(HTTPStatus.OK, self.server.table.state())
        else:
            self._refuse()

    def do_POST(self) -> None:
        """Do what the page asks for."""
        name = self.path.removeprefix("/")
        if name not in _REQUESTS or not self._allowed(self.headers.get(TOKEN_HEADER, "")):
            self._refuse()
            return
        length = self.headers.get("Content-Length", "")
        if not length.isdecimal() or int(length) > LARGEST_REQUEST:
            self._send_json(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, {"error": "This request is too large."})
            return
        self._answer(lambda: self.server.table.act(name, json.loads(self.rfile.read(int(length)))))

    def _answer(self, act: Callable[[], dict[str, Any]]) -> None:
        try:
            shown = act()
        except (FoolingError, ValueError, RecursionError) as error:  # the latter two: no JSON
            self._send_json(HTTPStatus.BAD_REQUEST, {"error": str(error)})
        else:
            self._send_json(HTTPStatus.OK, shown)

    def _allowed(self, token: str) -> bool:
        """Tell whether the request has the secret, and names this host: another name may be a trick of DNS."""
        origin = self.headers.get("Origin", f"http://{self.server.host}")
        named = self.headers.get("Host") == self.server.host and origin == f"http://{self.server.host}"
        return named and hmac.compare_digest(token.encode(), self.server.token.encode())

    def _refuse(self) -> None:
        self._send_json(HTTPStatus.FORBIDDEN, {"error": "Open the address that the program printed."})

    def _send_json(self, status: HTTPStatus, values: dict[str, Any]) -> None:
        self._send(status, "application/json", json.dumps(values).encode())

    def _send(self, status: HTTPStatus, kind: str, body: bytes) -> None:
        self.send_response(status)
        for name, value in {**_HEADERS, "Content-Type": kind, "Content-Length": str(len(body))}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *arguments: Any) -> None:  # noqa: A002
        """Keep the terminal quiet."""
