"""An instance: one episode of one task."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from types import TracebackType
from typing import Any, Generator

from sandqueue._core import calls
from sandqueue._core.calls import Call
from sandqueue._core.drivers import AsyncDriver, Driver
from sandqueue._core.vector import StepRequest
from sandqueue.answers import Evaluation, Message, Opening, Step
from sandqueue.errors import InstanceLost, NotFound, SandQueueError
from sandqueue.records import JournalEntry
from sandqueue.rewards import AnyReward

__all__ = ["AsyncInstance", "Creating", "Instance"]

_RELEASE_LIMIT = 30.0
"""Seconds for a release after something was raised; an instance that nobody uses is released by the farm, too."""


class _Position:
    """Which instance it is and, where it was made here, at which step: a step that was sent twice under two ids is refused then."""

    def __init__(self, instance_id: str, opening: Opening | None) -> None:
        self.id = instance_id
        self._opening = opening
        self._next = 1 if opening else None
        self._released = False

    @property
    def opening(self) -> Opening:
        """How the episode began."""
        if self._opening is None:
            raise ValueError(f"instance '{self.id}' was not made here, so its first messages are in its episode")
        return self._opening

    @property
    def messages(self) -> list[Message]:
        """The first messages of the episode."""
        return list(self.opening.messages)

    @property
    def tools(self) -> list[dict[str, Any]]:
        """The tools as OpenAI's function schemas."""
        return self.opening.tools

    def request(self, action: str | Message, params: dict[str, Any] | None = None) -> StepRequest:
        """A step of this instance, for ``step_many``."""
        return StepRequest(self.id, action, self._next, params)

    def took(self, step: Step) -> Step:
        """Takes note of a step that ``step_many`` took."""
        if self._next is not None:
            self._next = step.number + 1 if step.number else None
        return step

    def _step(self, action: str | Message, params: dict[str, Any] | None, command_id: str | None) -> Call[Step]:
        return calls.step(self.id, action, self._next, params, command_id)

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.id}>"


class Instance(_Position):
    """Blocks. As a context it is released at its end, whatever happened in it."""

    def __init__(self, driver: Driver, instance_id: str, opening: Opening | None = None) -> None:
        super().__init__(instance_id, opening)
        self._driver = driver

    def step(self, action: str | Message, *, params: dict[str, Any] | None = None, command_id: str | None = None, deadline: float | None = None) -> Step:
        """Takes a step: the agent's message, or its text."""
        return self.took(self._driver.call(self._step(action, params, command_id), deadline))

    def evaluate(self, *, params: dict[str, Any] | None = None, command_id: str | None = None, deadline: float | None = None) -> Evaluation:
        return self._driver.call(calls.evaluate(self.id, params, None, command_id), deadline)

    def score(self, *, deadline: float | None = None) -> AnyReward:
        """The reward of the episode, or why there is none; it does not raise for what failed."""
        try:
            return self.evaluate(deadline=deadline).reward
        except SandQueueError as error:
            return error.no_reward()

    def info(self) -> Any:
        """What the agent can do now, as the environment tells it."""
        return self._driver.call(calls.info(self.id))

    def episode(self, limit: int | None = None) -> Iterator[JournalEntry]:
        """The completed commands of the episode, in their order."""
        cursor = None
        while True:
            page = self._driver.call(calls.episode(self.id, limit, cursor))
            yield from page.items
            if (cursor := page.next_cursor) is None:
                return

    def release(self, *, deadline: float | None = None) -> bool:
        """Ends the instance; its episode stays. False where there was nothing to release."""
        try:
            return self._driver.call(calls.release(self.id, None), deadline)
        except (NotFound, InstanceLost):
            return False
        finally:
            self._released = True

    def __enter__(self) -> Instance:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        if self._released:
            return
        try:
            # Where all went well it is as patient as any other call: a gateway that is away for a minute costs nobody a result.
            self.release(deadline=None if error is None else _RELEASE_LIMIT)
        except SandQueueError:
            # What happened inside is told first, and the farm releases what is idle.
            if error is None:
                raise


class AsyncInstance(_Position):
    """Awaits. As a context it is released at its end, whatever happened in it."""

    def __init__(self, driver: AsyncDriver, instance_id: str, opening: Opening | None = None) -> None:
        super().__init__(instance_id, opening)
        self._driver = driver

    async def step(self, action: str | Message, *, params: dict[str, Any] | None = None, command_id: str | None = None, deadline: float | None = None) -> Step:
        """Takes a step: the agent's message, or its text."""
        return self.took(await self._driver.call(self._step(action, params, command_id), deadline))

    async def evaluate(self, *, params: dict[str, Any] | None = None, command_id: str | None = None, deadline: float | None = None) -> Evaluation:
        return await self._driver.call(calls.evaluate(self.id, params, None, command_id), deadline)

    async def score(self, *, deadline: float | None = None) -> AnyReward:
        """The reward of the episode, or why there is none; it does not raise for what failed."""
        try:
            return (await self.evaluate(deadline=deadline)).reward
        except SandQueueError as error:
            return error.no_reward()

    async def info(self) -> Any:
        """What the agent can do now, as the environment tells it."""
        return await self._driver.call(calls.info(self.id))

    async def episode(self, limit: int | None = None) -> AsyncIterator[JournalEntry]:
        """The completed commands of the episode, in their order."""
        cursor = None
        while True:
            page = await self._driver.call(calls.episode(self.id, limit, cursor))
            for entry in page.items:
                yield entry
            if (cursor := page.next_cursor) is None:
                return

    async def release(self, *, deadline: float | None = None) -> bool:
        """Ends the instance; its episode stays. False where there was nothing to release."""
        try:
            return await self._driver.call(calls.release(self.id, None), deadline)
        except (NotFound, InstanceLost):
            return False
        finally:
            self._released = True

    async def __aenter__(self) -> AsyncInstance:
        return self

    async def __aexit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        if self._released:
            return
        if error is not None and not isinstance(error, Exception):
            # Cancelled: who is being ended does not wait, and the release happens all the same.
            self._driver.later(calls.release(self.id, None), _RELEASE_LIMIT)
            return
        try:
            await self.release(deadline=None if error is None else _RELEASE_LIMIT)
        except SandQueueError:
            if error is None:
                raise


class Creating:
    """A Create that has not been sent yet: ``await`` it for the instance, or use it in ``async with``."""

    def __init__(self, driver: AsyncDriver, call: Call[Opening], deadline: float | None) -> None:
        self._driver, self._call, self._deadline = driver, call, deadline
        self._instance: AsyncInstance | None = None

    def __await__(self) -> Generator[Any, None, AsyncInstance]:
        return self._create().__await__()

    async def __aenter__(self) -> AsyncInstance:
        self._instance = await self._create()
        return self._instance

    async def __aexit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        if self._instance:
            await self._instance.__aexit__(kind, error, trace)

    async def _create(self) -> AsyncInstance:
        try:
            opening = await self._driver.call(self._call, self._deadline)
        except SandQueueError as error:
            if error.unknown:
                self._abandon()
            raise
        except BaseException:
            self._abandon()
            raise
        return AsyncInstance(self._driver, opening.instance_id, opening)

    def _abandon(self) -> None:
        """It may have been made all the same."""
        self._driver.later(calls.release(self._call.request.body["instance_id"], None), _RELEASE_LIMIT)
