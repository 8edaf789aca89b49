"""
slime's custom generation: ``--custom-generate-function-path sandqueue.adapters.slime.generate`` and
``--dynamic-sampling-filter-path sandqueue.adapters.slime.keep_whole_groups``. Written for slime 0.2.

An invalid rollout is taken out by both: ABORTED with ``remove_sample`` has no loss, and the filter refuses the group whose mean it would shift.
"""

from __future__ import annotations

import math
import os
import time
from typing import Any

from slime.rollout.sglang_rollout import GenerateState
from slime.utils.http_utils import post
from slime.utils.types import Sample

from sandqueue.adapters._queues import Farm
from sandqueue.playing import AsyncPlayer, InvalidRollout
from sandqueue.rewards import NoReward

TRAINER = "slime 0.2"


async def generate(args: Any, sample: Any, sampling_params: dict[str, Any], evaluation: bool = False) -> Any:
    """Plays the task of ``sample.metadata["task_id"]``. The farm is ``args.sandqueue_url``, or SANDQUEUE_URL and SANDQUEUE_KEY."""
    metadata = sample.metadata
    url = str(getattr(args, "sandqueue_url", None) or os.environ.get("SANDQUEUE_URL", "http://127.0.0.1:8080"))
    farm = Farm(url, getattr(args, "sandqueue_key", None) or os.environ.get("SANDQUEUE_KEY"), getattr(args, "sandqueue_deadline", 300.0))
    env_type = metadata.get("env_type") or args.sandqueue_env_type
    async with AsyncPlayer(farm.async_queue(), env_type, str(metadata["task_id"]), metadata.get("params")) as player:
        try:
            await _play(args, sample, sampling_params, player)
            metadata["sandqueue"] = player.facts()
        except InvalidRollout as invalid:
            _take_out(sample, evaluation)
            metadata["sandqueue"] = {**player.facts(), "valid": False, "cause": invalid.reward.cause, "detail": invalid.reward.detail}
    return sample


async def _play(args: Any, sample: Any, sampling_params: dict[str, Any], player: AsyncPlayer) -> None:
    opening = await player.begin()
    tokenizer = GenerateState(args).tokenizer
    tools = opening.tools or None
    text = tokenizer.apply_chat_template(player.messages, tools=tools, add_generation_prompt=True, tokenize=False)
    prompt = tokenizer(text, add_special_tokens=False)["input_ids"]
    sample.prompt, sample.tokens, sample.response, sample.response_length = text, list(prompt), "", 0
    sample.loss_mask, sample.rollout_log_probs, sample.status = [], [], Sample.Status.COMPLETED
    most, elsewhere = sampling_params["max_new_tokens"], 0.0
    for _ in range(getattr(args, "sandqueue_max_turns", 64)):
        left = most - sample.response_length
        if left <= 0:
            sample.status = Sample.Status.TRUNCATED
            break
        payload = {"input_ids": sample.tokens, "sampling_params": {**sampling_params, "max_new_tokens": left}, "return_logprob": True}
        output = await post(f"http://{args.sglang_router_ip}:{args.sglang_router_port}/generate", payload)
        finish = output["meta_info"]["finish_reason"]["type"]
        if finish == "abort":
            raise InvalidRollout(NoReward("policy", "the generation was aborted", retryable=True))
        sampled = output["meta_info"]["output_token_logprobs"]
        _append(sample, output["text"], [one[1] for one in sampled], [one[0] for one in sampled], 1)
        if finish == "length":
            sample.status = Sample.Status.TRUNCATED
            break
        begun = time.perf_counter()
        answers = await player.act(output["text"])
        elsewhere += time.perf_counter() - begun
        if player.ended:
            break
        shown = _between(tokenizer, opening.messages, answers, tools)
        ids = tokenizer(shown, add_special_tokens=False)["input_ids"]
        if sample.response_length + len(ids) >= most:
            sample.status = Sample.Status.TRUNCATED
            break
        _append(sample, shown, ids, [0.0] * len(ids), 0)
    begun = time.perf_counter()
    sample.reward = await player.result()
    sample.non_generation_time = elsewhere + time.perf_counter() - begun


def _append(sample: Any, text: str, ids: list[int], logprobs: list[float], mask: int) -> None:
    sample.response += text
    sample.tokens += ids
    sample.response_length += len(ids)
    sample.rollout_log_probs += logprobs
    sample.loss_mask += [mask] * len(ids)


def _between(tokenizer: Any, first: list[dict[str, Any]], answers: list[dict[str, Any]], tools: Any) -> str:
    """
    What the template writes between the end of the agent's turn and its next one. The agent's own tokens stay as they were sampled, so its
    turn is a placeholder here: templates cut thoughts out of turns that are past.
    """
    before = [*first, {"role": "assistant", "content": "x"}]
    closed: str = tokenizer.apply_chat_template(before, tools=tools, add_generation_prompt=False, tokenize=False)
    whole: str = tokenizer.apply_chat_template([*before, *answers], tools=tools, add_generation_prompt=True, tokenize=False)
    if not whole.startswith(closed):
        raise ValueError("the chat template writes earlier turns another way once others follow, so the tokens of a rollout cannot be continued with it")
    # The end of a turn is a token that was sampled; what follows it in the template was not.
    end = tokenizer.eos_token
    return (closed.rpartition(end)[2] if end and end in closed else "") + whole[len(closed) :]


def _take_out(sample: Any, evaluation: bool) -> None:
    sample.status, sample.remove_sample = Sample.Status.ABORTED, True
    # A number has to be there; the filter sees to it that it is in no mean. Evaluations have no filter, so that their mean has to show it.
    sample.reward = math.nan if evaluation else 0.0
    sample.loss_mask = [0] * (sample.response_length or 0)


def keep_whole_groups(args: Any, samples: list[Any], **_: Any) -> Any:
    """Refuses a group that has an invalid rollout, and one whose rewards are all the same, as slime's own filter does."""
    invalid = any(sample.status == Sample.Status.ABORTED or getattr(sample, "remove_sample", False) for sample in samples)
    keep = not invalid and len({sample.reward for sample in samples}) > 1
    try:
        from slime.rollout.filter_hub.base_types import DynamicFilterOutput
    except ImportError:
        return keep
    return DynamicFilterOutput(keep=keep, reason=None if keep else "invalid_rollout" if invalid else "same_rewards")
