"""The calling side of Inspect: a task's solver and scorer, an error of a sample that is scored nowhere, and the models of its logs."""

from __future__ import annotations

import json
from types import SimpleNamespace
from typing import Any

from .cases import Case, Trained
from .modules import install


class Form(SimpleNamespace):
    """In place of a pydantic model: its members by name."""


class ModelMessage(Form):
    """A message; what is not given is None, or empty."""

    tool_calls: Any = None


current: dict[str, Any] = {}
written: dict[str, Any] = {}


def message_of(role: str) -> Any:
    return lambda **members: ModelMessage(role=role, **members)


LOG = ("EvalConfig", "EvalDataset", "EvalError", "EvalLog", "EvalMetric", "EvalResults", "EvalSample", "EvalScore", "EvalSpec")
install("inspect_ai", Task=Form)
install("inspect_ai.dataset", MemoryDataset=lambda samples, name: samples, Sample=Form)
install("inspect_ai.log", **{name: Form for name in LOG}, write_eval_log=lambda log, path: written.update({str(path): log}))
install(
    "inspect_ai.model", ChatMessageSystem=message_of("system"), ChatMessageTool=message_of("tool"), ChatMessageUser=message_of("user"),
    ChatMessageAssistant=message_of("assistant"), get_model=lambda: current["model"],
)
install("inspect_ai.scorer", Score=Form, mean=lambda: "mean", stderr=lambda: "stderr", scorer=lambda metrics: lambda function: function)
install("inspect_ai.solver", solver=lambda function: function)
install("inspect_ai.tool", ToolCall=Form, ToolInfo=Form, ToolParams=Form)


def model_of(case: Case) -> Any:
    async def generate(messages: list[Any], tools: list[Any]) -> Any:
        assert [tool.name for tool in tools] == ["do"] and tools[0].parameters.required == ["what"] and messages
        call = case.next_message()["tool_calls"][0]
        function = call["function"]
        message = Form(role="assistant", text="", tool_calls=[Form(id=call["id"], function=function["name"], arguments=json.loads(function["arguments"]))])
        return Form(message=message)

    return Form(generate=generate)


async def train(cases: list[Case]) -> Trained:
    """An evaluation: the mean over the samples that have a score, which is the nearest to a baseline that Inspect has."""
    from sandqueue.adapters.inspect_ai import environment_task

    scores: list[float | None] = []
    for case in cases:
        task = environment_task(case.env_type, url=case.url, tasks=["1"], params=case.params, max_turns=5, deadline=60 if case.params else 1.5)
        current["model"] = model_of(case)
        state = Form(sample_id=task.dataset[0].id, messages=[], output=None, metadata={})
        try:
            score = await task.scorer(await task.solver(state, None), None)
        except Exception:
            # With fail_on_error the sample has an error and no score.
            scores.append(None)
            continue
        assert type(score.value) is float and len(state.messages) == 2 + 2 * score.metadata["steps"]
        scores.append(score.value)
    valid = [one for one in scores if one is not None]
    return Trained(sum(valid) / len(valid) if valid else None, [one is not None for one in scores])
