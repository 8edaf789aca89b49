"""
Every adapter and every end a rollout may have, against a real embedded gateway: what is invalid enters neither the loss nor the baseline of
its group, and a valid 0 enters both. The trainers are doubles of their calling side.
"""

from __future__ import annotations

import asyncio
import inspect
import os
from collections.abc import Callable
from typing import Any

import pytest
from doubles import areal, gymnasium, inspect_ai, rllm, skyrl, slime, trl, verl
from doubles.cases import SIBLING, Case, Trained
from gateway import Gateway
from proxy import CutProxy
from until import until

from sandqueue import SandQueue
from sandqueue.adapters import _queues
from sandqueue.adapters._queues import Farm

DOUBLES: dict[str, Callable[[list[Case]], Any]] = {
    "trl": trl.train, "verl": verl.train, "areal": areal.train, "slime": slime.train, "skyrl": skyrl.train, "gymnasium": gymnasium.train,
    "rllm runtime": rllm.train_runtime, "rllm flow": rllm.train_flow, "inspect": inspect_ai.train,
}
WHOLE_GROUP = {"slime", "skyrl"}
"""Trainers that have no way to leave one rollout out of a mean: its group goes whole."""


def trained(name: str, cases: list[Case]) -> Trained:
    result = DOUBLES[name](cases)
    told: Trained = asyncio.run(result) if inspect.isawaitable(result) else result
    return told


def case_of(name: str, queue: SandQueue, proxy: CutProxy) -> Case:
    def released() -> tuple[str, str]:
        for one in queue.instances(env_type="trial", state="live"):
            if one.steps == 1:
                queue.instance(one.instance_id).release()
        return "say", "is anybody there"

    def cut() -> tuple[str, str]:
        proxy.cut()
        return "say", "is anybody there"

    long = {"seed": 1}
    return {
        "normal end": Case(name, [("say", "hi"), ("end", "0.5")], 0.5, params=long),
        "a valid 0": Case(name, [("say", "hi"), ("end", "0")], 0.0, params=long),
        "limit of steps": Case(name, [("say", "hi"), ("say", "ho"), ("say", "he")], 0.0, params={"max_steps": 2}),
        "agent's fault": Case(name, [("crash", ""), ("end", "0")], 0.0, params=long),
        "environment failure": Case(name, [("say", "hi"), ("throw", "")], None, params=long, cause="environment"),
        "infrastructure failure": Case(name, [("say", "hi"), cut], None, cause="infrastructure", url=proxy.url),
        "cancelled": Case(name, [("say", "hi"), released], None, params=long, cause="caller"),
        "lost instance": Case(name, [("say", "hi"), ("crash", ""), ("end", "1")], None, env_type="trial_unreplayable", params=long, cause="infrastructure"),
    }[name]


CASES = ["normal end", "a valid 0", "limit of steps", "agent's fault", "environment failure", "infrastructure failure", "cancelled", "lost instance"]


@pytest.mark.parametrize("name", CASES)
@pytest.mark.parametrize("adapter", DOUBLES)
def test_only_what_is_valid_is_trained_on(gateway: Gateway, queue: SandQueue, adapter: str, name: str) -> None:
    proxy = CutProxy(gateway.port)
    case = case_of(name, queue, proxy)
    case.url = case.url or gateway.url
    # The sibling has no step alone that "cancelled" could take for the case's.
    sibling = Case("sibling", SIBLING[1:], 1.0, params={"seed": 1}, url=gateway.url)
    told = trained(adapter, [case, sibling])
    if case.reward is not None:
        assert told == Trained((case.reward + 1) / 2, [True, True])
    elif adapter in WHOLE_GROUP:
        assert told == Trained(None, [False, False])
    else:
        assert told == Trained(1.0, [False, True])
    proxy.cut()


@pytest.mark.parametrize("adapter", ["verl", "areal", "slime", "rllm runtime", "rllm flow", "inspect"])
def test_a_cancelled_task_releases_its_instance(gateway: Gateway, queue: SandQueue, adapter: str) -> None:
    async def run() -> None:
        begun = asyncio.Event()
        loop = asyncio.get_running_loop()

        def hangs() -> tuple[str, str]:
            loop.call_soon_threadsafe(begun.set)
            return "hang", "1"

        case = Case("cancelled", [("say", "hi"), hangs], None, params={"seed": 9}, url=gateway.url)
        task = asyncio.create_task(DOUBLES[adapter]([case]))
        await asyncio.wait_for(begun.wait(), 20)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        for _ in range(400):
            if not list(queue.instances(env_type="trial", state="live")):
                return
            await asyncio.sleep(0.05)
        raise AssertionError("the instance was not released within 20 s")

    asyncio.run(run())


def test_skyrl_without_masks_stops_rather_than_trains_on_a_made_up_zero(gateway: Gateway) -> None:
    from sandqueue.playing import InvalidRollout

    case = Case("x", [("throw", "")], None, params={"seed": 1}, url=gateway.url)
    with pytest.raises(InvalidRollout):
        asyncio.run(skyrl.train([case], mask=False))


def test_skyrl_releases_what_was_never_closed(gateway: Gateway, queue: SandQueue) -> None:
    from sandqueue.adapters.skyrl import SandQueueEnv

    env = SandQueueEnv({"farm_url": gateway.url, "env_type": "trial"}, {"task_id": "3"})
    env.init([])
    instance = env._player.opening.instance_id
    del env
    until(lambda: queue.find_instance(instance).state == "released", "what was collected is released")


def test_a_forked_process_has_connections_of_its_own(gateway: Gateway) -> None:
    farm = Farm(gateway.url)
    farm.queue().environments()
    child = os.fork()
    if child == 0:
        status = 1
        try:
            status = 0 if not _queues._blocking and farm.queue().environments() else 2
        finally:
            os._exit(status)
    assert os.waitpid(child, 0)[1] == 0
    farm.queue().environments()
