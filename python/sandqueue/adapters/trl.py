"""
TRL's GRPOTrainer and AsyncGRPOTrainer: ``environment_factory``. Written for TRL 1.8 (transformers 5.2); from 1.6 on with ``reward_funcs``.

An object is pooled and reset again; what ``reset`` begins goes on in the background until its first tool call. What has no valid reward gives
None, which TRL keeps out of the baseline and the loss.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from typing import Any

from sandqueue.adapters._queues import Farm, text_of, threads
from sandqueue.adapters._typed_tools import identifier, typed_method
from sandqueue.answers import Opening
from sandqueue.playing import InvalidRollout, Player

TRAINER = "trl 1.8"

_SAY = {
    "name": "say", "description": "Says something to the environment, which is how you act in it.",
    "parameters": {"type": "object", "properties": {"message": {"type": "string", "description": "What you say or do."}}, "required": ["message"]},
}
"""What an environment of texts offers: TRL's loop goes on only while tools are called."""


class TrlEnvironment:
    """Tools are the public methods of a class that is derived from this one for each set of tools."""

    _native = True

    def __init__(self, farm: Farm, env_type: str, params: dict[str, Any] | None) -> None:
        # A probe is made at the trainer's start for its schema alone: nothing is created here.
        self._farm, self._env_type, self._params = farm, env_type, params
        self._player: Player | None = None
        self._begun: Future[Opening] | None = None

    def reset(self, task_id: str, **columns: Any) -> None:
        """Begins an episode of the row's task; its prompt stands in the row already."""
        self._close()
        self._player = Player(self._farm.queue(), self._env_type, task_id, self._params, later=threads().submit)
        self._begun = threads().submit(self._player.begin)

    def get_reward(self) -> float | None:
        """The episode's score, or None where it must not be trained on. Then the instance is released."""
        player = self._player
        if player is None or self._begun is None:
            return None
        try:
            self._begun.result()
        except InvalidRollout:
            pass
        return player.finish().or_none()

    def _act(self, tool: str, arguments: dict[str, Any]) -> str:
        player, begun = self._player, self._begun
        if player is None or begun is None:
            raise RuntimeError("reset comes before the first call of a tool")
        begun.result()
        if player.reward is not None or (player.ended and player.failure is None):
            return "The episode has ended; call no more tools."
        if not self._native:
            return text_of(player.act(arguments["message"]))
        call = {"id": f"call_{uuid.uuid4().hex[:8]}", "type": "function", "function": {"name": tool, "arguments": json.dumps(arguments)}}
        return text_of(player.act({"role": "assistant", "content": "", "tool_calls": [call]}))

    def _close(self) -> None:
        player, begun = self._player, self._begun
        self._player = self._begun = None
        if player and begun and player.reward is None:
            # Of an episode that was not asked for its reward nobody waits for the end.
            release = player.release
            begun.add_done_callback(lambda _: threads().submit(release))


@dataclass(frozen=True)
class EnvironmentFactory:
    """Makes the environments of one set of tools. It can be pickled, so AsyncGRPO's child process can have it."""

    farm: Farm
    env_type: str
    params: dict[str, Any] | None
    tools: str
    """The tools as JSON; ``[]`` for an environment of texts."""

    def __call__(self) -> TrlEnvironment:
        return self._kind()(self.farm, self.env_type, self.params)

    def _kind(self) -> type[TrlEnvironment]:
        if self.tools not in _kinds:
            functions = [tool["function"] for tool in json.loads(self.tools)]
            taken = {"reset", "get_reward"}
            methods = [
                typed_method(identifier(function["name"], taken), function, lambda self, tool, arguments: self._act(tool, arguments))
                for function in functions or [_SAY]
            ]
            members: dict[str, Any] = {one.__name__: one for one in methods}
            _kinds[self.tools] = type("SandQueueEnvironment", (TrlEnvironment,), {**members, "_native": bool(functions)})
        return _kinds[self.tools]


_kinds: dict[str, type[TrlEnvironment]] = {}


def environment_reward(environments: Sequence[TrlEnvironment], **_: Any) -> list[float | None]:
    """A reward function for TRL before 1.8, which does not ask ``get_reward`` itself."""
    return [environment.get_reward() for environment in environments]


class SandQueueSpec:
    """
    What GRPOTrainer takes of an environment: ``train_dataset``, ``environment_factory`` and, before TRL 1.8, ``reward_funcs``. The first messages
    and tools of each task are read once, by creating and releasing it; tasks with the same tools share a factory.
    """

    reward_funcs = [environment_reward]

    def __init__(
        self, env_type: str, *, url: str = "http://127.0.0.1:8080", key: str | None = None, split: str = "train", tasks: Sequence[str] | None = None,
        most_tasks: int | None = None, params: dict[str, Any] | None = None, deadline: float = 300.0,
    ) -> None:
        farm = Farm(url, key, deadline)
        ids = list(tasks) if tasks is not None else list(farm.queue().tasks(env_type, split))
        openings = list(threads().map(lambda task: _look(farm, env_type, task, params), ids[:most_tasks]))
        sets: dict[str, str] = {}
        self.environment_factory: dict[str, EnvironmentFactory] = {}
        self.rows: list[dict[str, Any]] = []
        """A row for each task: prompt, environment (the name of its factory) and task_id."""
        for task, opening in zip(ids, openings):
            tools = json.dumps(opening.tools)
            if tools not in sets:
                sets[tools] = env_type if not sets else f"{env_type}-{len(sets) + 1}"
                self.environment_factory[sets[tools]] = EnvironmentFactory(farm, env_type, params, tools)
            self.rows.append({"prompt": opening.messages, "environment": sets[tools], "task_id": task})

    @property
    def train_dataset(self) -> Any:
        """The rows as a dataset."""
        from datasets import Dataset

        return Dataset.from_list(self.rows)


def _look(farm: Farm, env_type: str, task: str, params: dict[str, Any] | None) -> Opening:
    with farm.queue().create(env_type, task, params=params) as instance:
        return instance.opening
