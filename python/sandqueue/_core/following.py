"""How a batch is followed: what is asked next, and what of the answers is told."""

from __future__ import annotations

import json
from typing import Any

from sandqueue._core import rollout_calls
from sandqueue._core.calls import Call
from sandqueue._core.events import EventLines
from sandqueue._core.request import Request
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


class ResultLines:
    """The results of a batch, each once, however often the stream is begun again."""

    MOST_BREAKS = 20

    def __init__(self) -> None:
        self._seen: set[str] = set()
        self._breaks = 0

    def line(self, line: str) -> Rollout | None:
        if not line.strip():
            return None
        try:
            rollout = Rollout.read(json.loads(line))
        except (ValueError, KeyError, TypeError) as broken:
            raise MalformedAnswer("malformed_answer", f"a line of the results cannot be read: {broken!r}") from None
        if rollout.rollout_id in self._seen:
            return None
        self._seen.add(rollout.rollout_id)
        self._breaks = 0
        return rollout

    def broke(self, error: SandQueueError) -> float:
        """Seconds until the stream is begun again. Raises the error where that is of no use."""
        self._breaks += 1
        if not error.resend or self._breaks > self.MOST_BREAKS:
            raise error
        return error.retry_after or min(0.1 * 2.0 ** self._breaks, 5.0)
