"""The calling side of rLLM: its remote runtime, its flow engine with retries and an evaluator, and compact filtering over termination reasons."""

from __future__ import annotations

import asyncio
import enum
from dataclasses import dataclass, field
from typing import Any

from fake import FakeServer

from .cases import Case, Trained
from .modules import install

RETRIES = 2


class TerminationReason(enum.Enum):
    ENV_DONE = "env_done"
    MAX_TURNS_EXCEEDED = "max_turns_exceeded"
    TIMEOUT = "timeout"
    ERROR = "error"
    UNKNOWN = "unknown"


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
    is_correct: bool = False


@dataclass
class EvalOutput:
    reward: float
    is_correct: bool
    signals: list[Any] = field(default_factory=list)


@dataclass
class Task:
    id: str
    instruction: str
    metadata: dict[str, Any]


@dataclass
class AgentConfig:
    base_url: str
    model: str
    session_uid: str
    metadata: dict[str, Any] = field(default_factory=dict)
    is_validation: bool = False
    sampling_params: dict[str, Any] = field(default_factory=dict)


@dataclass
class TaskSubmission:
    task: dict[str, Any]
    session_id: str
    task_id: str
    inference_url: str


install("rllm.workflows.workflow", TerminationReason=TerminationReason)
install("rllm.types", Episode=Episode, Trajectory=Trajectory)
install("rllm.eval.output", EvalOutput=EvalOutput)


def filtered(reasons: list[Any], rewards: list[float | None]) -> Trained:
    """Compact filtering with mask_error and mask_timeout: who is left, and the mean that is their baseline."""
    kept = [reason not in (TerminationReason.ERROR, TerminationReason.TIMEOUT) for reason in reasons]
    left = [reward for reward, keep in zip(rewards, kept) if keep]
    assert all(type(reward) is float for reward in left)
    return Trained(sum(one or 0.0 for one in left) / len(left) if left else None, kept)


def endpoint_of(cases: list[Case]) -> FakeServer:
    """The trainer's gateway: a session for each rollout, below which it completes chats."""

    def complete(method: str, path: str, body: Any, headers: dict[str, str]) -> Any:
        _, session, *rest = path.split("/")
        assert method == "POST" and rest == ["v1", "chat", "completions"] and body["model"] == "policy" and body["tools"]
        return 200, {"choices": [{"message": cases[int(session)].next_message(), "finish_reason": "tool_calls"}]}

    return FakeServer(complete)


async def train_flow(cases: list[Case]) -> Trained:
    """AgentFlowEngine: the flow gets a Task, is tried again where it raises, and is an episode with ERROR in the end (raise_on_error: false)."""
    from sandqueue.adapters.rllm import SandQueueEvaluator, SandQueueFlow

    evaluator = SandQueueEvaluator()

    with endpoint_of(cases) as endpoint:
        async def process(index: int, case: Case) -> Episode:
            task = Task(f"task-{index}", "", {"task_id": "1", "params": case.params})
            for _ in range(RETRIES):
                case.restart()
                flow = SandQueueFlow(case.env_type, url=case.url, max_turns=5, deadline=60 if case.params else 1.5)
                config = AgentConfig(f"{endpoint.url}/{index}/v1", "policy", f"task-{index}:0", sampling_params={"temperature": 1.0})
                try:
                    episode: Episode = await flow.arun(task, config)
                    output = await asyncio.to_thread(evaluator.evaluate, task.metadata, episode)
                except Exception:
                    continue
                assert [one.reward for one in episode.trajectories] == [output.reward] and output.is_correct == (output.reward >= 1)
                return episode
            return Episode([], TerminationReason.ERROR)

        episodes = await asyncio.gather(*(process(index, case) for index, case in enumerate(cases)))
    return filtered([one.termination_reason for one in episodes], [one.trajectories[0].reward if one.trajectories else None for one in episodes])


async def train_runtime(cases: list[Case]) -> Trained:
    """RemoteAgentEngine: one result for each submission, in their order. Each case has a farm, an environment and params of its own."""
    from sandqueue.adapters.rllm import SandQueueRuntime

    with endpoint_of(cases) as endpoint:
        async def execute(index: int, case: Case) -> Any:
            runtime = SandQueueRuntime(case.env_type, "policy", url=case.url, deadline=60 if case.params else 1.5, max_steps=5, retries=0)
            runtime.initialize()
            submission = TaskSubmission({"task_id": "1", "params": case.params}, f"session-{index}", "group", f"{endpoint.url}/{index}/v1")
            (result,) = await runtime.execute_tasks([submission], timeout=60)
            runtime.shutdown()
            assert result.session_id == submission.session_id and result.task_id == "group"
            assert result.finished == (result.reward is not None) == (result.error is None)
            return result

        results = await asyncio.gather(*(execute(index, case) for index, case in enumerate(cases)))
    return filtered([one.termination_reason for one in results], [one.reward for one in results])
