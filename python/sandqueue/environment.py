"""
What an environment in Python derives from. ``python -m sandqueue.serve module:Class`` serves it.

The same task, params and actions have to give the same observations, byte for byte: what a dead server took with it is rebuilt by repeating
them. So draw from ``params.random()``, and from nothing else: no clock, no ``random`` of the module, no ``hash``, no ``id``.
"""

from __future__ import annotations

import random
from abc import ABC, abstractmethod
from collections.abc import Awaitable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Union

from sandqueue.messages import AgentMessage, ToolCall
from sandqueue.tools import AgentMistake, check_arguments, schema_of, tool, tools_of

__all__ = [
    "AgentMessage", "AgentMistake", "CallerMistake", "Environment", "Evaluation", "Instance", "Observation", "Opening", "Parameters", "ToolCall", "tool",
]


class CallerMistake(ValueError):
    """A task or a parameter that there is not: the caller's mistake, told as a 400. What the agent does wrong is an observation instead."""


@dataclass(frozen=True)
class Opening:
    """The first two messages. ``{{name}}`` in them, and in a caller's own wording, is filled from ``slots``."""

    system: str
    user: str
    slots: Mapping[str, str] = field(default_factory=dict)
    info: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Observation:
    """What a step gives back: one message, a reward, and whether the episode ended."""

    text: str
    reward: float = 0.0
    end_reason: str | None = None
    """Why the episode ended with this step; None where it goes on."""
    truncated: bool = False
    """A limit of the environment's own ended it."""
    info: Mapping[str, Any] = field(default_factory=dict)
    tool_texts: list[str] | None = None
    """An answer for each native call; None for the text as the answer to each."""


@dataclass(frozen=True)
class Evaluation:
    """A score, with details for people."""

    score: float
    details: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Parameters:
    """What a caller set at Create, checked: ``seed``, and what the environment declares in its ``parameters``."""

    seed: int | None
    others: Mapping[str, Any]
    name: str
    task_id: str

    def random(self, what: str = "") -> random.Random:
        """Draws that depend on the environment's name, the task, the seed and ``what``, and on nothing else."""
        return random.Random(f"{self.name}/{self.task_id}/{self.seed}/{what}")

    def get(self, name: str, default: Any = None) -> Any:
        """A declared parameter; the default where the caller gave none."""
        value = self.others.get(name)
        return default if value is None else value


class Instance(ABC):
    """
    One episode. Its members are called one at a time, though not always on the same thread; those that are ``async def`` are awaited.
    Instances share nothing.
    """

    @abstractmethod
    def opening(self) -> Opening | Awaitable[Opening]:
        """The first two messages: the same every time."""

    def step(self, message: AgentMessage) -> Observation | Awaitable[Observation]:
        """Answers the agent's message. An environment with tools need not have one of its own: its tools are called."""
        return self.call_tools(message)

    @abstractmethod
    def evaluate(self) -> float | Evaluation | Awaitable[float | Evaluation]:
        """The score. It changes nothing and is possible before the first step; nothing done is 0."""

    def tools(self) -> list[dict[str, Any]]:
        """The tools as OpenAI's function schemas, in an order that is always the same."""
        return [schema_of(method) for method in tools_of(type(self)).values()]

    def describe(self) -> str:
        """The rules or tools as text."""
        return ""

    def close(self) -> None:
        """Frees what the instance has. It is called once, also where the episode did not end."""

    def call_tools(self, message: AgentMessage) -> Observation:
        """Carries out the calls in their order until one ends the episode. Rewards add up; what is wrong with a call is its answer."""
        known = tools_of(type(self))
        if not message.calls:
            return Observation(f"Your message has no tool call. The tools are {', '.join(known)}.", info={"problem": "no_call"})
        answers: list[Observation] = []
        for call in message.calls:
            answers.append(self._call(call, known))
            if answers[-1].end_reason is not None:
                break
        texts = [answer.text for answer in answers]
        info = {name: value for answer in answers for name, value in answer.info.items()}
        if message.too_large:
            info["problem"] = "too_large"
        last, missing = answers[-1], len(message.calls) - len(answers)
        return Observation(
            "\n".join(texts), sum(answer.reward for answer in answers), last.end_reason, last.truncated, info,
            [*texts, *["Not carried out: the episode had ended."] * missing],
        )

    def _call(self, call: ToolCall, known: Mapping[str, Any]) -> Observation:
        try:
            if call.mistake:
                raise AgentMistake(f"Your message cannot be read: {call.mistake}.")
            if call.name not in known:
                raise AgentMistake(f'There is no tool "{call.name[:100]}"; the tools are {", ".join(known)}.')
            answer = known[call.name](self, **check_arguments(known[call.name], call.arguments))
        except AgentMistake as mistake:
            return Observation(str(mistake))
        return answer if isinstance(answer, Observation) else Observation(str(answer))


class Environment(ABC):
    """An environment: its tasks, and how an instance of one is made. It does not change once it is made; its members are called from many threads."""

    name: str = ""
    """The ``env_type``; the class's name in lower case where it is empty."""
    version: str = "1"
    scorer_version: str = "1"
    prompt_version: str = "1"
    """One of the three goes up whenever an observation, a score or a prompt could differ from before."""
    data_source: str = ""
    """Which data it serves, in words."""
    data_hash: str = ""
    splits: tuple[str, ...] = ("train",)
    unlimited: bool = False
    """Whether more tasks can be created than are listed."""
    replayable: bool = True
    parameters: Mapping[str, type] = {}
    """What Create takes besides seed, max_steps and prompt_template: names and types (str, int, float, bool, dict)."""

    @abstractmethod
    def tasks(self, split: str) -> Iterable[str]:
        """The task ids of a split."""

    @abstractmethod
    def create(self, task_id: str, params: Parameters) -> Union[Instance, Awaitable[Instance]]:
        """Makes an instance. Raises CallerMistake where there is no such task."""

    def close(self) -> None:
        """The server ends."""
