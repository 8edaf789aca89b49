"""What can become of a rollout, as the turns of a scripted agent on the environment ``trial``."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, Union

Turn = Union["tuple[str, str]", Callable[[], "tuple[str, str]"]]


@dataclass
class Case:
    name: str
    turns: list[Turn]
    reward: float | None
    """None for a rollout that is invalid."""
    env_type: str = "trial"
    params: dict[str, Any] | None = None
    cause: str | None = None
    url: str = ""
    _left: Iterator[Turn] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        self.restart()

    def restart(self) -> None:
        self._left = iter(self.turns)

    def next(self) -> tuple[str, str] | None:
        """The agent's next turn; None where it has no more to say."""
        turn = next(self._left, None)
        return turn() if callable(turn) else turn

    def next_text(self) -> str:
        what, rest = self.next() or ("say", "nothing more")
        return f"<think>so</think> {what} {rest}"

    def next_message(self) -> dict[str, Any]:
        what, rest = self.next() or ("say", "nothing more")
        function = {"name": "do", "arguments": json.dumps({"what": what, "rest": rest})}
        return {"role": "assistant", "content": None, "tool_calls": [{"id": "c", "type": "function", "function": function}]}


@dataclass(frozen=True)
class Trained:
    """What a group of two, the case and a sibling with reward 1, became of: the mean that is its baseline, and who is in the loss."""

    baseline: float | None
    in_loss: list[bool]


SIBLING: list[Turn] = [("say", "hi"), ("end", "1")]
