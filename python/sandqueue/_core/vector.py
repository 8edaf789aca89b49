"""Steps of many instances in one request, each with an id and an end of its own. Only those without an end are sent again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sandqueue._core.calls import given, new_id, reading
from sandqueue._core.reading import problem
from sandqueue._core.request import Pause, Plan, Request
from sandqueue._core.resending import Rules, attempt
from sandqueue.answers import Message, Step, StepEnd, StepFailure, as_message
from sandqueue.errors import MalformedAnswer, SandQueueError, UnknownEnd

MOST_STEPS = 256
"""What a gateway takes in one request unless Gateway:MaxVectorSteps says otherwise."""


@dataclass(frozen=True)
class StepRequest:
    """One step among many."""

    instance_id: str
    action: str | Message
    step: int | None = None
    """The number that the step must have; None for no matter which."""
    params: Mapping[str, Any] | None = None
    command_id: str | None = None


@dataclass
class _Open:
    body: dict[str, Any]
    unknown: bool = False
    latest: StepEnd | None = None

    def add(self, end: StepEnd) -> bool:
        """Whether it is to be sent again."""
        self.latest = end
        if isinstance(end, Step):
            return False
        self.unknown = self.unknown or end.error.unknown
        return end.error.resend

    def fail(self, error: SandQueueError) -> bool:
        return self.add(StepFailure(self.body["command_id"], self.body["instance_id"], error))

    def unanswered(self) -> StepEnd:
        return StepFailure(self.body["command_id"], self.body["instance_id"], MalformedAnswer("malformed_answer", "the answer has no result for this step"))

    def end(self) -> StepEnd:
        end = self.latest
        assert end is not None
        if isinstance(end, StepFailure) and end.error.resend and self.unknown and not isinstance(end.error, UnknownEnd):
            detail = f"whether the step took effect is unknown; send it again under the same id. The last: {end.error.detail}"
            return StepFailure(end.command_id, end.instance_id, UnknownEnd("unknown_end", detail, command_id=end.command_id, end="unknown"))
        return end


def step_many(steps: Sequence[StepRequest], rules: Rules, deadline: float | None = None) -> Plan[list[StepEnd]]:
    """Takes at most MOST_STEPS steps. It does not raise for what a step ended with; each end says it."""
    allowed, begun, failures = rules.deadline if deadline is None else deadline, rules.clock(), 0
    every = [
        _Open(given(instance_id=one.instance_id, action=as_message(one.action), step=one.step, params=one.params, command_id=one.command_id or new_id()))
        for one in steps
    ]
    open_ones = every
    while open_ones:
        left = allowed - (rules.clock() - begun)
        request = Request("POST", "/v1/steps", body={"steps": [one.body for one in open_ones]}, timed=True)
        try:
            ends = yield from attempt(request, reading(_ends), min(rules.attempt, max(left, 0.001)))
            open_ones = [one for one in open_ones if one.add(ends.get(one.body["command_id"]) or one.unanswered())]
        except SandQueueError as error:
            open_ones = [one for one in open_ones if one.fail(error)]
        failures += 1
        pause = max((rules.pause(failures, _asked(one)) for one in open_ones), default=0.0)
        if not open_ones or not rules.has_time(pause, allowed - (rules.clock() - begun), allowed):
            break
        yield Pause(pause)
        if not rules.has_time(0.0, allowed - (rules.clock() - begun), allowed):
            break
    return [one.end() for one in every]


def _ends(content: dict[str, Any]) -> dict[str, StepEnd]:
    return {result["command_id"]: _end(result) for result in content["results"]}


def _end(result: dict[str, Any]) -> StepEnd:
    told = result.get("problem")
    return StepFailure(result["command_id"], result["instance_id"], problem(told)) if told else Step.read(result)


def _asked(one: _Open) -> float | None:
    return one.latest.error.retry_after if isinstance(one.latest, StepFailure) else None
