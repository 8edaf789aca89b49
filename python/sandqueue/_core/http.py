"""What both drivers of httpx have in common."""

from __future__ import annotations

import json
import socket
from typing import Any

import httpx

from sandqueue._core.request import Lost, Request, Response

LONGEST_CONNECT = 10.0
SILENCE = 60.0
"""A stream says at least every 15 s that it is there; one that is silent for so long is broken."""


def built(client: httpx.Client | httpx.AsyncClient, request: Request, limit: float, read: float | None = None) -> httpx.Request:
    headers = {"Accept": request.accept, **request.headers}
    if request.command_id:
        headers["Idempotency-Key"] = request.command_id
    content = request.content
    if content is None and request.body is not None:
        # Half a surrogate pair of an agent's text stays what it is: it is escaped.
        content = json.dumps(request.body, allow_nan=False).encode()
    if content is not None:
        headers["Content-Type"] = request.content_type
    timeout = httpx.Timeout(limit, connect=min(limit, LONGEST_CONNECT), read=limit if read is None else read)
    # asyncio sets it by itself.
    extensions = {"trace": _send_at_once} if isinstance(client, httpx.Client) else {}
    return client.build_request(
        request.method, request.path, params=dict(request.query), content=content, headers=headers, timeout=timeout, extensions=extensions
    )


def _send_at_once(event: str, told: dict[str, Any]) -> None:
    """
    A request's head and body are sent one after the other. Without TCP_NODELAY the body waits for the other side's acknowledgement of the head,
    40 ms on Linux: more than most steps take.
    """
    if event == "connection.connect_tcp.complete":
        connection = told["return_value"].get_extra_info("socket")
        if connection is not None:
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)


def response_of(answer: httpx.Response) -> Response:
    return Response(answer.status_code, {name.lower(): value for name, value in answer.headers.items()}, answer.content)


def lost_of(error: httpx.TransportError) -> Lost:
    sent = not isinstance(error, (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.UnsupportedProtocol, httpx.ProxyError))
    return Lost(sent, f"{type(error).__name__}: {error}" if str(error) else type(error).__name__)


def client_settings(url: str, key: str | None, connections: int) -> dict[str, Any]:
    return {
        "base_url": url,
        "headers": {"Authorization": f"Bearer {key}"} if key else {},
        "limits": httpx.Limits(max_connections=connections, max_keepalive_connections=connections),
        "follow_redirects": False,
        # Proxies of the machine are not asked for a gateway beside it, and no key goes to them.
        "trust_env": False,
    }
