"""What is sent again, when, and for how long: the plan alone, on a clock of its own."""

from __future__ import annotations

import json
import time
from typing import Any

import pytest

from sandqueue._core import calls
from sandqueue._core.events import Lines
from sandqueue._core.request import Lost, Pause, Request, Response, Send
from sandqueue._core.resending import Rules, send
from sandqueue._core.vector import StepRequest, step_many
from sandqueue.answers import Step, StepFailure
from sandqueue.errors import EnvironmentFailed, InternalError, TimedOut, TryLater, UnknownEnd, Unreachable

STEP = {"command_id": "c", "instance_id": "i", "end": "completed", "answer": {"state": [], "reward": 1.0, "is_terminated": False, "info": {"step": 1}}}


def answer(status: int, content: Any, **headers: str) -> Response:
    return Response(status, {name.replace("_", "-"): value for name, value in headers.items()}, json.dumps(content).encode())


def refused(status: int, code: str, **headers: str) -> Response:
    return answer(status, {"status": status, "code": code, "detail": code}, **headers)


class Played:
    """Carries out a plan with outcomes that are given beforehand; time passes only in pauses and attempts."""

    def __init__(self, *outcomes: Response | Lost, takes: float = 0.0, oversleeps: float = 0.0) -> None:
        self.oversleeps = oversleeps
        self.now, self.outcomes, self.sent, self.pauses, self.takes = 0.0, list(outcomes), list[Request](), list[float](), takes
        self.rules = Rules(deadline=10, attempt=60, clock=lambda: self.now, chance=lambda: 0.0)

    def run(self, plan: Any) -> Any:
        outcome = None
        while True:
            try:
                effect = plan.send(outcome)
            except StopIteration as end:
                return end.value
            outcome = None
            if isinstance(effect, Pause):
                self.pauses.append(effect.seconds)
                self.now += effect.seconds + self.oversleeps
            elif isinstance(effect, Send):
                self.sent.append(effect.request)
                self.now += self.takes
                outcome = self.outcomes.pop(0) if len(self.outcomes) > 1 else self.outcomes[0]

    def step(self) -> Step:
        call = calls.step("i", "x", 1, None, "c")
        result: Step = self.run(send(call.request, call.read, self.rules))
        return result

    def commands(self) -> list[str | None]:
        return [request.command_id for request in self.sent]


def test_a_lost_answer_is_asked_for_by_sending_the_same_again() -> None:
    played = Played(Lost(True, "cut"), Lost(False, "nobody"), answer(200, STEP))
    assert played.step().reward == 1 and played.commands() == ["c", "c", "c"]


def test_retry_after_is_waited_for() -> None:
    played = Played(refused(429, "over_limit", retry_after="3"), refused(503, "no_capacity", retry_after="2"), answer(200, STEP))
    played.step()
    assert played.pauses == [3.0, 2.0]


def test_an_unknown_end_is_asked_for_by_its_id_first() -> None:
    played = Played(refused(504, "unknown_end"), answer(200, STEP))
    assert played.step().reward == 1
    assert [request.path for request in played.sent] == ["/v1/instances/i/steps", "/v1/commands/c"]


def test_a_command_that_nobody_knows_is_sent_again() -> None:
    played = Played(refused(504, "unknown_end"), refused(404, "unknown_command"), answer(200, STEP))
    played.step()
    assert [request.method for request in played.sent] == ["POST", "GET", "POST"]


def test_a_command_that_was_found_failed_is_not_sent_again() -> None:
    told = {"command_id": "c", "instance_id": "i", "end": "failed", "problem": {"status": 500, "code": "environment_failed", "detail": "it broke"}}
    played = Played(refused(504, "unknown_end"), answer(200, told))
    with pytest.raises(EnvironmentFailed):
        played.step()
    assert len(played.sent) == 2


def test_what_never_took_effect_is_told_at_once() -> None:
    played = Played(refused(504, "timed_out"))
    with pytest.raises(TimedOut):
        played.step()
    assert len(played.sent) == 1


def test_the_deadline_bounds_it_all() -> None:
    played = Played(Lost(False, "nobody"))
    with pytest.raises(Unreachable):
        played.step()
    assert played.now <= 10


def test_an_attempt_that_would_be_cut_off_at_once_is_not_begun() -> None:
    played = Played(refused(503, "no_capacity", retry_after="9.5"))
    with pytest.raises(TryLater):
        played.step()
    assert (len(played.sent), played.pauses) == (1, [])


