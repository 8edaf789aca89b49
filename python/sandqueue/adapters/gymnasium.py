"""
A Gymnasium ``VectorEnv`` of texts. Written for Gymnasium 1.2, with its default autoreset NextStep: the step after an end resets, ignores its
action and has reward 0.

What has no valid reward is NaN, ends its episode as truncated, and ``infos`` says why. NaN in a sum stays NaN: mask by ``infos["valid"]``.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import gymnasium
import numpy

from sandqueue.adapters._queues import Farm, text_of, threads
from sandqueue.answers import Step, StepEnd
from sandqueue.errors import SandQueueError
from sandqueue.instance import Instance
from sandqueue.rewards import NoReward

TRAINER = "gymnasium 1.2"

_LONGEST_TEXT = 1_000_000


class SandQueueVectorEnv(gymnasium.vector.VectorEnv):
    """Sub-environment i plays the tasks i, i + num_envs, … in their order, again from the first after the last. ``seed`` of reset is ``params.seed``."""

    metadata = {"autoreset_mode": gymnasium.vector.AutoresetMode.NEXT_STEP}

    def __init__(
        self, env_type: str, num_envs: int, *, url: str = "http://127.0.0.1:8080", key: str | None = None, tasks: Sequence[str] | None = None,
        split: str = "train", params: dict[str, Any] | None = None, deadline: float = 300.0,
    ) -> None:
        self._queue = Farm(url, key, deadline).queue()
        self._env_type, self._params, self.num_envs = env_type, params or {}, num_envs
        self._tasks = list(tasks) if tasks is not None else list(self._queue.tasks(env_type, split))
        text = gymnasium.spaces.Text(_LONGEST_TEXT)
        self.single_observation_space = self.single_action_space = text
        self.observation_space = self.action_space = gymnasium.spaces.Tuple([text] * num_envs)
        self._instances: list[Instance | None] = [None] * num_envs
        self._failures: list[NoReward | None] = [None] * num_envs
        self._reset_next = [False] * num_envs
        self._episodes = [0] * num_envs
        self._seeds: list[int | None] = [None] * num_envs

    def reset(
        self, *, seed: int | Sequence[int | None] | None = None, options: dict[str, Any] | None = None
    ) -> tuple[tuple[str, ...], dict[str, Any]]:
        """Begins with the first tasks. ``seed`` is one for all sub-environments, or one for each; those that there were stay where there is none."""
        seeds = [seed] * self.num_envs if seed is None or isinstance(seed, int) else list(seed)
        if len(seeds) != self.num_envs:
            raise ValueError(f"seed has {len(seeds)} entries for {self.num_envs} environments; give one for each, or one number for all")
        self._seeds = [before if given is None else given for given, before in zip(seeds, self._seeds)]
        self._episodes = [0] * self.num_envs
        shown = tuple(threads().map(self._begin, range(self.num_envs)))
        return shown, self._infos([{}] * self.num_envs)

    def step(self, actions: Sequence[str]) -> tuple[tuple[str, ...], Any, Any, Any, dict[str, Any]]:
        shown, said = [""] * self.num_envs, [dict[str, Any]() for _ in range(self.num_envs)]
        rewards, ended, cut = numpy.zeros(self.num_envs), numpy.zeros(self.num_envs, dtype=bool), numpy.zeros(self.num_envs, dtype=bool)
        resets = [index for index in range(self.num_envs) if self._reset_next[index]]
        begun = threads().map(self._begin, resets)
        live = [(index, instance) for index in range(self.num_envs) if index not in resets and (instance := self._instances[index])]
        ends = self._queue.step_many([instance.request(str(actions[index])) for index, instance in live])
        for (index, instance), end in zip(live, ends):
            shown[index], rewards[index], ended[index], cut[index] = self._take(index, instance, end, said[index])
        for index in range(self.num_envs):
            # An instance that could not be made has no step and no reward either.
            if index not in resets and self._instances[index] is None and self._failures[index] is not None and not (ended[index] or cut[index]):
                rewards[index], cut[index] = numpy.nan, True
        for index, text in zip(resets, begun):
            shown[index] = text
        self._reset_next = [bool(ended[index] or cut[index]) for index in range(self.num_envs)]
        return tuple(shown), rewards, ended, cut, self._infos(said)

    def close(self, **_: Any) -> None:
        list(threads().map(self._release, range(self.num_envs)))

    def _begin(self, index: int) -> str:
        self._release(index)
        task = self._tasks[(index + self._episodes[index] * self.num_envs) % len(self._tasks)]
        self._episodes[index] += 1
        params = {**self._params, **({"seed": self._seeds[index]} if self._seeds[index] is not None else {})}
        try:
            self._instances[index] = instance = self._queue.create(self._env_type, task, params=params)
        except SandQueueError as error:
            self._failures[index] = error.no_reward()
            return ""
        self._failures[index] = None
        return text_of(instance.messages)

    def _take(self, index: int, instance: Instance, end: StepEnd, said: dict[str, Any]) -> tuple[str, float, bool, bool]:
        reward = end.reward
        if not isinstance(end, Step) or isinstance(reward, NoReward):
            self._failures[index] = reward if isinstance(reward, NoReward) else None
            self._release(index)
            return "", numpy.nan, False, True
        instance.took(end)
        said.update(end_reason=end.end_reason, cause=end.info.get("cause"))
        return end.observation, float(reward), end.is_terminated and not end.is_truncated, end.is_truncated

    def _infos(self, said: list[dict[str, Any]]) -> dict[str, Any]:
        failures = self._failures
        return {
            "valid": numpy.array([failure is None for failure in failures]),
            "cause": [failure.cause if failure is not None else one.get("cause") for failure, one in zip(failures, said)],
            "detail": [failure.detail if failure is not None else None for failure in failures],
            "end_reason": [one.get("end_reason") for one in said],
        }

    def _release(self, index: int) -> None:
        instance, self._instances[index] = self._instances[index], None
        if instance:
            try:
                instance.release()
            except SandQueueError:
                pass
