"""
Inspect: a task made from an environment, and batches as its logs, written through its own API. Written for inspect_ai 0.3.260.

A rollout without a valid reward is a sample with an error, which Inspect scores nowhere (see its ``fail_on_error`` and ``retry_on_error``).
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timezone
from typing import Any

from inspect_ai import Task
from inspect_ai.dataset import MemoryDataset, Sample
from inspect_ai.log import EvalConfig, EvalDataset, EvalError, EvalLog, EvalMetric, EvalResults, EvalSample, EvalScore, EvalSpec, write_eval_log
from inspect_ai.model import ChatMessageAssistant, ChatMessageSystem, ChatMessageTool, ChatMessageUser, get_model
from inspect_ai.scorer import Score, mean, scorer, stderr
from inspect_ai.solver import solver
from inspect_ai.tool import ToolCall, ToolInfo, ToolParams

from sandqueue.adapters._queues import Farm
from sandqueue.answers import Message
from sandqueue.playing import AsyncPlayer
from sandqueue.rewards import NoReward, Reward
from sandqueue.rollouts import Rollout

TRAINER = "inspect_ai 0.3.260"

_RESULT = "sandqueue"


def environment_task(
    env_type: str, *, url: str = "http://127.0.0.1:8080", key: str | None = None, split: str = "test", tasks: Sequence[str] | None = None,
    most_tasks: int | None = None, params: dict[str, Any] | None = None, max_turns: int = 64, deadline: float = 300.0, **task: Any,
) -> Any:
    """A Task whose samples are the tasks of a split. The first messages come when a sample is played."""
    farm = Farm(url, key, deadline)
    ids = list(tasks) if tasks is not None else list(farm.queue().tasks(env_type, split))
    samples = [Sample(id=one, input=f"{env_type}/{one}", target="1") for one in ids[:most_tasks]]
    return Task(dataset=MemoryDataset(samples, name=env_type), solver=_play(farm, env_type, params, max_turns), scorer=_reward(), **task)


@solver
def _play(farm: Farm, env_type: str, params: dict[str, Any] | None, max_turns: int) -> Any:
    async def solve(state: Any, generate: Any) -> Any:
        async with AsyncPlayer(farm.async_queue(), env_type, str(state.sample_id), params) as player:
            opening = await player.begin()
            state.messages = [_chat(message) for message in opening.messages]
            tools = [_tool(one["function"]) for one in opening.tools]
            for _ in range(max_turns):
                state.output = await get_model().generate(state.messages, tools=tools)
                state.messages.append(state.output.message)
                answers = await player.act(_said(state.output.message))
                state.messages += [_chat(message) for message in answers]
                if player.ended:
                    break
            reward = await player.result()
        state.metadata[_RESULT] = {"reward": reward, **player.facts()}
        return state

    return solve


@scorer(metrics=[mean(), stderr()])
def _reward() -> Any:
    async def score(state: Any, target: Any) -> Any:
        result = state.metadata[_RESULT]
        return Score(value=result["reward"], explanation=result["end_reason"], metadata=result)

    return score


def write_log(
    rollouts: Sequence[Rollout], path: str, *, task: str, model: str = "none/none", episodes: Iterable[Mapping[str, Any]] = (),
) -> Any:
    """
    Writes rollouts, as ``batch.results()``, as a log that ``inspect view`` shows. What was said is in the samples where ``episodes`` are given, as
    ``batch.export()`` has them.
    """
    said = {episode["instance_id"]: _conversation(episode["entries"]) for episode in episodes}
    rewards = [one.reward for one in rollouts if isinstance(one.reward, Reward)]
    metrics = {"mean": EvalMetric(name="mean", value=sum(rewards) / len(rewards))} if rewards else {}
    score = EvalScore(name="reward", scorer="reward", metrics=metrics, scored_samples=len(rewards), unscored_samples=len(rollouts) - len(rewards))
    epochs = max((_epoch(one) for one in rollouts), default=1)
    spec = EvalSpec(
        created=datetime.now(timezone.utc).isoformat(), task=task, model=model, config=EvalConfig(epochs=epochs),
        dataset=EvalDataset(name=task, samples=len({one.task_id for one in rollouts})),
    )
    results = EvalResults(total_samples=len(rollouts), completed_samples=len(rewards), scores=[score])
    samples = [_sample(one, index, said.get(one.source.get("instance_id"), [])) for index, one in enumerate(rollouts)]
    log = EvalLog(version=2, status="success", eval=spec, results=results, samples=samples)
    write_eval_log(log, path)
    return log


def _sample(rollout: Rollout, index: int, messages: list[Message]) -> Any:
    reward, source = rollout.reward, rollout.source
    facts = {name: source.get(name) for name in ("end", "cause", "end_reason", "truncated", "steps", "attempts", "instance_id", "provenance", "usage")}
    scores, error = None, None
    if isinstance(reward, NoReward):
        error = _error(reward.cause, reward.detail)
    else:
        scores = {"reward": Score(value=float(reward), explanation=rollout.end_reason)}
    asked = next((str(one.get("content")) for one in messages if one.get("role") == "user"), str(rollout.task_id))
    return EvalSample(
        id=rollout.task_id or str(index), epoch=_epoch(rollout), input=asked, target="1", messages=[_chat(message) for message in messages], scores=scores,
        error=error, error_retries=[_error(one.get("cause"), one.get("detail")) for one in source.get("earlier_attempts") or []], metadata=facts,
    )


def _epoch(rollout: Rollout) -> int:
    return int(rollout.source.get("member") or 0) + 1


def _error(cause: str | None, detail: str | None) -> Any:
    return EvalError(message=f"{cause}: {detail}", traceback="", traceback_ansi="")


def _conversation(entries: Iterable[Mapping[str, Any]]) -> list[Message]:
    """The messages of a journal. Bytes that could not stand in JSON as they are come as text."""
    messages: list[Message] = []
    for entry in entries:
        if entry["kind"] not in ("create", "step"):
            continue
        answer = entry.get("answer") or json.loads(entry.get("answer_text") or "{}")
        if entry["kind"] == "step":
            messages.append(entry.get("action") or json.loads(entry.get("action_text") or "{}"))
        messages += (answer.get("info") or {}).get("tool_messages") or answer.get("state") or []
    return messages


def _chat(message: Message) -> Any:
    role, content = message.get("role"), message.get("content")
    text = content if isinstance(content, str) else json.dumps(content) if content else ""
    if role == "tool":
        return ChatMessageTool(content=text, tool_call_id=message.get("tool_call_id"), function=message.get("name"))
    if role == "assistant":
        calls = message.get("tool_calls")
        return ChatMessageAssistant(content=text, tool_calls=[_call(one) for one in calls] if isinstance(calls, list) else None)
    return ChatMessageSystem(content=text) if role == "system" else ChatMessageUser(content=text)


def _call(call: Any) -> Any:
    function = call.get("function") if isinstance(call, dict) else None
    name, given = (function.get("name"), function.get("arguments")) if isinstance(function, dict) else (None, None)
    try:
        arguments = json.loads(given) if isinstance(given, str) else given
    except ValueError:
        arguments = None
    if isinstance(arguments, dict):
        return ToolCall(id=str(call.get("id")), function=str(name), arguments=arguments)
    # What the agent wrote is shown, though it is no call.
    return ToolCall(id=str(call.get("id")) if isinstance(call, dict) else "", function=str(name), arguments={}, parse_error=json.dumps(call))


def _said(message: Any) -> Message:
    said: Message = {"role": "assistant", "content": message.text}
    if message.tool_calls:
        said["tool_calls"] = [
            {"id": call.id, "type": "function", "function": {"name": call.function, "arguments": json.dumps(call.arguments)}} for call in message.tool_calls
        ]
    return said


def _tool(function: dict[str, Any]) -> Any:
    schema = function.get("parameters") or {}
    parameters = ToolParams(properties=schema.get("properties") or {}, required=schema.get("required") or [])
    return ToolInfo(name=function["name"], description=function.get("description") or function["name"], parameters=parameters)
