"""
One episode as trainers play it: begun, acted in, and finished with a reward or with the reason why there is none. The two players differ in
nothing but that one blocks and the other awaits.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from functools import partial
from typing import Any

from sandqueue.answers import Message, Opening, Step, as_message
from sandqueue.async_client import AsyncSandQueue
from sandqueue.client import SandQueue
from sandqueue.errors import SandQueueError
from sandqueue.instance import AsyncInstance, Instance
from sandqueue.rewards import AnyReward, NoReward

__all__ = ["AsyncPlayer", "InvalidRollout", "Player"]

_RELEASE_LIMIT = 30.0
_FAILED_RELEASE_LIMIT = 1.0
"""Seconds: what has failed is not waited for; the farm releases what is idle."""


class InvalidRollout(Exception):
    """The rollout has no valid reward and must enter neither a loss nor a baseline."""

    def __init__(self, reward: NoReward) -> None:
        super().__init__(f"{reward.cause}: {reward.detail}")
        self.reward = reward


class _Episode:
    """What is known of the episode so far."""

    def __init__(self, env_type: str, task_id: str, params: dict[str, Any] | None, instance_id: str | None) -> None:
        self.env_type, self.task_id, self.params, self.instance_id = env_type, task_id, params, instance_id
        self.opening: Opening | None = None
        self.messages: list[Message] = []
        self.steps: list[Step] = []
        self.failure: NoReward | None = None
        self.reward: AnyReward | None = None
        """The result, once it is finished."""

    @property
    def _release_limit(self) -> float:
        return _RELEASE_LIMIT if self.failure is None else _FAILED_RELEASE_LIMIT

    @property
    def ended(self) -> bool:
        """No step can follow: the episode has ended or has failed."""
        return self.failure is not None or bool(self.steps and self.steps[-1].is_terminated)

    @property
    def end_reason(self) -> str | None:
        return self.steps[-1].end_reason if self.steps else None

    @property
    def step_rewards(self) -> list[float]:
        return [step.reward for step in self.steps if not isinstance(step.reward, NoReward)]

    def facts(self) -> dict[str, Any]:
        """What a trainer may want to log: numbers and texts alone."""
        invalid = self.reward if isinstance(self.reward, NoReward) else self.failure
        told = [str(step.info["cause"]) for step in self.steps if step.info.get("cause")]
        cause = invalid.cause if invalid is not None else told[-1] if told else None
        return {
            "valid": invalid is None, "cause": cause, "end_reason": self.end_reason, "truncated": bool(self.steps and self.steps[-1].is_truncated),
            "steps": len(self.steps), "detail": invalid.detail if invalid is not None else None,
        }

    def _began(self, opening: Opening) -> Opening:
        self.opening, self.messages = opening, list(opening.messages)
        return opening

    def _failed(self, error: SandQueueError) -> InvalidRollout:
        self.failure = error.no_reward() if self.failure is None else self.failure
        return InvalidRollout(self.failure)

    def _cancelled(self) -> None:
        self.failure = NoReward("cancelled", "the rollout was cancelled", retryable=True) if self.failure is None else self.failure

    def _stepped(self, action: str | Message, step: Step) -> list[Message]:
        answers = step.tool_messages or step.messages
        self.steps.append(step)
        self.messages += [as_message(action), *answers]
        return answers


class Player(_Episode):
    """Blocks."""

    def __init__(
        self, queue: SandQueue, env_type: str, task_id: str, params: dict[str, Any] | None = None, instance_id: str | None = None,
        later: Callable[[Callable[[], None]], object] | None = None,
    ) -> None:
        """``later`` runs what nobody waits for, a release; without it that is done at once."""
        super().__init__(env_type, task_id, params, instance_id)
        self._queue, self._later = queue, later or (lambda work: work())
        self._instance: Instance | None = None

    def begin(self) -> Opening:
        """Raises InvalidRollout where no instance can be made."""
        try:
            self._instance = self._queue.create(self.env_type, self.task_id, params=self.params, instance_id=self.instance_id)
        except SandQueueError as error:
            raise self._failed(error) from error
        return self._began(self._instance.opening)

    def act(self, action: str | Message) -> list[Message]:
        """The messages that the agent sees next. Raises InvalidRollout where the step has no answer, and then ever after."""
        if self.failure is not None:
            raise InvalidRollout(self.failure)
        if self._instance is None:
            raise ValueError("begin comes first, and no step after the end")
        try:
            return self._stepped(action, self._instance.step(action))
        except SandQueueError as error:
            raise self._failed(error) from error

    def finish(self) -> AnyReward:
        """Evaluates, releases, and gives the result, the same however often it is asked. It does not raise for what failed."""
        if self.reward is None:
            if self.failure is not None:
                self.reward = self.failure
            elif self._instance:
                self.reward = self._instance.score()
            else:
                self.reward = NoReward("caller", "the episode was not begun")
            self.release()
        return self.reward

    def release(self) -> None:
        """Ends the instance without a result."""
        instance, self._instance = self._instance, None
        if instance:
            self._later(partial(_release, instance, self._release_limit))


def _release(instance: Instance, limit: float) -> None:
    try:
        instance.release(deadline=limit)
    except SandQueueError:
        # The result is known already; the farm releases what is idle.
        pass


class AsyncPlayer(_Episode):
    """Awaits. As a context it is released at its end, also where the task is cancelled."""

    def __init__(self, queue: AsyncSandQueue, env_type: str, task_id: str, params: dict[str, Any] | None = None, instance_id: str | None = None) -> None:
        super().__init__(env_type, task_id, params, instance_id)
        self._queue = queue
        self._instance: AsyncInstance | None = None

    async def begin(self) -> Opening:
        """Raises InvalidRollout where no instance can be made."""
        try:
            self._instance = await self._queue.create(self.env_type, self.task_id, params=self.params, instance_id=self.instance_id)
        except SandQueueError as error:
            raise self._failed(error) from error
        return self._began(self._instance.opening)

    async def act(self, action: str | Message) -> list[Message]:
        """The messages that the agent sees next. Raises InvalidRollout where the step has no answer, and then ever after."""
        if self.failure is not None:
            raise InvalidRollout(self.failure)
        if self._instance is None:
            raise ValueError("begin comes first, and no step after the end")
        try:
            return self._stepped(action, await self._instance.step(action))
        except SandQueueError as error:
            raise self._failed(error) from error

    async def finish(self) -> AnyReward:
        """Evaluates, releases, and gives the result, the same however often it is asked. It does not raise for what failed."""
        if self.reward is None:
            if self.failure is not None:
                self.reward = self.failure
            elif self._instance:
                self.reward = await self._instance.score()
            else:
                self.reward = NoReward("caller", "the episode was not begun")
            await self.release()
        return self.reward

    async def result(self) -> float:
        """Finishes, and gives the reward as a number. Raises InvalidRollout where there is none."""
        reward = await self.finish()
        if isinstance(reward, NoReward):
            raise InvalidRollout(reward)
        return float(reward)

    async def release(self) -> None:
        """Ends the instance without a result."""
        instance, self._instance = self._instance, None
        if instance:
            try:
                await instance.release(deadline=self._release_limit)
            except SandQueueError:
                pass

    async def __aenter__(self) -> AsyncPlayer:
        return self

    async def __aexit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: object) -> None:
        if isinstance(error, asyncio.CancelledError):
            self._cancelled()
            instance, self._instance = self._instance, None
            if instance:
                # The release goes on by itself; who was cancelled does not wait for it.
                await instance.__aexit__(kind, error, None)
            return
        await self.release()
