"""What a client sends and gets back, apart from how."""

from __future__ import annotations

from collections.abc import Generator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, TypeVar, Union
from urllib.parse import quote

T = TypeVar("T")


@dataclass(frozen=True)
class Request:
    """A request. One with a command id, and one that is repeatable, may be sent again."""

    method: str
    path: str
    query: Mapping[str, str] = field(default_factory=dict)
    body: Any = None
    command_id: str | None = None
    repeatable: bool = True
    timed: bool = False
    """Whether the route takes ``timeout``, the seconds that its command may take."""
    accept: str = "application/json"
    content: bytes | None = None
    """A body that is no JSON object, of ``content_type``."""
    content_type: str = "application/json"
    headers: Mapping[str, str] = field(default_factory=dict)

    def with_query(self, **more: str) -> Request:
        return replace(self, query={**self.query, **more})


@dataclass(frozen=True)
class Response:
    """An answer, whatever its status. Names of headers are in lower case."""

    status: int
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True)
class Lost:
    """There is no answer; whether the request may have arrived is all that is known."""

    sent: bool
    detail: str


@dataclass(frozen=True)
class Send:
    """Asks the client to send a request, and to give up after so many seconds."""

    request: Request
    limit: float


@dataclass(frozen=True)
class Pause:
    """Asks the client to wait."""

    seconds: float


Plan = Generator[Union[Send, Pause], Union[Response, Lost, None], T]
"""What is done until there is a result. A client carries out what it yields, and hands the outcome in."""


def segment(name: str) -> str:
    """A name as one segment of a path."""
    return quote(name, safe="")


def seconds(value: float) -> str:
    return f"{value:.3f}"
