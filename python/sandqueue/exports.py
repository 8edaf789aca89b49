"""Exports: ended episodes in the forms that trainers read, streamed. An export of any size needs the memory of one episode."""

from __future__ import annotations

import asyncio
import json
import os
import time
from collections.abc import AsyncIterator, Iterable, Iterator
from contextlib import contextmanager
from os import PathLike
from pathlib import Path
from typing import IO, Any

from sandqueue._core.drivers import AsyncDriver, Driver
from sandqueue._core.following import JsonLines
from sandqueue._core.request import Request
from sandqueue.errors import SandQueueError

__all__ = ["AsyncExport", "Export", "write_objects"]

Json = dict[str, Any]


@contextmanager
def _whole(path: str | PathLike[str]) -> Iterator[IO[str]]:
    """A file that has its name only once it is whole."""
    part = Path(f"{os.fspath(path)}.part")
    try:
        with open(part, "w", encoding="utf-8", newline="\n") as file:
            yield file
        os.replace(part, path)
    finally:
        part.unlink(missing_ok=True)


def write_objects(path: str | PathLike[str], objects: Iterable[Json]) -> int:
    """Writes them, an object a line, and says how many."""
    count = 0
    with _whole(path) as file:
        for one in objects:
            file.write(json.dumps(one) + "\n")
            count += 1
    return count


class Export:
    """Iterate over it for the objects, or ``write`` them to a file. Each time it is asked for anew."""

    def __init__(self, driver: Driver, request: Request) -> None:
        self._driver, self._request = driver, request

    def __iter__(self) -> Iterator[Json]:
        return (json.loads(line) for line in self._lines())

    def write(self, path: str | PathLike[str]) -> int:
        """Writes the lines as they come, and says how many. The file has its name only once it is whole."""
        count = 0
        with _whole(path) as file:
            for line in self._lines():
                file.write(line + "\n")
                count += 1
        return count

    def _lines(self) -> Iterator[str]:
        reader = JsonLines("the export", self._driver.rules)
        while True:
            try:
                for line in self._driver.lines(self._request):
                    if reader.object(line) is not None:
                        yield line
                return
            except SandQueueError as error:
                time.sleep(reader.broke(error))


class AsyncExport:
    """The same, to be awaited: ``async for``, ``await export.write(path)``."""

    def __init__(self, driver: AsyncDriver, request: Request) -> None:
        self._driver, self._request = driver, request

    async def __aiter__(self) -> AsyncIterator[Json]:
        async for line in self._lines():
            yield json.loads(line)

    async def write(self, path: str | PathLike[str]) -> int:
        """Writes the lines as they come, and says how many. The file has its name only once it is whole."""
        count = 0
        with _whole(path) as file:
            async for line in self._lines():
                file.write(line + "\n")
                count += 1
        return count

    async def _lines(self) -> AsyncIterator[str]:
        reader = JsonLines("the export", self._driver.rules)
        while True:
            try:
                async for line in self._driver.lines(self._request):
                    if reader.object(line) is not None:
                        yield line
                return
            except SandQueueError as error:
                await asyncio.sleep(reader.broke(error))
