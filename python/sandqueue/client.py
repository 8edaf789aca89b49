"""The client that blocks."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from types import TracebackType
from typing import Any

import httpx

from sandqueue._core import calls, rollout_calls
from sandqueue._core.drivers import Driver
from sandqueue._core.resending import Rules
from sandqueue._core.vector import MOST_STEPS, StepRequest, step_many
from sandqueue.answers import CommandEnd, StepEnd
from sandqueue.batch import Batch
from sandqueue.errors import UnknownEnd
from sandqueue.exports import Export
from sandqueue.instance import Instance
from sandqueue.records import EnvironmentSummary, InstanceSummary, Key
from sandqueue.rollouts import BatchState, Rollout, RolloutItem

__all__ = ["SandQueue"]

_LONGEST_WAIT = 20.0


class SandQueue:
    """
    A gateway of SandQueue. Every command has an id and is sent again under it until it has an end or ``deadline`` seconds are over, so
    that it takes effect once. What did not complete is a SandQueueError with a code, and never a reward of 0. May be used by many threads.
    """

    def __init__(
        self, url: str = "http://127.0.0.1:8080", key: str | None = None, *, deadline: float = 300.0, attempt: float = 60.0, connections: int = 256,
        transport: httpx.BaseTransport | None = None,
    ) -> None:
        """``attempt`` is the time in seconds after which an answer is not waited for any more, ``connections`` how many there may be."""
        self._driver = Driver(url, key, Rules(deadline=deadline, attempt=attempt), connections, transport)

    def environments(self) -> list[EnvironmentSummary]:
        """What living workers serve."""
        return self._driver.call(calls.environments())

    def tasks(self, env_type: str, split: str | None = None, *, search: str | None = None, limit: int | None = None) -> Iterator[str]:
        """The task ids of a split (train), a page of ``limit`` at a time."""
        cursor = None
        while True:
            page = self._driver.call(calls.tasks(env_type, split, search, limit, cursor))
            yield from page.items
            if (cursor := page.next_cursor) is None:
                return

    def create(
        self, env_type: str, task_id: str, *, params: dict[str, Any] | None = None, instance_id: str | None = None, command_id: str | None = None,
        deadline: float | None = None,
    ) -> Instance:
        """Makes an instance of a task. Use it in ``with``, which releases it."""
        opening = self._driver.call(calls.create(env_type, task_id, params, instance_id, command_id), deadline)
        return Instance(self._driver, opening.instance_id, opening)

    def instance(self, instance_id: str) -> Instance:
        """An instance that exists already."""
        return Instance(self._driver, instance_id)

    def instances(self, *, env_type: str | None = None, state: str | None = None, limit: int | None = None) -> Iterator[InstanceSummary]:
        """Your instances, the newest first."""
        cursor = None
        while True:
            page = self._driver.call(calls.instances(env_type, state, limit, cursor))
            yield from page.items
            if (cursor := page.next_cursor) is None:
                return

    def find_instance(self, instance_id: str) -> InstanceSummary:
        """The newest instance of that name."""
        return self._driver.call(calls.instance(instance_id))

    def step_many(self, steps: Sequence[StepRequest], *, deadline: float | None = None) -> list[StepEnd]:
        """Takes steps of different instances side by side, and gives their ends in their order. It does not raise for what one ended with."""
        return [end for part in calls.parts(steps, MOST_STEPS) for end in self._driver.run(step_many(part, self._driver.rules, deadline))]

    def command(self, command_id: str, wait: float | None = None) -> CommandEnd:
        """How a command ended, at whatever door it was sent; ``wait`` is in seconds."""
        return self._driver.call(calls.command_end(command_id, wait))

    def rollout(
        self, env_type: str, task_id: str, policy: Mapping[str, Any], *, params: dict[str, Any] | None = None, rollout_id: str | None = None,
        deadline_s: float | None = None, longest_wait: float = 3600.0,
    ) -> Rollout:
        """
        Has an episode played by a policy, and waits for its end. ``deadline_s`` are the seconds that the farm gives it, ``longest_wait`` those after
        which this call gives up (UnknownEnd); the rollout goes on, and is found by its id.
        """
        end = time.monotonic() + longest_wait
        call = rollout_calls.start_rollout(env_type, task_id, policy, params, rollout_id, deadline_s, _LONGEST_WAIT)
        rollout = self._driver.call(call)
        while not rollout.ended:
            if time.monotonic() >= end:
                raise UnknownEnd("unknown_end", f"rollout '{rollout.rollout_id}' had no end within {longest_wait:g} s; find it by its id", end="unknown")
            rollout = self.find_rollout(rollout.rollout_id, _LONGEST_WAIT)
        return rollout

    def find_rollout(self, rollout_id: str, wait: float | None = None) -> Rollout:
        return self._driver.call(rollout_calls.rollout(rollout_id, wait))

    def turns(self, rollout_id: str, limit: int | None = None) -> Iterator[dict[str, Any]]:
        """What the policy decided in its newest attempt, with all that its endpoint answered, untouched."""
        cursor = None
        while True:
            page = self._driver.call(rollout_calls.turns(rollout_id, limit, cursor))
            yield from page.items
            if (cursor := page.next_cursor) is None:
                return

    def cancel_rollout(self, rollout_id: str) -> None:
        self._driver.call(rollout_calls.cancel_rollout(rollout_id))

    def start_batch(
        self, env_type: str, policy: Mapping[str, Any] | None = None, *, tasks: Sequence[str] | None = None, split: str | None = None,
        sample: dict[str, Any] | None = None, items: Sequence[RolloutItem] | None = None, repeats: int | None = None,
        params: dict[str, Any] | None = None, name: str | None = None, batch_id: str | None = None, priority: int | None = None,
        concurrency: int | None = None, endpoint_concurrency: int | None = None, deadline_s: float | None = None,
    ) -> Batch:
        """Asks for many rollouts: of ``tasks``, of a ``split``, or as ``items`` say; of each task ``repeats``."""
        call = rollout_calls.start_batch(
            env_type, policy=policy, tasks=tasks, split=split, sample=sample, items=items, repeats=repeats, params=params, name=name,
            batch_id=batch_id, priority=priority, concurrency=concurrency, endpoint_concurrency=endpoint_concurrency, deadline_s=deadline_s,
        )
        return Batch(self._driver, self._driver.call(call).batch_id)

    def batch(self, batch_id: str) -> Batch:
        """A batch that was asked for already."""
        return Batch(self._driver, batch_id)

    def batches(self, limit: int | None = None) -> Iterator[BatchState]:
        cursor = None
        while True:
            page = self._driver.call(rollout_calls.batches(limit, cursor))
            yield from page.items
            if (cursor := page.next_cursor) is None:
                return

    def export(
        self, form: str = "episodes", *, env_type: str | None = None, split: str | None = None, batch_id: str | None = None, end: str | None = None,
        min_reward: float | None = None, max_reward: float | None = None, after: datetime | str | None = None, before: datetime | str | None = None,
    ) -> Export:
        """
        Your ended episodes as episodes, messages, preferences, nemo, nemo_failures or verifiers, one at a time: iterate over it, or ``write`` it to a
        file. ``split`` goes with ``env_type``; ``end`` is the reason for which an episode ended; ``after`` and ``before`` are when.
        """
        request = rollout_calls.export_episodes(form, env_type, split, batch_id, end, min_reward, max_reward, after, before)
        return Export(self._driver, request)

    def put_secret(self, name: str, value: str) -> None:
        """Stores a key of a model's endpoint, which policies name; it never comes back."""
        self._driver.call(rollout_calls.put_secret(name, value))

    def secrets(self) -> list[dict[str, Any]]:
        return self._driver.call(rollout_calls.secrets())

    def delete_secret(self, name: str) -> None:
        self._driver.call(rollout_calls.delete_secret(name))

    def keys(self, tenant: str | None = None) -> list[Key]:
        """Issued API keys, for an admin."""
        return self._driver.call(calls.keys(tenant))

    def issue_key(self, tenant: str, *, name: str | None = None, scope: str | None = None, days: int | None = None) -> Key:
        return self._driver.call(calls.issue_key(tenant, name, scope, days))

    def revoke_key(self, key_id: str) -> bool:
        return self._driver.call(calls.revoke_key(key_id))

    def close(self) -> None:
        self._driver.close()

    def __enter__(self) -> SandQueue:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()
