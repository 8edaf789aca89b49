"""
verl's agent loop (V1). Written for verl 0.9. Named in ``agent_loop_config_path`` as ``_target_: sandqueue.adapters.verl.SandQueueAgentLoop``
with ``farm_url``, ``farm_key``, ``env_type`` and ``max_turns`` of its own; a row has ``task_id``, and may have ``env_type`` and ``params``.

An invalid rollout gives an empty list: nothing of it is stored, and its siblings are trained on.
"""

from __future__ import annotations

import time
from typing import Any

from verl.experimental.agent_loop.agent_loop import AgentLoopBase, AgentLoopOutput, register

from sandqueue.adapters._queues import Farm
from sandqueue.playing import AsyncPlayer, InvalidRollout

TRAINER = "verl 0.9"


@register("sandqueue")
class SandQueueAgentLoop(AgentLoopBase):
    def __init__(
        self, *args: Any, farm_url: str = "http://127.0.0.1:8080", farm_key: str | None = None, env_type: str = "", max_turns: int = 64,
        deadline: float = 300.0, **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self._farm, self._env_type, self._max_turns = Farm(farm_url, farm_key, deadline), env_type, max_turns

    async def run(self, sampling_params: dict[str, Any], **kwargs: Any) -> Any:
        # The same rollout has the same instance, so a create that is sent again makes no second one.
        instance_id = "verl-{}-{}-{}".format(kwargs.get("uid"), kwargs.get("session_id"), kwargs.get("global_steps")) if kwargs.get("uid") is not None else None
        env_type, params = kwargs.get("env_type") or self._env_type, kwargs.get("params") or None
        player = AsyncPlayer(self._farm.async_queue(), env_type, str(kwargs["task_id"]), dict(params) if params else None, instance_id)
        async with player:
            try:
                return await self._play(player, sampling_params)
            except InvalidRollout:
                return []

    async def _play(self, player: AsyncPlayer, sampling_params: dict[str, Any]) -> Any:
        opening = await player.begin()
        tools = opening.tools or None
        prompt_ids = list(await self.ct_build_initial_tokens(player.messages, tools=tools))
        limit = self.rollout_config.response_length
        ids, mask, logprobs = list(prompt_ids), list[int](), None
        metrics: dict[str, Any] = {"generate_sequences": 0.0, "tool_calls": 0.0, "compute_score": 0.0, "num_preempted": -1}
        extra: dict[str, Any] = {}
        request_id = opening.instance_id
        for _ in range(self._max_turns):
            begun = time.perf_counter()
            output = await self.server_manager.generate(request_id=request_id, prompt_ids=ids, sampling_params=sampling_params)
            metrics["generate_sequences"] += time.perf_counter() - begun
            if output.num_preempted is not None:
                metrics["num_preempted"] = max(metrics["num_preempted"], 0) + output.num_preempted
            extra.update(output.extra_fields or {})
            merged, mask, logprobs = await self.ct_merge_assistant_token(ids, output.token_ids, mask, logprobs, assistant_logprobs=output.log_probs)
            ids = merged.token_ids
            if len(mask) >= limit:
                break
            said = {"role": "assistant", "content": self.tokenizer.decode(output.token_ids, skip_special_tokens=True)}
            begun, before = time.perf_counter(), [*player.messages, said]
            answers = await player.act(said)
            metrics["tool_calls"] += time.perf_counter() - begun
            if player.ended:
                break
            merged, longer, aligned = await self.ct_merge_non_assistant_msg(before, [*before, *answers], ids, mask, logprobs, tools=tools)
            if len(longer) >= limit:
                break
            ids, mask, logprobs = merged.token_ids, longer, aligned
        begun = time.perf_counter()
        reward = await player.result()
        metrics["compute_score"] = time.perf_counter() - begun
        response_ids = ids[len(prompt_ids) :]
        extra.update(turn_scores=player.step_rewards, tool_rewards=[], reward_extra_info={"acc": reward, **_texts(player.facts())})
        return AgentLoopOutput(
            prompt_ids=prompt_ids, response_ids=response_ids[:limit], response_mask=mask[:limit], response_logprobs=logprobs[:limit] if logprobs else None,
            reward_score=reward, num_turns=2 * len(player.steps) + 1, metrics=metrics, extra_fields=extra,
        )


def _texts(facts: dict[str, Any]) -> dict[str, Any]:
    """verl stacks these over the batch: each rollout has the same names."""
    return {"end_reason": facts["end_reason"] or "", "cause": facts["cause"] or "", "truncated": facts["truncated"], "steps": facts["steps"]}
