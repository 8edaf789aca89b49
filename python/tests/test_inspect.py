"""Inspect, by a double of the names that the adapter uses: a sample that has no reward is an error, and never a score."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from doubles.cases import Case
from doubles.modules import install
from fake_farm import ENDS, rollout
from gateway import Gateway

from sandqueue.rollouts import Rollout


class Form(SimpleNamespace):
    """In place of a pydantic model: its members by name."""


def model_of(case: Case) -> Any:
    async def generate(messages: list[Any], tools: list[Any]) -> Any:
        assert [tool.name for tool in tools] == ["do"] and tools[0].parameters.required == ["what"] and messages
        call = case.next_message()["tool_calls"][0]
        message = Form(role="assistant", text="", tool_calls=[Form(id=call["id"], function=call["function"]["name"], arguments=json.loads(call["function"]["arguments"]))])
        return Form(message=message)

    return Form(generate=generate)


current: dict[str, Any] = {}
written: dict[str, Any] = {}
install("inspect_ai", Task=Form)
install("inspect_ai.dataset", MemoryDataset=lambda samples, name: samples, Sample=Form)
install("inspect_ai.log", **{name: Form for name in ("EvalConfig", "EvalDataset", "EvalError", "EvalLog", "EvalMetric", "EvalResults", "EvalSample", "EvalScore", "EvalSpec")},
        write_eval_log=lambda log, path: written.update({str(path): log}))
install("inspect_ai.model", ChatMessageSystem=Form, ChatMessageTool=Form, ChatMessageUser=Form, get_model=lambda: current["model"])
install("inspect_ai.scorer", Score=Form, mean=lambda: "mean", stderr=lambda: "stderr", scorer=lambda metrics: lambda function: function)
install("inspect_ai.solver", solver=lambda function: function)
install("inspect_ai.tool", ToolInfo=Form, ToolParams=Form)


@pytest.mark.parametrize("turns, params, reward", [
    ([("say", "hi"), ("end", "0.5")], None, 0.5), ([("end", "0")], None, 0.0), ([("say", "hi")], {"max_steps": 1}, 0.0), ([("throw", "")], None, None),
], ids=["normal end", "a valid 0", "limit of steps", "environment failure"])
def test_a_task(gateway: Gateway, turns: Any, params: Any, reward: float | None) -> None:
    from sandqueue.adapters.inspect_ai import environment_task
    from sandqueue.playing import InvalidRollout

    task = environment_task("trial", url=gateway.url, tasks=["1"], params=params, deadline=20)
    current["model"] = model_of(Case("inspect", turns, reward))
    state = Form(sample_id=task.dataset[0].id, messages=[], output=None, metadata={})

    async def run() -> Any:
        return await task.scorer(await task.solver(state, None), None)

    if reward is None:
        with pytest.raises(InvalidRollout):
            asyncio.run(run())
        return
    assert asyncio.run(run()).value == reward
    assert len(state.messages) == 2 + 2 * len(turns)


def test_a_batch_is_a_log(tmp_path: Path) -> None:
    from sandqueue.adapters.inspect_ai import write_log

    rollouts = [Rollout.read(rollout(f"r{place}", name, place)) for place, name in enumerate(ENDS)]
    log = write_log(rollouts, str(tmp_path / "log.eval"), task="trial")
    assert written[str(tmp_path / "log.eval")] is log
    assert [bool(sample.scores) for sample in log.samples] == [one.valid for one in rollouts]
    assert all(bool(sample.error) != bool(sample.scores) for sample in log.samples)
    assert log.results.scores[0].metrics["mean"].value == 0.5 / 4 and log.results.completed_samples == 4 and log.results.total_samples == len(ENDS)
