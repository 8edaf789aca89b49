"""
Steps per second through the package beside a bare httpx client, on one instance after the other and side by side: ``python3 bench/overhead.py
[URL]``, or without a URL against the built gateway. Ways take turns, and the best of three rounds counts.
"""

from __future__ import annotations

import asyncio
import sys
import time
import uuid
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx

sys.path[:0] = [str(Path(__file__).resolve().parent.parent), str(Path(__file__).resolve().parent.parent / "tests")]

from sandqueue import AsyncSandQueue, SandQueue, StepRequest  # noqa: E402

STEPS, AT_ONCE = 320, 32
ACTION = {"role": "assistant", "content": "echo x"}


def answer(response: httpx.Response) -> Any:
    response.raise_for_status()
    return response.json()


def bare(url: str) -> float:
    with httpx.Client(base_url=url, timeout=60) as http:
        name = http.post("/v1/instances", json={"env_type": "faulty", "task_id": "plain"}).json()["instance_id"]
        begun = time.perf_counter()
        for number in range(STEPS):
            answer(http.post(f"/v1/instances/{name}/steps", json={"action": ACTION, "step": number + 1}, headers={"Idempotency-Key": uuid.uuid4().hex}))
        return STEPS / (time.perf_counter() - begun)


def package(url: str) -> float:
    with SandQueue(url) as queue, queue.create("faulty", "plain") as instance:
        begun = time.perf_counter()
        for _ in range(STEPS):
            instance.step(ACTION)
        return STEPS / (time.perf_counter() - begun)


def bare_async(url: str) -> float:
    async def run() -> float:
        async with httpx.AsyncClient(base_url=url, timeout=60) as http:
            async def make() -> str:
                return str((await http.post("/v1/instances", json={"env_type": "faulty", "task_id": "plain"})).json()["instance_id"])

            async def play(name: str) -> None:
                for number in range(STEPS // AT_ONCE):
                    answer(await http.post(f"/v1/instances/{name}/steps", json={"action": ACTION, "step": number + 1}, headers={"Idempotency-Key": uuid.uuid4().hex}))

            names = await asyncio.gather(*(make() for _ in range(AT_ONCE)))
            begun = time.perf_counter()
            await asyncio.gather(*(play(name) for name in names))
            return STEPS // AT_ONCE * AT_ONCE / (time.perf_counter() - begun)

    return asyncio.run(run())


def package_async(url: str) -> float:
    async def run() -> float:
        async with AsyncSandQueue(url) as queue:
            instances = await asyncio.gather(*(queue.create("faulty", "plain") for _ in range(AT_ONCE)))

            async def play(index: int) -> None:
                for _ in range(STEPS // AT_ONCE):
                    await instances[index].step(ACTION)

            begun = time.perf_counter()
            await asyncio.gather(*(play(index) for index in range(AT_ONCE)))
            return STEPS // AT_ONCE * AT_ONCE / (time.perf_counter() - begun)

    return asyncio.run(run())


def bare_vector(url: str) -> float:
    with httpx.Client(base_url=url, timeout=60) as http:
        names = [http.post("/v1/instances", json={"env_type": "faulty", "task_id": "plain"}).json()["instance_id"] for _ in range(AT_ONCE)]
        begun = time.perf_counter()
        for number in range(STEPS // AT_ONCE):
            steps = [{"instance_id": name, "action": ACTION, "step": number + 1, "command_id": uuid.uuid4().hex} for name in names]
            answer(http.post("/v1/steps", json={"steps": steps}))
        return STEPS // AT_ONCE * AT_ONCE / (time.perf_counter() - begun)


def package_vector(url: str) -> float:
    with SandQueue(url) as queue:
        instances = [queue.create("faulty", "plain") for _ in range(AT_ONCE)]
        begun = time.perf_counter()
        for number in range(STEPS // AT_ONCE):
            queue.step_many([StepRequest(instance.id, ACTION, number + 1) for instance in instances])
        return STEPS // AT_ONCE * AT_ONCE / (time.perf_counter() - begun)


def main() -> None:
    gateway = None
    if len(sys.argv) < 2:
        from gateway import Gateway

        gateway = Gateway(["faulty"])
    url = gateway.url if gateway else sys.argv[1]
    ways: list[Callable[[str], float]] = [bare, package, bare_async, package_async, bare_vector, package_vector]
    best = dict.fromkeys((way.__name__ for way in ways), 0.0)
    processor = dict.fromkeys(best, float("inf"))
    try:
        for _ in range(3):
            for way in ways:
                begun = time.process_time()
                best[way.__name__] = max(best[way.__name__], way(url))
                processor[way.__name__] = min(processor[way.__name__], (time.process_time() - begun) / STEPS * 1000)
    finally:
        if gateway:
            gateway.stop()
    for name, figure in best.items():
        print(f"{name:16} {figure:8.0f} steps/s {processor[name]:8.2f} ms of processor a step, with its client and instances")


if __name__ == "__main__":
    main()
