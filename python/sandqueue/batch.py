"""A batch: many rollouts that the farm plays."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Iterator
from os import PathLike
from typing import Any

from sandqueue._core import rollout_calls as calls
from sandqueue._core.calls import given
from sandqueue._core.drivers import AsyncDriver, Driver
from sandqueue._core.following import BatchFollowing, ResultLines
from sandqueue.errors import SandQueueError
from sandqueue.exports import AsyncExport, Export, write_objects
from sandqueue.rollouts import BatchState, Rollout

__all__ = ["AsyncBatch", "Batch"]


class Batch:
    """Blocks."""

    def __init__(self, driver: Driver, batch_id: str) -> None:
        self._driver = driver
        self.id = batch_id

    def state(self) -> BatchState:
        return self._driver.call(calls.batch(self.id))

    def progress(self) -> Iterator[BatchState]:
        """The batch's state whenever it has changed, until it is closed."""
        following = BatchFollowing(self.id)
        while not following.closed:
            if following.streams:
                try:
                    for line in self._driver.lines(following.stream()):
                        if state := following.line(line):
                            yield state
                        if following.closed:
                            return
                except SandQueueError as error:
                    following.broke(error)
            # Without a stream a poll waits long; with one it only bridges the gap.
            if state := following.state(self._driver.call(following.poll(1.0 if following.streams else None))):
                yield state

    def wait(self) -> BatchState:
        """Waits until the batch is closed."""
        last = None
        for state in self.progress():
            last = state
        return last or self.state()

    def results(self, follow: bool = True) -> Iterator[Rollout]:
        """Every rollout that has ended, each once; with ``follow`` until the batch is closed."""
        reader = ResultLines(self._driver.rules)
        while True:
            try:
                for line in self._driver.lines(calls.stream_results(self.id, follow)):
                    if rollout := reader.line(line):
                        yield rollout
                if not follow or self.state().closed:
                    return
            except SandQueueError as error:
                time.sleep(reader.broke(error))

    def rollouts(self, *, end: str | None = None, cause: str | None = None, task_id: str | None = None, limit: int | None = None) -> Iterator[Rollout]:
        """Its rollouts, whether they have ended or not."""
        cursor = None
        while True:
            page = self._driver.call(calls.batch_rollouts(self.id, end, cause, task_id, limit, cursor))
            yield from page.items
            if (cursor := page.next_cursor) is None:
                return

    def write_results(self, path: str | PathLike[str]) -> int:
        """Writes the results that there are, an object a line, and says how many."""
        return write_objects(path, (one.source for one in self.results(follow=False)))

    def export(self, form: str = "episodes") -> Export:
        """The episodes that its rollouts played: see ``export`` of the client."""
        return Export(self._driver, calls.export_episodes(form, batch_id=self.id))

    def report(self, *, threshold: float | None = None) -> dict[str, Any]:
        """Coverage, rewards with interval, pass@k, distributions, groups. From a reward of ``threshold`` (1) on a rollout is a success."""
        return self._driver.call(calls.batch_report(self.id, threshold))

    def report_text(self, form: str = "markdown", *, threshold: float | None = None) -> str:
        """The report for people: markdown or html."""
        return self._driver.call(calls.batch_report_text(self.id, form, threshold))

    def compare(self, other_id: str, *, threshold: float | None = None) -> dict[str, Any]:
        """This batch and another, task by task: the difference with its interval, and the tasks that one solves and the other does not."""
        return self._driver.call(calls.compare_batches(self.id, other_id, threshold))

    def pause(self, reason: str | None = None) -> BatchState:
        return self._driver.call(calls.batch_action(self.id, "pause", given(reason=reason)))

    def resume(self) -> BatchState:
        return self._driver.call(calls.batch_action(self.id, "resume"))

    def cancel(self) -> BatchState:
        return self._driver.call(calls.batch_action(self.id, "cancel"))

    def retry(
        self, *, end: str | None = None, cause: str | None = None, task_id: str | None = None, rollout_id: str | None = None, api_key: str | None = None
    ) -> BatchState:
        """Plays again what did not complete: all of it, or what is named."""
        return self._driver.call(calls.batch_action(self.id, "retry", given(end=end, cause=cause, task_id=task_id, rollout_id=rollout_id, api_key=api_key)))

    def change(self, *, concurrency: int | None = None, endpoint_concurrency: int | None = None, priority: int | None = None) -> BatchState:
        return self._driver.call(calls.change_batch(self.id, concurrency, endpoint_concurrency, priority))


