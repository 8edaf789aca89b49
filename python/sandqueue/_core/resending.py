"""
Sends a request until it has an end, or its time is over: always the same request, under the same id. An end that is unknown is asked for
by the command's id before the command is sent again.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Generator
from dataclasses import dataclass
from typing import Any, TypeVar

from sandqueue._core.reading import problem, read_object
from sandqueue._core.request import Lost, Pause, Plan, Request, Response, Send, seconds, segment
from sandqueue.errors import InternalError, MalformedAnswer, NotFound, SandQueueError, UnknownEnd, Unreachable

T = TypeVar("T")

_MOST_BROKEN = 3
"""Who answers so often what cannot be read is no gateway, and one that fails so often at a command always will."""


def margin(limit: float) -> float:
    """What is left of a time for the way back, in seconds."""
    return min(limit / 10, 2.0)


@dataclass(frozen=True)
class Rules:
    """How long things may take, in seconds."""

    deadline: float = 300.0
    """For all attempts of a call together."""
    attempt: float = 60.0
    """For one attempt; the gateway answers within 55 s unless it is set otherwise."""
    first_pause: float = 0.1
    longest_pause: float = 5.0
    clock: Callable[[], float] = time.monotonic
    chance: Callable[[], float] = random.random

    def has_time(self, pause: float, left: float, deadline: float) -> bool:
        """Another attempt has time after a pause: one that is cut off at once would make an unknown end of what is clear so far."""
        return pause < left - margin(deadline)

    def pause(self, failures: int, asked: float | None) -> float:
        """Exponential with jitter; what the other side asked for is the least."""
        if asked:
            return asked + self.chance() * min(asked / 4, 1.0)
        longest = min(self.first_pause * 2.0 ** min(failures - 1, 20), self.longest_pause)
        return longest * (0.5 + self.chance() / 2)


def send(request: Request, read: Callable[[Response], T], rules: Rules, deadline: float | None = None) -> Plan[T]:
    """Sends it until ``read`` has an answer. Raises the error that is final, or the last one when the time is over."""
    allowed = rules.deadline if deadline is None else deadline
    begun, attempts, broken, unknown = rules.clock(), 0, 0, False
    while True:
        left = allowed - (rules.clock() - begun)
        error: SandQueueError
        try:
            return (yield from attempt(request, read, min(rules.attempt, max(left, 0.001))))
        except SandQueueError as failure:
            error = failure
        attempts += 1
        if isinstance(error, (MalformedAnswer, InternalError)):
            broken += 1
        may_repeat = request.repeatable or isinstance(error, Unreachable)
        if not error.resend or not may_repeat or broken >= _MOST_BROKEN:
            raise error
        unknown = unknown or error.unknown
        pause = rules.pause(attempts, error.retry_after)
        if not rules.has_time(pause, allowed - (rules.clock() - begun), allowed):
            raise _over(error, unknown, attempts, allowed, request)
        yield Pause(pause)
        if not rules.has_time(0.0, allowed - (rules.clock() - begun), allowed):
            raise _over(error, unknown, attempts, allowed, request)
        if isinstance(error, UnknownEnd) and error.status is not None and request.command_id:
            left = allowed - (rules.clock() - begun)
            end = yield from _ask(request.command_id, min(rules.attempt, max(left, 0.001)))
            if end is not None:
                return read(end)


def attempt(request: Request, read: Callable[[Response], T], limit: float) -> Plan[T]:
    """Sends it once."""
    # The other side has a little less, so that it can still say how the command ended.
    sent = request.with_query(timeout=seconds(max(limit - margin(limit), 0.001))) if request.timed else request
    outcome = yield Send(sent, limit)
    if isinstance(outcome, Response):
        return read(outcome)
    raise lost(outcome, request.command_id)


def lost(outcome: Lost | None, command_id: str | None) -> SandQueueError:
    detail = outcome.detail if outcome else "nothing was answered"
    if outcome and not outcome.sent:
        return Unreachable("unreachable", detail, command_id=command_id)
    return UnknownEnd("unknown_end", detail, command_id=command_id, end="unknown")


def _ask(command_id: str, limit: float) -> Generator[Send | Pause, Response | Lost | None, Response | None]:
    """The command's end as if it had been answered; None where it is not known and the command is to be sent again."""
    request = Request("GET", f"/v1/commands/{segment(command_id)}", {"wait": seconds(limit * 0.9)})
    try:
        content = yield from attempt(request, _Whole.read, limit)
    except NotFound:
        return None
    except SandQueueError as failure:
        if failure.resend:
            return None
        raise
    if "problem" in content.json:
        raise problem(content.json["problem"])
    return None if content.response.status == 202 else content.response


@dataclass(frozen=True)
class _Whole:
    response: Response
    json: dict[str, Any]

    @staticmethod
    def read(response: Response) -> _Whole:
        return _Whole(response, read_object(response))


def _over(error: SandQueueError, unknown: bool, attempts: int, allowed: float, request: Request) -> SandQueueError:
    """A refusal of the last attempt says nothing of an earlier one that may have arrived."""
    if not unknown or not request.command_id:
        return error
    detail = (
        f"whether the command took effect is unknown after {attempts} attempts in {allowed:g} s; "
        f"send it again under the same id. The last: {error.detail}"
    )
    return UnknownEnd("unknown_end", detail, status=error.status, command_id=request.command_id, end="unknown", retry_after=error.retry_after)
