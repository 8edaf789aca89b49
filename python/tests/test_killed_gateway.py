"""
The gateway is killed in the middle of many rollouts, and started again on its journal: none is lost, no step is taken twice. With ``-s`` the
figures are printed; SANDQUEUE_TEST_ROLLOUTS says how many rollouts.
"""

from __future__ import annotations

import asyncio
import os
import shutil
import time

import pytest
from gateway import PROGRAM, Gateway

from sandqueue import AsyncSandQueue, Reward

ROLLOUTS = int(os.environ.get("SANDQUEUE_TEST_ROLLOUTS", "40"))
STEPS = 4


def test_rollouts_go_on_where_they_were() -> None:
    if not PROGRAM.exists() or not shutil.which("dotnet"):
        pytest.skip(f"{PROGRAM} is not built")
    gateway = Gateway(["faulty"])
    told = {"steps": 0}
    errors: list[str] = []
    waits: list[float] = []
    away: list[float] = []

    async def play(queue: AsyncSandQueue, index: int, half: asyncio.Event) -> tuple[float | None, int]:
        async with queue.create("faulty", "plain", instance_id=f"killed-{index}") as instance:
            for number in range(1, STEPS + 1):
                begun = time.monotonic()
                step = await instance.step("count")
                waits.append(time.monotonic() - begun)
                told["steps"] += 1
                if told["steps"] >= ROLLOUTS * STEPS // 2:
                    half.set()
                # Hidden state of the environment: it counts every step that took effect.
                if not step.observation.startswith(f"steps {number},"):
                    errors.append(f"{instance.id}: step {number} saw {step.observation}")
            reward = await instance.score()
            entries = [entry async for entry in instance.episode() if entry.kind == "step"]
            return (float(reward) if isinstance(reward, Reward) else None), len(entries)

    async def run() -> list[tuple[float | None, int] | BaseException]:
        half = asyncio.Event()
        async with AsyncSandQueue(gateway.url, deadline=240, connections=64) as queue:
            gate = asyncio.Semaphore(32)

            async def one(index: int) -> tuple[float | None, int]:
                async with gate:
                    return await play(queue, index, half)

            playing = asyncio.gather(*(one(index) for index in range(ROLLOUTS)), return_exceptions=True)
            await asyncio.wait_for(half.wait(), 300)
            gateway.kill()
            killed = time.monotonic()
            await asyncio.to_thread(gateway.start)
            away.append(time.monotonic() - killed)
            return list(await playing)

    try:
        results = asyncio.run(run())
    finally:
        gateway.stop()
    raised = sum(isinstance(one, BaseException) for one in results)
    twice = len(errors) + sum(isinstance(one, tuple) and one[1] > STEPS for one in results)
    print(
        f"\n{ROLLOUTS} rollouts of {STEPS} steps, gateway killed after half of the steps and away for {away[0]:.1f} s: lost "
        f"{sum(one != (float(STEPS), STEPS) for one in results)}, taken twice {twice}, raised {raised}; a step took {sorted(waits)[len(waits) // 2] * 1000:.0f} ms "
        f"in the median and {max(waits):.1f} s at most"
    )
    assert errors == []
    unexpected = [f"{index}: {one!r}" for index, one in enumerate(results) if one != (float(STEPS), STEPS)]
    assert not unexpected, f"{len(unexpected)} of {ROLLOUTS}: {unexpected[:5]}"
