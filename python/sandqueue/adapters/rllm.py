"""
rLLM's remote runtime and agent flow. Written for rLLM 0.3. ``SandQueueRuntime`` has the farm play the submissions as one batch, each at its own
inference address; ``SandQueueFlow``, with ``SandQueueEvaluator``, plays one in the trainer's process. Turn on ``compact_filtering`` with
``mask_error`` and ``mask_timeout``: what is invalid has the termination reason ERROR or TIMEOUT.
"""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import httpx

from sandqueue import policies
from sandqueue._core.calls import new_id
from sandqueue.adapters._chat import play_at
from sandqueue.adapters._queues import Farm
from sandqueue.batch import AsyncBatch
from sandqueue.errors import SandQueueError
from sandqueue.playing import AsyncPlayer, InvalidRollout
from sandqueue.rewards import NoReward
from sandqueue.rollouts import Rollout, RolloutItem

TRAINER = "rllm 0.3"

_LONGEST_ANSWER = 600.0


@dataclass
class TaskResult:
    """The members of rLLM's RemoteTaskResult."""

    finished: bool
    session_id: str
    task_id: str = ""
    reward: float | None = None
    error: str | None = None
    termination_reason: Any = None
    elapsed: float = 0.0
    raw_result: dict[str, Any] | None = None
    metadata: dict[str, Any] = field(default_factory=dict)


class SandQueueRuntime:
    """A submission's ``task`` has ``task_id``, the environment's task, and may have ``params``."""

    def __init__(
        self, env_type: str, model: str = "default", *, url: str = "http://127.0.0.1:8080", key: str | None = None, deadline: float = 300.0,
        **policy: Any,
    ) -> None:
        self._farm, self._env_type, self._model, self._policy = Farm(url, key, deadline), env_type, model, policy

    def initialize(self) -> None:
        """There is nothing to set up."""

    async def execute_tasks(self, submissions: Sequence[Any], timeout: float | None = None) -> list[TaskResult]:
        """One result for each submission, in their order. They are one batch, which is cancelled where the caller is."""
        begun = time.monotonic()
        if not submissions:
            return []
        items = [
            RolloutItem(str(one.task.get("task_id", one.task_id)), params=one.task.get("params"), policy=policies.model(one.inference_url, self._model, **self._policy))
            for one in submissions
        ]
        results: list[TaskResult | None] = [None] * len(items)
        queue, batch_id, reasons = self._farm.async_queue(), new_id(), ["the batch has no result for it"]
        watching: asyncio.Task[None] | None = None
        try:
            batch = await queue.start_batch(self._env_type, items=items, batch_id=batch_id, deadline_s=timeout)
            watching = asyncio.create_task(_cancel_where_it_pauses(batch, reasons))
            async for rollout in batch.results(follow=True):
                if rollout.end == "cancelled" and len(reasons) > 1:
                    continue  # What was cancelled for a pause has the pause's reason.
                # The place of a rollout in its batch, from 0; each item is played once.
                place = int(rollout.source["number"])
                results[place] = self._result(submissions[place], rollout, time.monotonic() - begun)
        except SandQueueError as error:
            reasons.append(str(error))
        except asyncio.CancelledError:
            queue.cancel_batch_later(batch_id)
            raise
        finally:
            if watching:
                watching.cancel()
        reason = reasons[-1]
        return [one or self._failed(submission, reason, time.monotonic() - begun) for one, submission in zip(results, submissions)]

    def shutdown(self) -> None:
        """The process's client stays for others."""

    @staticmethod
    def _result(submission: Any, rollout: Rollout, elapsed: float) -> TaskResult:
        reward = rollout.reward
        return TaskResult(
            finished=rollout.valid, session_id=submission.session_id, task_id=submission.task_id, reward=reward.or_none(),
            error=reward.detail if isinstance(reward, NoReward) else None, termination_reason=_reason(rollout), elapsed=elapsed, raw_result=rollout.source,
            metadata={"cause": rollout.cause, "trainable": rollout.trainable, "retryable": rollout.retryable},
        )

    @staticmethod
    def _failed(submission: Any, reason: str, elapsed: float) -> TaskResult:
        return TaskResult(False, submission.session_id, submission.task_id, error=reason, termination_reason=_termination("error"), elapsed=elapsed)


class SandQueueFlow:
    """
    Plays the ``task_id`` of the task's metadata at ``config.base_url``. A rollout without a valid reward raises: rLLM tries it again, and makes an
    episode with the reason ERROR of it where ``raise_on_error`` is false.
    """

    def __init__(self, env_type: str, *, url: str = "http://127.0.0.1:8080", key: str | None = None, max_turns: int = 64, deadline: float = 300.0) -> None:
        self._farm, self._env_type, self._max_turns = Farm(url, key, deadline), env_type, max_turns

    async def arun(self, task: Any, config: Any) -> Any:
        from rllm.types import Episode, Trajectory

        row = getattr(task, "metadata", task)
        sampling = getattr(config, "sampling_params", None) or {}
        async with httpx.AsyncClient() as http, AsyncPlayer(self._farm.async_queue(), self._env_type, str(row["task_id"]), row.get("params")) as player:
            reward = await play_at(
                player, http, config.base_url, model=config.model, key=None, sampling=sampling, max_turns=self._max_turns, timeout=_LONGEST_ANSWER
            )
        facts = player.facts()
        trajectory = Trajectory(name="sandqueue", steps=[], reward=reward, metadata=facts)
        ended = _termination("max_turns_exceeded" if facts["truncated"] or not player.ended else "env_done")
        return Episode(trajectories=[trajectory], termination_reason=ended, metadata=facts)


class SandQueueEvaluator:
    """Gives the reward that ``SandQueueFlow`` has found. What has none is not scored: it raises. From ``threshold`` on a rollout is correct."""

    def __init__(self, threshold: float = 1.0) -> None:
        self._threshold = threshold

    def evaluate(self, task: Any, episode: Any) -> Any:
        from rllm.eval.output import EvalOutput

        reward = episode.trajectories[0].reward if episode.trajectories else None
        if reward is None:
            raise InvalidRollout(NoReward("caller", "the episode has no reward of SandQueueFlow's"))
        return EvalOutput(reward=reward, is_correct=reward >= self._threshold, signals=[])


async def _cancel_where_it_pauses(batch: AsyncBatch, reasons: list[str]) -> None:
    """A batch whose endpoint refuses everything pauses, and nobody here would let it go on."""
    with contextlib.suppress(SandQueueError):
        async for state in batch.progress():
            if state.state == "paused":
                reasons.append(f"the batch paused: {state.source.get('pause_reason') or 'somebody asked for it'}")
                await batch.cancel()
                return


def _reason(rollout: Rollout) -> Any:
    if not rollout.valid:
        return _termination("timeout" if rollout.end == "expired" else "error")
    return _termination("max_turns_exceeded" if rollout.truncated else "env_done")


def _termination(name: str) -> Any:
    """rLLM's own enumeration where it is there."""
    try:
        from rllm.workflows.workflow import TerminationReason
    except ImportError:
        return name
    return TerminationReason(name)
