"""Clients that adapters share: one for a process and address, or for an event loop. Settings can be pickled, clients cannot."""

from __future__ import annotations

import asyncio
import os
import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any
from weakref import WeakKeyDictionary

from sandqueue.async_client import AsyncSandQueue
from sandqueue.client import SandQueue


@dataclass(frozen=True)
class Farm:
    """Where the farm is, and for how long a call may be tried."""

    url: str = "http://127.0.0.1:8080"
    key: str | None = field(default=None, repr=False)
    deadline: float = 300.0

    def queue(self) -> SandQueue:
        """The process's client that blocks; many threads share it."""
        with _lock:
            if self not in _blocking:
                _blocking[self] = SandQueue(self.url, self.key, deadline=self.deadline)
            return _blocking[self]

    def async_queue(self) -> AsyncSandQueue:
        """The running loop's client."""
        of_loop = _awaiting.setdefault(asyncio.get_running_loop(), {})
        if self not in of_loop:
            of_loop[self] = AsyncSandQueue(self.url, self.key, deadline=self.deadline)
        return of_loop[self]


_lock = threading.Lock()
_blocking: dict[Farm, SandQueue] = {}
_awaiting: WeakKeyDictionary[asyncio.AbstractEventLoop, dict[Farm, AsyncSandQueue]] = WeakKeyDictionary()
_threads: list[ThreadPoolExecutor] = []


def threads() -> ThreadPoolExecutor:
    """The process's threads for what goes on in the background."""
    with _lock:
        if not _threads:
            _threads.append(ThreadPoolExecutor(64, thread_name_prefix="sandqueue"))
        return _threads[0]


def _forget() -> None:
    """A child that was forked has its parent's connections and none of its threads: it makes its own."""
    global _lock
    _lock = threading.Lock()
    _blocking.clear()
    _awaiting.clear()
    _threads.clear()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_forget)


def text_of(messages: list[dict[str, Any]]) -> str:
    return "\n".join(str(message.get("content", "")) for message in messages)