def test_nor_is_one_after_a_pause_that_took_too_long() -> None:
    played = Played(refused(503, "no_capacity", retry_after="1"), oversleeps=20.0)
    with pytest.raises(TryLater):
        played.step()
    assert len(played.sent) == 1
    busy = {"problem": {"status": 503, "code": "no_capacity", "detail": "full"}, "end": "rejected"}
    many = Played(answer(200, {"results": [{**STEP, "command_id": "a", "instance_id": "a", **busy}]}), oversleeps=20.0)
    (end,) = many.run(step_many([StepRequest("a", "x", command_id="a")], many.rules))
    assert isinstance(end, StepFailure) and end.error.code == "no_capacity" and len(many.sent) == 1


def test_a_refusal_after_a_lost_answer_does_not_say_that_nothing_happened() -> None:
    played = Played(Lost(True, "cut"), refused(503, "no_capacity", retry_after="30"))
    with pytest.raises(UnknownEnd, match="send it again under the same id"):
        played.step()
    certain = Played(refused(503, "no_capacity", retry_after="30"))
    with pytest.raises(TryLater):
        certain.step()


def test_a_gateway_that_always_fails_is_not_asked_for_ever() -> None:
    played = Played(refused(500, "internal_error"))
    with pytest.raises(InternalError):
        played.step()
    assert len(played.sent) == 3


def test_a_key_is_not_issued_twice() -> None:
    played = Played(Lost(True, "cut"))
    call = calls.issue_key("anna", None, None, None)
    with pytest.raises(UnknownEnd):
        played.run(send(call.request, call.read, played.rules))
    assert len(played.sent) == 1


def test_of_many_steps_none_is_sent_again_that_would_be_cut_off_at_once() -> None:
    full = {"problem": {"status": 503, "code": "no_capacity", "detail": "full"}, "end": "rejected"}
    played = Played(answer(200, {"results": [{**STEP, "command_id": "a", "instance_id": "a", **full}]}), takes=4.0)
    (end,) = played.run(step_many([StepRequest("a", "x", command_id="a")], played.rules))
    assert isinstance(end, StepFailure) and end.error.code == "no_capacity"
    assert len(played.sent) == 3 and played.now <= 12.2


def test_of_many_steps_only_those_without_an_end_are_sent_again() -> None:
    def result(name: str, **more: Any) -> dict[str, Any]:
        return {**STEP, "command_id": name, "instance_id": name, **more}

    busy = {"problem": {"status": 503, "code": "stopping", "detail": "stopping"}, "end": "failed"}
    gone = {"problem": {"status": 410, "code": "lost", "detail": "lost"}, "end": "failed"}
    played = Played(answer(200, {"results": [result("a"), result("b", **busy), result("c", **gone)]}), Lost(True, "cut"), answer(200, {"results": [result("b")]}))
    ends = played.run(step_many([StepRequest(name, "x", command_id=name) for name in "abc"], played.rules))
    assert [type(end) for end in ends] == [Step, Step, StepFailure] and ends[2].error.code == "lost"
    assert [[step["command_id"] for step in request.body["steps"]] for request in played.sent] == [["a", "b", "c"], ["b"], ["b"]]


@pytest.mark.parametrize(
    "results",
    [[{"instance_id": "i"}], ["no object"], [None], [{"command_id": ["a"], "instance_id": "i", "problem": {"code": "lost"}}], 7, [{"command_id": "a", "problem": {"code": "lost"}}]],
)
def test_a_result_that_cannot_be_read_is_the_answers_mistake_and_the_step_is_sent_again(results: Any) -> None:
    wrong = answer(200, {"results": results})
    played = Played(wrong, answer(200, {"results": [{**STEP, "command_id": "a"}]}))
    (end,) = played.run(step_many([StepRequest("i", "x", command_id="a")], played.rules))
    assert isinstance(end, Step)
    played = Played(*[wrong] * 40)
    (end,) = played.run(step_many([StepRequest("i", "x", command_id="a")], played.rules))
    assert isinstance(end, StepFailure) and isinstance(end.error, UnknownEnd) and "cannot be read" in end.error.detail


def test_lines_are_whole_however_their_parts_come() -> None:
    lines = Lines()
    assert lines.add(b"one\r") == [] and lines.add(b"\ntw") == ["one"] and lines.add(b"o\n\nth") == ["two", ""]
    assert lines.add(b"re") == [] and lines.add(b"e\n") == ["three"]


def test_a_long_line_in_many_parts_is_not_copied_with_each() -> None:
    lines = Lines()
    began = time.process_time()
    for _ in range(20_000):
        assert lines.add(b"x" * 4096) == []
    (line,) = lines.add(b"\n")
    assert len(line) == 20_000 * 4096 and time.process_time() - began < 10
