"""A small HTTP server that answers what a test tells it to."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

Answer = "tuple[int, Any, dict[str, str]]"


class FakeServer:
    """``answer`` takes method, path with query, body and headers; it gives status, body and headers. None cuts the connection, a list is streamed."""

    def __init__(self, answer: Callable[[str, str, Any, dict[str, str]], Any]) -> None:
        fake = self
        self.requests: list[tuple[str, str, Any, dict[str, str]]] = []

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def handle_one(self) -> None:
                text = self.rfile.read(int(self.headers.get("Content-Length", 0)))
                body = json.loads(text) if text and self.headers.get("Content-Type") == "application/json" else text.decode()
                request = (self.command, self.path, body, {name.lower(): value for name, value in self.headers.items()})
                fake.requests.append(request)
                told = answer(*request)
                if told is None:
                    self.close_connection = True
                    return
                status, content, headers = told if len(told) == 3 else (*told, {})
                if isinstance(content, list):
                    self.close_connection = True
                    self.send_response(status)
                    for name, value in headers.items():
                        self.send_header(name, value)
                    self.send_header("Connection", "close")
                    self.end_headers()
                    for part in content:
                        self.wfile.write(part.encode())
                    return
                data = content.encode() if isinstance(content, str) else json.dumps(content).encode()
                self.send_response(status)
                self.send_header("Content-Length", str(len(data)))
                for name, value in headers.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(data)

            do_GET = do_POST = do_DELETE = do_PUT = do_PATCH = handle_one

            def log_message(self, *_: Any) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"
        threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True).start()

    def __enter__(self) -> FakeServer:
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()
