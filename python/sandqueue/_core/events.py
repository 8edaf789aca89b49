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
        self._parts: list[bytes] = []

    def add(self, part: bytes) -> list[str]:
        first, *others = part.split(b"\n")
        self._parts.append(first)
        if not others:
            return []  # A long line comes in many parts, which are joined once.
        whole = [b"".join(self._parts), *others[:-1]]
        self._parts = [others[-1]]
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
