"""As much of HTTP/1.1 as a worker speaks: requests with a known length, on connections that stay open."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

LARGEST_BODY = 256 << 20
"""Above the gateway's own limit: what the gateway let in, the server takes."""
_LONGEST_HEAD = 64 << 10

_TITLES = {200: "OK", 400: "Bad Request", 404: "Not Found", 405: "Method Not Allowed", 411: "Length Required", 413: "Payload Too Large", 500: "Internal Server Error"}


@dataclass(frozen=True)
class HttpRequest:
    method: str
    path: str
    body: bytes


@dataclass(frozen=True)
class HttpAnswer:
    status: int
    content: Any
    """JSON, a text as it is, or bytes of JSON."""
    headers: dict[str, str] = field(default_factory=dict)


Handler = Callable[[HttpRequest], Awaitable[HttpAnswer]]


class _Refused(Exception):
    def __init__(self, status: int, detail: str) -> None:
        super().__init__(detail)
        self.answer = HttpAnswer(status, {"detail": detail})


async def serve_connection(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, handle: Handler) -> None:
    """Answers the requests of a connection, one after the other, until the other side closes it."""
    try:
        while True:
            try:
                request = await _read(reader)
            except _Refused as refused:
                writer.write(_bytes(refused.answer, close=True))
                await writer.drain()
                return
            if request is None:
                return
            writer.write(_bytes(await handle(request), close=False))
            await writer.drain()
    except (ConnectionError, asyncio.IncompleteReadError):
        pass
    finally:
        writer.close()


def written(content: Any) -> bytes:
    """As JSON. Half a surrogate pair is no UTF-8, so it is escaped; NaN is no JSON, and raises ValueError."""
    return json.dumps(content, allow_nan=False).encode()


async def _read(reader: asyncio.StreamReader) -> HttpRequest | None:
    try:
        head = await reader.readuntil(b"\r\n\r\n")
    except asyncio.IncompleteReadError:
        return None
    except asyncio.LimitOverrunError:
        raise _Refused(400, f"the head of the request is longer than {_LONGEST_HEAD} bytes") from None
    first, *lines = head.decode("latin-1").split("\r\n")
    parts = first.split(" ")
    if len(parts) != 3:
        raise _Refused(400, "this is no request of HTTP/1.1")
    headers = {name.strip().lower(): value.strip() for name, _, value in (line.partition(":") for line in lines if line)}
    if "transfer-encoding" in headers:
        raise _Refused(411, "a body needs a Content-Length")
    try:
        length = int(headers.get("content-length", "0"))
    except ValueError:
        raise _Refused(400, "Content-Length is no number") from None
    if not 0 <= length <= LARGEST_BODY:
        raise _Refused(413, f"a body may have {LARGEST_BODY} bytes")
    return HttpRequest(parts[0], parts[1].partition("?")[0], await reader.readexactly(length))


def _bytes(answer: HttpAnswer, close: bool) -> bytes:
    content, text = answer.content, isinstance(answer.content, str)
    body: bytes = content if isinstance(content, bytes) else content.encode() if text else written(content)
    lines = [
        f"HTTP/1.1 {answer.status} {_TITLES.get(answer.status, 'Status')}", f"Content-Type: {'text/plain' if text else 'application/json'}",
        f"Content-Length: {len(body)}", *(f"{name}: {value}" for name, value in answer.headers.items()), *(["Connection: close"] if close else []),
    ]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


async def listen(handle: Handler, socket: str | None, host: str, port: int) -> asyncio.AbstractServer:
    async def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await serve_connection(reader, writer, handle)

    if socket:
        return await asyncio.start_unix_server(connected, path=socket, limit=_LONGEST_HEAD)
    return await asyncio.start_server(connected, host, port, limit=_LONGEST_HEAD)
