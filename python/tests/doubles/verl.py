"""The calling side of verl's agent loop V1: hydra's keywords, the ct helpers, one output or a list, an empty list stores nothing."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

from .cases import Case, Trained
from .modules import Tokens, install

LIMIT = 4000


@dataclass
class AgentLoopOutput:
    prompt_ids: list[int]
    response_ids: list[int]
    response_mask: list[int]
    metrics: dict[str, Any]
    extra_fields: dict[str, Any]
    response_logprobs: list[float] | None = None
    reward_score: float | None = None
    num_turns: int = 0


class AgentLoopBase:
    def __init__(self, trainer_config: Any, server_manager: Any, tokenizer: Any, processor: Any, dataset_cls: Any, data_config: Any, **kwargs: Any) -> None:
        assert set(kwargs) <= {"hf_model_type", "tools"}, kwargs
        self.rollout_config, self.server_manager, self.tokenizer = trainer_config.rollout, server_manager, tokenizer

    async def ct_build_initial_tokens(self, messages: Any, tools: Any = None) -> list[int]:
        ids: list[int] = self.tokenizer.apply_chat_template(messages, tools=tools, add_generation_prompt=True)
        return ids

    async def ct_merge_assistant_token(self, ids: list[int], new: list[int], mask: list[int], logprobs: Any = None, assistant_logprobs: Any = None) -> Any:
        return SimpleNamespace(token_ids=[*ids, *new]), [*mask, *[1] * len(new)], [*(logprobs or []), *assistant_logprobs]

    async def ct_merge_non_assistant_msg(self, previous: Any, updated: Any, ids: list[int], mask: list[int], logprobs: Any = None, tools: Any = None) -> Any:
        assert updated[: len(previous)] == previous and all(message["role"] != "assistant" for message in updated[len(previous) :])
        new = self.tokenizer.apply_chat_template(updated[len(previous) :], add_generation_prompt=True)
        return SimpleNamespace(token_ids=[*ids, *new]), [*mask, *[0] * len(new)], [*logprobs, *[0.0] * len(new)]


def register(name: str) -> Any:
    return lambda kind: kind


install("verl.experimental.agent_loop.agent_loop", AgentLoopBase=AgentLoopBase, AgentLoopOutput=AgentLoopOutput, register=register)


class Server:
    def __init__(self, case: Case) -> None:
        self._case, self._request = case, ""

    async def generate(self, *, request_id: str, prompt_ids: list[int], sampling_params: dict[str, Any]) -> Any:
        assert self._request in ("", request_id) and prompt_ids
        self._request = request_id
        ids = [ord(one) for one in await asyncio.to_thread(self._case.next_text)] + [3]
        return SimpleNamespace(token_ids=ids, log_probs=[-1.0] * len(ids), routed_experts=None, stop_reason="stop", num_preempted=0, extra_fields={"max_global_steps": 3})


async def train(cases: list[Case]) -> Trained:
    from sandqueue.adapters.verl import SandQueueAgentLoop

    async def run(session: int, case: Case) -> list[Any]:
        loop = SandQueueAgentLoop(
            trainer_config=SimpleNamespace(rollout=SimpleNamespace(response_length=LIMIT)), server_manager=Server(case), tokenizer=Tokens(), processor=None,
            dataset_cls=None, data_config=None, hf_model_type="qwen3", tools=None, farm_url=case.url, env_type="none", max_turns=5, deadline=60 if case.params else 1.5,
        )
        output = await loop.run(
            {"temperature": 1.0}, raw_prompt=[], uid=f"{case.name}-{id(case)}", session_id=session, global_steps=3, agent_name="sandqueue", task_id="1",
            env_type=case.env_type, params=case.params,
        )
        return output if isinstance(output, list) else [output]

    stored = await asyncio.gather(*(run(index, case) for index, case in enumerate(cases)))
    for output in [one for some in stored for one in some]:
        assert len(output.response_ids) == len(output.response_mask) == len(output.response_logprobs) <= LIMIT
        assert output.reward_score is not None and output.extra_fields["reward_extra_info"] and "turn_scores" in output.extra_fields
        said = "".join(chr(one) for one, mask in zip(output.response_ids, output.response_mask) if mask)
        assert said.count("<think>") == output.response_ids.count(3) - said.count("\x03") * 0 - sum(1 for one, mask in zip(output.response_ids, output.response_mask) if one == 3 and not mask)
    rewards = [one.reward_score for some in stored for one in some]
    return Trained(sum(rewards) / len(rewards) if rewards else None, [bool(some) for some in stored])
