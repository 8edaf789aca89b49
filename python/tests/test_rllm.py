"""rLLM: its remote runtime on batches of a fake gateway, its flow against a real one. What is invalid has a reason that rLLM masks."""

from __future__ import annotations

import asyncio
import enum
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any

import pytest
from doubles.cases import Case
from doubles.modules import install
from fake import FakeServer
from fake_farm import ENDS, FakeFarm
from gateway import Gateway


class TerminationReason(enum.Enum):
    ENV_DONE = "env_done"
    MAX_TURNS_EXCEEDED = "max_turns_exceeded"
    TIMEOUT = "timeout"
    ERROR = "error"


@dataclass
class Trajectory:
    name: str
    steps: list[Any]
    reward: float | None = None
    metadata: dict[str, Any] | None = None


@dataclass
class Episode:
    trajectories: list[Trajectory]
    termination_reason: TerminationReason | None = None
    metadata: dict[str, Any] = field(default_factory=dict)


install("rllm.workflows.workflow", TerminationReason=TerminationReason)
install("rllm.types", Episode=Episode, Trajectory=Trajectory)


@dataclass
class TaskSubmission:
    task: dict[str, Any]
    session_id: str
    task_id: str
    inference_url: str


def group_of(results: list[Any]) -> tuple[list[bool], float | None]:
    """Compact filtering, with mask_error and mask_timeout: who is left, and the mean that is their baseline."""
    kept = [result.termination_reason not in (TerminationReason.ERROR, TerminationReason.TIMEOUT) and result.finished for result in results]
    rewards = [result.reward for result, keep in zip(results, kept) if keep]
    return kept, sum(rewards) / len(rewards) if rewards else None


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
    assert group_of(results) == ([valid, True], (ENDS[task]["reward"] + 0.5) / 2 if valid else 0.5)
    assert valid or (results[0].reward is None and results[0].error)


def test_a_farm_that_is_away_is_no_reward() -> None:
    from sandqueue.adapters.rllm import SandQueueRuntime

    runtime = SandQueueRuntime("trial", url="http://127.0.0.1:9", deadline=0.3)
    results = asyncio.run(runtime.execute_tasks([TaskSubmission({"task_id": "x"}, "s", "g", "http://x/v1")]))
    assert results[0].reward is None and not results[0].finished and results[0].termination_reason is TerminationReason.ERROR


@pytest.mark.parametrize("turns, params, reward, reason", [
    ([("say", "hi"), ("end", "0.5")], None, 0.5, TerminationReason.ENV_DONE), ([("end", "0")], None, 0.0, TerminationReason.ENV_DONE),
    ([("say", "hi")], {"max_steps": 1}, 0.0, TerminationReason.MAX_TURNS_EXCEEDED), ([("throw", "")], None, None, None),
], ids=["normal end", "a valid 0", "limit of steps", "environment failure"])
def test_the_flow(gateway: Gateway, turns: Any, params: Any, reward: float | None, reason: Any) -> None:
    from sandqueue.adapters.rllm import SandQueueFlow
    from sandqueue.playing import InvalidRollout

    case = Case("flow", turns, reward)
    with FakeServer(lambda method, path, body, headers: (200, {"choices": [{"message": case.next_message()}]})) as endpoint:
        config = SimpleNamespace(base_url=f"{endpoint.url}/v1", model="policy", session_uid="s", sampling_params={"temperature": 1.0})
        flow = SandQueueFlow("trial", url=gateway.url, deadline=20)
        if reward is None:
            with pytest.raises(InvalidRollout):
                asyncio.run(flow.arun({"task_id": "1", "params": params}, config))
            return
        episode = asyncio.run(flow.arun({"task_id": "1", "params": params}, config))
    assert episode.trajectories[0].reward == reward and episode.termination_reason is reason
