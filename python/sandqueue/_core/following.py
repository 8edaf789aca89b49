"""How a batch is followed: what is asked next, and what of the answers is told."""

from __future__ import annotations

import json
from typing import Any

from sandqueue._core import rollout_calls
from sandqueue._core.calls import Call
from sandqueue._core.events import EventLines
from sandqueue._core.request import Request
from sandqueue._core.resending import Rules
from sandqueue.errors import MalformedAnswer, SandQueueError
from sandqueue.rollouts import BatchState, Rollout


class BatchFollowing:
    """Progress by server-sent events; by long polls where there is no stream or it breaks."""

    LONGEST_POLL = 20.0

    def __init__(self, batch_id: str) -> None:
        self._batch_id = batch_id
        self._events = EventLines()
        self._last_event: str | None = None
        self._told: dict[str, Any] | None = None
        self.streams = True
        self.closed = False

    def stream(self) -> Request:
        self._events = EventLines()
        return rollout_calls.follow_batch(self._batch_id, self._last_event)

    def poll(self, wait: float | None = None) -> Call[BatchState]:
        return rollout_calls.batch(self._batch_id, self.LONGEST_POLL if wait is None else wait)

    def line(self, line: str) -> BatchState | None:
        event = self._events.add(line)
        if event is None:
            return None
        self._last_event = event.id or self._last_event
        if event.kind not in ("progress", "end"):
            return None
        try:
            return self.state(BatchState.read(json.loads(event.text)))
        except (ValueError, KeyError, TypeError) as broken:
            raise MalformedAnswer("malformed_answer", f"the event {event.kind} of the batch cannot be read: {broken!r}") from None

    def state(self, state: BatchState) -> BatchState | None:
        """The state, unless it was told already."""
        self.closed = self.closed or state.closed
        if state.source == self._told:
            return None
        self._told = state.source
        return state

    def broke(self, error: SandQueueError) -> None:
        """A stream that is refused for good is not asked for again; whether the batch can be asked at all, the next poll says."""
        self.streams = error.resend or error.status is None


class JsonLines:
    """The objects of a stream, a line each. One that broke off is begun again only where nothing has come of it yet, and only for the deadline."""

    MOST_UNREADABLE = 3

    def __init__(self, what: str, rules: Rules) -> None:
        self._what, self._rules = what, rules
        self._breaks = self._unreadable = 0
        self._first_break = self._last_break = 0.0
        self._came = False

    def object(self, line: str) -> dict[str, Any] | None:
        if not line.strip():
            return None
        try:
            value = json.loads(line)
        except (ValueError, RecursionError) as broken:
            raise self.unreadable(broken) from None
        if not isinstance(value, dict):
            raise self.unreadable(TypeError("it is no object"))
        self._came = True
        return value

    def unreadable(self, broken: Exception) -> MalformedAnswer:
        return MalformedAnswer("malformed_answer", f"a line of {self._what} cannot be read: {broken!r}")

    def broke(self, error: SandQueueError) -> float:
        """Seconds until the stream is begun again. Raises the error where that is of no use."""
        now = self._rules.clock()
        if not self._breaks or now - self._last_break > self._rules.attempt:
            # A stream that lived for so long was a good one, though nothing came of it.
            self._breaks, self._first_break = 0, now
        self._breaks, self._last_break = self._breaks + 1, now
        self._unreadable += isinstance(error, MalformedAnswer)
        pause = self._rules.pause(self._breaks, error.retry_after)
        is_over = now - self._first_break + pause > self._rules.deadline
        if not error.resend or is_over or self._unreadable >= self.MOST_UNREADABLE or not self._may_begin_again():
            raise error
        return pause

    def _progressed(self) -> None:
        self._breaks = self._unreadable = 0

    def _may_begin_again(self) -> bool:
        return not self._came


class ResultLines(JsonLines):
    """The results of a batch, each once, however often the stream is begun again."""

    def __init__(self, rules: Rules) -> None:
        super().__init__("the results", rules)
        self._seen: set[str] = set()

    def line(self, line: str) -> Rollout | None:
        value = self.object(line)
        if value is None:
            return None
        try:
            rollout = Rollout.read(value)
        except (ValueError, KeyError, TypeError) as broken:
            raise self.unreadable(broken) from None
        if rollout.rollout_id in self._seen:
            return None
        self._seen.add(rollout.rollout_id)
        self._progressed()
        return rollout

    def _may_begin_again(self) -> bool:
        return True
