"""A web server on this machine that holds MNIST, and that can be told to serve it badly."""

import threading
import time
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Self

Answer = Callable[[BaseHTTPRequestHandler, bytes], None]
"""Answers a request for a file with the given content."""


class DisturbedMirror:
    """The server.

    Attributes:
        address: of the folder with the files.
        answer: how it answers; `well` at first.
    """

    def __init__(self, folder: Path) -> None:
        mirror = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                path = folder / self.path.rpartition("/")[2]
                if path.is_file():
                    try:
                        mirror.answer(self, path.read_bytes())
                    except OSError:
                        self.close_connection = True  # the client has given up
                else:
                    self.send_error(404)

            def log_message(self, *_: object) -> None:
                pass

        self.answer: Answer = well
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.address = f"http://127.0.0.1:{self._server.server_port}/mnist"

    def __enter__(self) -> Self:
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()


def send(handler: BaseHTTPRequestHandler, content: bytes, length: int | None = None, status: int = 200) -> None:
    handler.send_response(status)
    handler.send_header("Content-Length", str(len(content) if length is None else length))
    handler.end_headers()
    handler.wfile.write(content)
    handler.wfile.flush()


def well(handler: BaseHTTPRequestHandler, content: bytes) -> None:
    send(handler, content)


def never(handler: BaseHTTPRequestHandler, _: bytes) -> None:
    _wait_for_client(handler)


def half_and_then_nothing(handler: BaseHTTPRequestHandler, content: bytes) -> None:
    send(handler, content[: len(content) // 2], len(content))
    _wait_for_client(handler)


def in_drops(handler: BaseHTTPRequestHandler, content: bytes) -> None:
    send(handler, b"", len(content))
    for byte in content:
        handler.wfile.write(bytes([byte]))
        handler.wfile.flush()
        time.sleep(0.2)


def half_and_hang_up(handler: BaseHTTPRequestHandler, content: bytes) -> None:
    send(handler, content[: len(content) // 2], len(content))
    handler.close_connection = True


def _wait_for_client(handler: BaseHTTPRequestHandler) -> None:
    handler.connection.settimeout(120)
    handler.rfile.read(1)
