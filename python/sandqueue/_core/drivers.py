"""Carries out plans: one driver blocks, the other awaits. There is no other difference between the two clients."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Iterator
from typing import Any, TypeVar

import httpx

from sandqueue._core.calls import Call
from sandqueue._core.events import Lines
from sandqueue._core.http import SILENCE, built, client_settings, lost_of, response_of
from sandqueue._core.reading import read_json
from sandqueue._core.request import Lost, Plan, Request, Response, Send
from sandqueue._core.resending import Rules, lost, send

T = TypeVar("T")


class Driver:
    """Blocks. May be used by many threads."""

    def __init__(self, url: str, key: str | None, rules: Rules, connections: int, transport: httpx.BaseTransport | None) -> None:
        self.rules = rules
        self._http = httpx.Client(**client_settings(url, key, connections), transport=transport)

    def run(self, plan: Plan[T]) -> T:
        outcome: Response | Lost | None = None
        while True:
            try:
                effect = plan.send(outcome)
            except StopIteration as end:
                result: T = end.value
                return result
            if isinstance(effect, Send):
                outcome = self._send(effect)
            else:
                time.sleep(effect.seconds)
                outcome = None

    def call(self, call: Call[T], deadline: float | None = None) -> T:
        return self.run(send(call.request, call.read, self.rules, deadline))

    def lines(self, request: Request) -> Iterator[str]:
        """The lines of a stream. Raises SandQueueError where it is refused or breaks off."""
        try:
            answer = self._http.send(built(self._http, request, self.rules.attempt, SILENCE), stream=True)
            try:
                if answer.status_code >= 400:
                    answer.read()
                    read_json(response_of(answer))
                parts = Lines()
                for part in answer.iter_bytes():
                    yield from parts.add(part)
            finally:
                answer.close()
        except httpx.TransportError as error:
            raise lost(lost_of(error), None) from None

    def close(self) -> None:
        self._http.close()

    def _send(self, effect: Send) -> Response | Lost:
        try:
            return response_of(self._http.send(built(self._http, effect.request, effect.limit)))
        except httpx.TransportError as error:
            return lost_of(error)


class AsyncDriver:
    """Awaits."""

    def __init__(self, url: str, key: str | None, rules: Rules, connections: int, transport: httpx.AsyncBaseTransport | None) -> None:
        self.rules = rules
        self._http = httpx.AsyncClient(**client_settings(url, key, connections), transport=transport)
        self._background: set[asyncio.Task[Any]] = set()

    async def run(self, plan: Plan[T]) -> T:
        outcome: Response | Lost | None = None
        while True:
            try:
                effect = plan.send(outcome)
            except StopIteration as end:
                result: T = end.value
                return result
            if isinstance(effect, Send):
                outcome = await self._send(effect)
            else:
                await asyncio.sleep(effect.seconds)
                outcome = None

    async def call(self, call: Call[T], deadline: float | None = None) -> T:
        return await self.run(send(call.request, call.read, self.rules, deadline))

    async def lines(self, request: Request) -> AsyncIterator[str]:
        """The lines of a stream. Raises SandQueueError where it is refused or breaks off."""
        try:
            answer = await self._http.send(built(self._http, request, self.rules.attempt, SILENCE), stream=True)
            try:
                if answer.status_code >= 400:
                    await answer.aread()
                    read_json(response_of(answer))
                parts = Lines()
                async for part in answer.aiter_bytes():
                    for line in parts.add(part):
                        yield line
            finally:
                await answer.aclose()
        except httpx.TransportError as error:
            raise lost(lost_of(error), None) from None

    def later(self, call: Call[Any], deadline: float) -> None:
        """Does what nobody waits for, as releasing what a cancelled Create may have made; closing waits for it."""
        task = asyncio.get_running_loop().create_task(self.call(call, deadline))
        self._background.add(task)
        task.add_done_callback(self._background.discard)

    async def close(self) -> None:
        await asyncio.gather(*self._background, return_exceptions=True)
        await self._http.aclose()

    async def _send(self, effect: Send) -> Response | Lost:
        try:
            return response_of(await self._http.send(built(self._http, effect.request, effect.limit)))
        except httpx.TransportError as error:
            return lost_of(error)
