"""Rollouts and batches through both clients, against a fake gateway with the routes of the page."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path

import pytest
from fake_farm import ENDS, FakeFarm

from sandqueue import AsyncSandQueue, NoReward, Reward, RolloutItem, SandQueue, policies
from sandqueue.errors import NotFound

VALID = {"good", "zero", "limit", "fault"}


def test_a_rollout_is_waited_for() -> None:
    with FakeFarm() as farm, SandQueue(farm.url) as queue:
        for task in ENDS:
            rollout = queue.rollout("trial", task, policies.gold())
            assert rollout.ended and rollout.valid == rollout.trainable == (task in VALID)
            if task in VALID:
                assert isinstance(rollout.reward, Reward) and rollout.reward == ENDS[task]["reward"]
            else:
                assert isinstance(rollout.reward, NoReward) and rollout.reward.cause == ENDS[task]["cause"] and rollout.reward.retryable
                with pytest.raises(TypeError):
                    sum([0.0, rollout.reward])  # type: ignore[list-item]
        assert [turn["answer"] for turn in queue.turns(rollout.rollout_id)] == [{"prompt_token_ids": [1]}]


@pytest.mark.parametrize("streams, break_after", [(True, None), (True, 2), (False, None)], ids=["events", "broken events", "long polls"])
def test_progress_goes_on_until_the_batch_is_closed(streams: bool, break_after: int | None) -> None:
    with FakeFarm(streams, break_after) as farm, SandQueue(farm.url) as queue:
        batch = queue.start_batch("trial", policies.nothing(), tasks=list(ENDS), repeats=1, batch_id="b")
        states = list(batch.progress())
        assert states[-1].closed and states[-1].ended == len(ENDS) and [state.closed for state in states].count(True) == 1
        assert len({json.dumps(state.source) for state in states}) == len(states), "nothing is told twice"
        if streams:
            assert len(states) == len(ENDS) + 1 or break_after
        assert batch.wait().closed


def test_results_come_once_each_though_their_stream_breaks(tmp_path: Path) -> None:
    with FakeFarm(break_after=3) as farm, SandQueue(farm.url) as queue:
        batch = queue.start_batch("trial", items=[RolloutItem(task, actions=["x"]) for task in ENDS])
        results = list(batch.results())
        assert [one.rollout_id for one in results] == [f"r{place}" for place in range(len(ENDS))]
        assert sum(one.reward for one in results if isinstance(one.reward, Reward)) == 0.5
        assert [one.rollout_id for one in batch.rollouts(limit=2)] == [one.rollout_id for one in results]
        assert batch.write_results(tmp_path / "results.jsonl") == len(ENDS)
        assert len((tmp_path / "results.jsonl").read_text().splitlines()) == len(ENDS)
        first = next(iter(farm.batches.values()))["request"]
        assert first[0]["env_type"] == "trial" and first[1] == {"task_id": "good", "actions": ["x"]}


def test_a_batch_is_steered() -> None:
    with FakeFarm() as farm, SandQueue(farm.url) as queue:
        batch = queue.start_batch("trial", policies.random(3, version="v1"), tasks=["good"], batch_id="steered")
        batch.pause("later")
        batch.resume()
        batch.retry(end="failed")
        batch.change(concurrency=3)
        batch.cancel()
        assert farm.actions == [("POST/pause", {"reason": "later"}), ("POST/resume", {}), ("POST/retry", {"end": "failed"}), ("PATCH", {"concurrency": 3}), ("POST/cancel", {})]
        assert batch.report() == {"batch_id": "steered"} and batch.report_text() == "# Report"
        with pytest.raises(NotFound) as unknown:
            queue.batch("ghost").state()
        assert unknown.value.code == "unknown_batch"


def test_all_of_it_awaited() -> None:
    async def run(farm: FakeFarm) -> None:
        async with AsyncSandQueue(farm.url) as queue:
            assert (await queue.rollout("trial", "zero", policies.gold())).reward == 0
            batch = await queue.start_batch("trial", policies.nothing(), tasks=list(ENDS))
            assert [state async for state in batch.progress()][-1].closed
            assert [one.valid async for one in batch.results()] == [task in VALID for task in ENDS]
            assert [one.task_id async for one in batch.rollouts()] == list(ENDS)

    with FakeFarm(break_after=3) as farm:
        asyncio.run(run(farm))
