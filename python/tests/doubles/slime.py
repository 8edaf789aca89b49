"""The calling side of slime's rollouts: samples to fill, a router that generates, a filter of groups, rewards that are numbers."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from enum import Enum
from types import SimpleNamespace
from typing import Any

from .cases import Case, Trained
from .modules import Tokens, install

_current: dict[str, Case] = {}


class Status(Enum):
    PENDING = "pending"
    COMPLETED = "completed"
    TRUNCATED = "truncated"
    ABORTED = "aborted"


@dataclass
class Sample:
    metadata: dict[str, Any]
    prompt: Any = ""
    tokens: list[int] = field(default_factory=list)
    response: str = ""
    response_length: int = 0
    loss_mask: list[int] | None = None
    rollout_log_probs: list[float] | None = None
    reward: Any = None
    status: Status = Status.PENDING
    remove_sample: bool = False
    non_generation_time: float = 0.0


Sample.Status = Status  # type: ignore[attr-defined]


class GenerateState:
    def __init__(self, args: Any) -> None:
        self.tokenizer = Tokens()


async def post(url: str, payload: dict[str, Any]) -> Any:
    case = _current[url.split("//")[1].split(":")[0]]
    assert payload["return_logprob"] and payload["input_ids"] and payload["sampling_params"]["max_new_tokens"] > 0
    text = await asyncio.to_thread(case.next_text)
    # The router cuts the end of the turn from the text; its token is among the sampled ones.
    sampled = [[-1.0, ord(one), None] for one in [*text, "\x03"]]
    return {"text": text, "meta_info": {"finish_reason": {"type": "stop"}, "output_token_logprobs": sampled}}


install("slime.rollout.sglang_rollout", GenerateState=GenerateState)
install("slime.utils.http_utils", post=post)
install("slime.utils.types", Sample=Sample)


async def train(cases: list[Case]) -> Trained:
    from sandqueue.adapters.slime import generate, keep_whole_groups

    async def play(index: int, case: Case) -> Any:
        _current[f"router{index}"] = case
        args = SimpleNamespace(
            sglang_router_ip=f"router{index}", sglang_router_port=1, sandqueue_url=case.url, sandqueue_env_type="none", sandqueue_max_turns=5,
            sandqueue_deadline=60 if case.params else 1.5,
        )
        sample = Sample({"task_id": "1", "env_type": case.env_type, "params": case.params})
        return await generate(args, sample, {"temperature": 1.0, "max_new_tokens": 4000})

    group = await asyncio.gather(*(play(index, case) for index, case in enumerate(cases)))
    for sample in group:
        assert isinstance(sample.reward, float) and len(sample.loss_mask) == sample.response_length
        if sample.status != Status.ABORTED:
            assert len(sample.rollout_log_probs) == sample.response_length and len(sample.tokens) > sample.response_length
            text = Tokens().decode(sample.tokens)
            assert text.endswith(Tokens().decode(sample.tokens[-sample.response_length :])) and "\x03\n<user>" in text
    if not keep_whole_groups(None, group) and any(sample.status == Status.ABORTED for sample in group):
        return Trained(None, [False] * len(group))
    rewards = [sample.reward for sample in group]
    return Trained(sum(rewards) / len(rewards), [not sample.remove_sample and any(sample.loss_mask) for sample in group])
