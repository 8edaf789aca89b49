"""Reads the lines of a stream, and server-sent events from them."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Event:
    kind: str
    text: str
    id: str | None


class Lines:
    """Whole lines of the bytes that have come. Only line feeds end them: JSON may have other separators of Unicode in its texts."""

    def __init__(self) -> None:
        self._rest = b""

    def add(self, part: bytes) -> list[str]:
        *whole, self._rest = (self._rest + part).split(b"\n")
        return [line.removesuffix(b"\r").decode("utf-8", "replace") for line in whole]


class EventLines:
    """Takes a stream's lines one by one; an empty line completes an event."""

    def __init__(self) -> None:
        self._kind = "message"
        self._lines: list[str] = []
        self._id: str | None = None

    def add(self, line: str) -> Event | None:
        if line:
            name, _, value = line.partition(":")
            value = value[1:] if value.startswith(" ") else value
            if name == "event":
                self._kind = value
            elif name == "data":
                self._lines.append(value)
            elif name == "id":
                self._id = value
            return None
        event = Event(self._kind, "\n".join(self._lines), self._id) if self._lines else None
        self._kind, self._lines = "message", []
        return event
