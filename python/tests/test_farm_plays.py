"""Rollouts, batches and secrets through a real embedded gateway, where it has their routes."""

from __future__ import annotations

import asyncio
import uuid
from types import SimpleNamespace

import pytest
from gateway import Gateway

from sandqueue import AsyncSandQueue, NoReward, Reward, RolloutItem, SandQueue, SandQueueError, policies
from sandqueue.errors import Conflict, NotFound

WAY = [f"<action>{move}</action>" for move in ["down", "down", "right", "down", "right", "right"]]


@pytest.fixture()
def farm(queue: SandQueue) -> SandQueue:
    try:
        list(queue.batches())
    except SandQueueError as error:
        if error.code == "unknown_route":
            pytest.skip("this gateway has no routes of rollouts yet")
        raise
    return queue


def test_a_rollout(farm: SandQueue) -> None:
    won = farm.rollout("frozenlake", "4x4-1000000", policies.recorded(WAY))
    assert isinstance(won.reward, Reward) and won.reward == 1 and won.trainable and won.end_reason == "goal"
    assert [turn["action"]["content"] for turn in farm.turns(won.rollout_id, limit=2)] == WAY
    zero = farm.rollout("frozenlake", "4x4-1000000", policies.nothing())
    assert isinstance(zero.reward, Reward) and zero.reward == 0 and zero.trainable
    broken = farm.rollout("trial", "1", policies.recorded(["throw"]))
    assert isinstance(broken.reward, NoReward) and broken.cause == "environment" and not broken.trainable
    wrong = farm.rollout("trial", "1", policies.model("http://127.0.0.1:9/v1", "nobody", retries=0))
    assert isinstance(wrong.reward, NoReward) and wrong.cause != "agent" and not wrong.trainable


def test_the_same_rollout_again_is_the_same(farm: SandQueue) -> None:
    name = f"twice-{uuid.uuid4().hex}"
    first = farm.rollout("trial", "1", policies.recorded(["end 0.5"]), rollout_id=name)
    again = farm.rollout("trial", "1", policies.recorded(["end 0.5"]), rollout_id=name)
    assert first.source["instance_id"] == again.source["instance_id"] and again.reward == 0.5
    with pytest.raises(Conflict):
        farm.rollout("trial", "1", policies.recorded(["end 1"]), rollout_id=name)


def test_a_batch(farm: SandQueue) -> None:
    items = [RolloutItem("1", actions=["say hi", f"end {number / 10}"]) for number in range(10)] + [RolloutItem("1", actions=["throw"])]
    batch = farm.start_batch("trial", items=items, name="from Python")
    states = list(batch.progress())
    assert states[-1].closed and states[-1].ends["completed"] == 10 and states[-1].ends["failed"] == 1
    results = {one.source["number"]: one for one in batch.results()}
    assert [results[number].reward for number in range(10)] == [number / 10 for number in range(10)] and not results[10].valid
    assert len(list(batch.rollouts(limit=3))) == 11 and [one.source["number"] for one in batch.rollouts(end="failed")] == [10]
    assert batch.id in {state.batch_id for state in farm.batches()}
    assert farm.batch(batch.id).wait().closed


def test_a_batch_is_steered(farm: SandQueue) -> None:
    batch = farm.start_batch("trial", items=[RolloutItem("1", actions=["hang 2", "end 1"]) for _ in range(6)], concurrency=1)
    assert batch.pause("for a while").source["pause_reason"] == "for a while"
    assert batch.change(concurrency=2, priority=3).source["priority"] == 3
    assert batch.resume().state == "running"
    batch.cancel()
    closed = batch.wait()
    assert closed.ended == 6 and closed.ends["cancelled"] >= 1
    cancelled = next(iter(batch.rollouts(end="cancelled")))
    assert isinstance(cancelled.reward, NoReward) and cancelled.reward.cause == "cancelled"


def test_all_of_it_awaited(farm: SandQueue, gateway: Gateway) -> None:
    async def run() -> None:
        async with AsyncSandQueue(gateway.url, deadline=30) as queue:
            batch = await queue.start_batch("guess", policies.nothing(), split="train", sample={"n": 5, "seed": 1}, repeats=2)
            last = [state async for state in batch.progress()][-1]
            assert last.closed and last.ends["completed"] == 10
            results = [one async for one in batch.results(follow=True)]
            assert len(results) == 10 and all(one.reward == 0 and one.trainable for one in results)

    asyncio.run(run())


def test_the_runtime_of_rllm(farm: SandQueue, gateway: Gateway) -> None:
    from sandqueue.adapters.rllm import SandQueueRuntime

    tasks = [SimpleNamespace(task={"task_id": "1"}, session_id=f"s{place}", task_id="group", inference_url="http://127.0.0.1:9/v1") for place in range(3)]
    # Nobody is at the inference address: the batch pauses, and nobody waits for ever.
    results = asyncio.run(asyncio.wait_for(SandQueueRuntime("trial", url=gateway.url, deadline=30, retries=0).execute_tasks(tasks), 50))
    assert all("the batch paused: " in result.error for result in results)
    assert [result.session_id for result in results] == ["s0", "s1", "s2"] and all(result.reward is None and not result.finished and result.error for result in results)


def test_secrets(farm: SandQueue) -> None:
    farm.put_secret("python-test", "sk-1")
    assert "python-test" in {one["name"] for one in farm.secrets()} and "sk-1" not in str(farm.secrets())
    farm.delete_secret("python-test")
    with pytest.raises(NotFound):
        farm.delete_secret("python-test")