class AsyncBatch:
    """Awaits."""

    def __init__(self, driver: AsyncDriver, batch_id: str) -> None:
        self._driver = driver
        self.id = batch_id

    async def state(self) -> BatchState:
        return await self._driver.call(calls.batch(self.id))

    async def progress(self) -> AsyncIterator[BatchState]:
        """The batch's state whenever it has changed, until it is closed."""
        following = BatchFollowing(self.id)
        while not following.closed:
            if following.streams:
                try:
                    async for line in self._driver.lines(following.stream()):
                        if state := following.line(line):
                            yield state
                        if following.closed:
                            return
                except SandQueueError as error:
                    following.broke(error)
            # Without a stream a poll waits long; with one it only bridges the gap.
            if state := following.state(await self._driver.call(following.poll(1.0 if following.streams else None))):
                yield state

    async def wait(self) -> BatchState:
        """Waits until the batch is closed."""
        last = None
        async for state in self.progress():
            last = state
        return last or await self.state()

    async def results(self, follow: bool = True) -> AsyncIterator[Rollout]:
        """Every rollout that has ended, each once; with ``follow`` until the batch is closed."""
        reader = ResultLines(self._driver.rules)
        while True:
            try:
                async for line in self._driver.lines(calls.stream_results(self.id, follow)):
                    if rollout := reader.line(line):
                        yield rollout
                if not follow or (await self.state()).closed:
                    return
            except SandQueueError as error:
                await asyncio.sleep(reader.broke(error))

    async def rollouts(self, *, end: str | None = None, cause: str | None = None, task_id: str | None = None, limit: int | None = None) -> AsyncIterator[Rollout]:
        """Its rollouts, whether they have ended or not."""
        cursor = None
        while True:
            page = await self._driver.call(calls.batch_rollouts(self.id, end, cause, task_id, limit, cursor))
            for rollout in page.items:
                yield rollout
            if (cursor := page.next_cursor) is None:
                return

    async def write_results(self, path: str | PathLike[str]) -> int:
        """Writes the results that there are, an object a line, and says how many."""
        return write_objects(path, [one.source async for one in self.results(follow=False)])

    def export(self, form: str = "episodes") -> AsyncExport:
        """The episodes that its rollouts played: see ``export`` of the client."""
        return AsyncExport(self._driver, calls.export_episodes(form, batch_id=self.id))

    async def report(self, *, threshold: float | None = None) -> dict[str, Any]:
        """Coverage, rewards with interval, pass@k, distributions, groups. From a reward of ``threshold`` (1) on a rollout is a success."""
        return await self._driver.call(calls.batch_report(self.id, threshold))

    async def report_text(self, form: str = "markdown", *, threshold: float | None = None) -> str:
        """The report for people: markdown or html."""
        return await self._driver.call(calls.batch_report_text(self.id, form, threshold))

    async def compare(self, other_id: str, *, threshold: float | None = None) -> dict[str, Any]:
        """This batch and another, task by task: the difference with its interval, and the tasks that one solves and the other does not."""
        return await self._driver.call(calls.compare_batches(self.id, other_id, threshold))

    async def pause(self, reason: str | None = None) -> BatchState:
        return await self._driver.call(calls.batch_action(self.id, "pause", given(reason=reason)))

    async def resume(self) -> BatchState:
        return await self._driver.call(calls.batch_action(self.id, "resume"))

    async def cancel(self) -> BatchState:
        return await self._driver.call(calls.batch_action(self.id, "cancel"))

    async def retry(
        self, *, end: str | None = None, cause: str | None = None, task_id: str | None = None, rollout_id: str | None = None, api_key: str | None = None
    ) -> BatchState:
        """Plays again what did not complete: all of it, or what is named."""
        return await self._driver.call(calls.batch_action(self.id, "retry", given(end=end, cause=cause, task_id=task_id, rollout_id=rollout_id, api_key=api_key)))

    async def change(self, *, concurrency: int | None = None, endpoint_concurrency: int | None = None, priority: int | None = None) -> BatchState:
        return await self._driver.call(calls.change_batch(self.id, concurrency, endpoint_concurrency, priority))
