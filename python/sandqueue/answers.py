"""What commands answer."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import Any, Union

from sandqueue._core.reading import problem
from sandqueue.errors import MalformedAnswer, SandQueueError
from sandqueue.rewards import AnyReward, NoReward, Reward

__all__ = ["CommandEnd", "Evaluation", "Message", "Opening", "Step", "StepEnd", "StepFailure", "reward_of"]

Message = dict[str, Any]
"""A chat message: ``role``, ``content`` and what else it has."""


def reward_of(value: Any, what: str) -> AnyReward:
    """A finite number of an answer, or that there is none."""
    if isinstance(value, (int, float)) and not isinstance(value, bool) and math.isfinite(value):
        return Reward(value)
    return NoReward("environment", f"{what} has no finite number")


def as_message(action: str | Message) -> Message:
    """An agent's message; a text is its content."""
    return {"role": "assistant", "content": action} if isinstance(action, str) else action


@dataclass(frozen=True)
class Opening:
    """How an episode begins: the same to the byte for the same task and params."""

    command_id: str
    instance_id: str
    messages: list[Message]
    info: dict[str, Any] = field(repr=False)

    @property
    def tools(self) -> list[dict[str, Any]]:
        """The tools as OpenAI's function schemas; empty where there are none."""
        return self.info.get("tools") or []

    @staticmethod
    def read(result: dict[str, Any]) -> Opening:
        answer = _answer(result)
        return Opening(_text(result, "command_id"), _text(result, "instance_id"), _messages(answer), answer.get("info") or {})


@dataclass(frozen=True)
class Step:
    """What a step answered."""

    command_id: str
    instance_id: str
    messages: list[Message]
    """What the agent sees now: exactly one message."""
    reward: AnyReward
    is_terminated: bool
    info: dict[str, Any] = field(repr=False)

    failed = False

    @property
    def observation(self) -> str:
        return str(self.messages[-1].get("content", "")) if self.messages else ""

    @property
    def number(self) -> int:
        """The number of the step in its episode, from 1; 0 where the answer does not say."""
        return int(self.info.get("step") or 0)

    @property
    def is_truncated(self) -> bool:
        """A limit ended the episode, and not what happened in it."""
        return bool(self.info.get("truncated"))

    @property
    def end_reason(self) -> str | None:
        return self.info.get("end_reason")

    @property
    def tool_messages(self) -> list[Message]:
        """One message for each native tool call, to be appended to the conversation in place of ``messages``."""
        return self.info.get("tool_messages") or []

    @staticmethod
    def read(result: dict[str, Any]) -> Step:
        answer = _answer(result)
        return Step(
            _text(result, "command_id"), _text(result, "instance_id"), _messages(answer), reward_of(answer.get("reward"), "the step's answer"),
            answer.get("is_terminated") is True, answer.get("info") or {},
        )


@dataclass(frozen=True)
class StepFailure:
    """A step among many that did not complete."""

    command_id: str
    instance_id: str
    error: SandQueueError

    failed = True

    @property
    def reward(self) -> NoReward:
        return self.error.no_reward()


StepEnd = Union[Step, StepFailure]


@dataclass(frozen=True)
class Evaluation:
    """How an episode was scored."""

    command_id: str
    instance_id: str
    reward: AnyReward
    """The score."""
    details: dict[str, Any] = field(repr=False)

    @property
    def end_reason(self) -> str | None:
        """Why the episode ended; None while it goes on."""
        return self.details.get("end_reason")

    @property
    def is_truncated(self) -> bool:
        return bool(self.details.get("truncated"))

    @staticmethod
    def read(result: dict[str, Any]) -> Evaluation:
        answer = result.get("answer")
        details = answer if isinstance(answer, dict) else {"score": answer}
        return Evaluation(_text(result, "command_id"), _text(result, "instance_id"), reward_of(details.get("score"), "the evaluation"), details)


@dataclass(frozen=True)
class CommandEnd:
    """How a command ended, told afterwards. While it still runs, ``end`` is None."""

    command_id: str
    instance_id: str | None
    end: str | None
    answer: Any = field(repr=False)
    error: SandQueueError | None

    @staticmethod
    def read(result: dict[str, Any]) -> CommandEnd:
        told = result.get("problem")
        return CommandEnd(_text(result, "command_id"), result.get("instance_id"), result.get("end"), result.get("answer"), problem(told) if told else None)


def _answer(result: dict[str, Any]) -> dict[str, Any]:
    answer = result.get("answer")
    if not isinstance(answer, dict):
        raise MalformedAnswer("malformed_answer", "the answer of the command is not an object", command_id=result.get("command_id"))
    return answer


def _messages(answer: dict[str, Any]) -> list[Message]:
    state = answer.get("state")
    return [message for message in state if isinstance(message, dict)] if isinstance(state, list) else []


def _text(result: dict[str, Any], name: str) -> str:
    value = result.get(name)
    if not isinstance(value, str):
        raise MalformedAnswer("malformed_answer", f"the answer has no {name}")
    return value
