"""rLLM: what its remote runtime makes of every end that a rollout of a batch may have, by a fake gateway. The matrix has it against a real one."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from doubles.cases import Trained
from doubles.rllm import TaskSubmission, TerminationReason, filtered
from fake_farm import ENDS, FakeFarm


@pytest.mark.parametrize("task", list(ENDS))
def test_the_runtime_is_a_batch(task: str) -> None:
    from sandqueue.adapters.rllm import SandQueueRuntime

    async def run(farm: FakeFarm) -> list[Any]:
        runtime = SandQueueRuntime("trial", url=farm.url)
        runtime.initialize()
        tasks = [TaskSubmission({"task_id": name}, f"session-{place}", "group-1", f"http://gateway/{place}/v1") for place, name in enumerate([task, "good"])]
        results = await runtime.execute_tasks(tasks, timeout=60)
        runtime.shutdown()
        return results

    with FakeFarm() as farm:
        results = asyncio.run(run(farm))
        lines = next(iter(farm.batches.values()))["request"]
    assert [line["policy"]["base_url"] for line in lines[1:]] == ["http://gateway/0/v1", "http://gateway/1/v1"] and lines[0]["deadline_s"] == 60
    assert [result.session_id for result in results] == ["session-0", "session-1"] and results[0].task_id == "group-1"
    valid = ENDS[task].get("valid", False)
    told = filtered([result.termination_reason for result in results], [result.reward for result in results])
    assert told == Trained((ENDS[task]["reward"] + 0.5) / 2 if valid else 0.5, [valid, True])
    assert valid or (results[0].reward is None and results[0].error)


def test_a_farm_that_is_away_is_no_reward() -> None:
    from sandqueue.adapters.rllm import SandQueueRuntime

    runtime = SandQueueRuntime("trial", url="http://127.0.0.1:9", deadline=0.3)
    results = asyncio.run(runtime.execute_tasks([TaskSubmission({"task_id": "x"}, "s", "g", "http://x/v1")]))
    assert results[0].reward is None and not results[0].finished and results[0].termination_reason is TerminationReason.ERROR


def test_an_episode_that_no_flow_of_ours_has_scored_is_not_scored() -> None:
    from doubles.rllm import Episode, Trajectory

    from sandqueue.adapters.rllm import SandQueueEvaluator
    from sandqueue.playing import InvalidRollout

    for trajectories in ([], [Trajectory("x", [])]):
        with pytest.raises(InvalidRollout):
            SandQueueEvaluator().evaluate({}, Episode(trajectories))
    assert SandQueueEvaluator(0.5).evaluate({}, Episode([Trajectory("x", [], 0.5)])).is_correct
