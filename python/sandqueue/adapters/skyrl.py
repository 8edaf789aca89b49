"""
SkyRL's ``BaseTextEnv``. Written for skyrl-gym 0.1 and skyrl-train 0.4. ``env_config`` has ``farm_url``, ``farm_key``, ``env_type``, and
``extras`` the row's ``task_id``.

SkyRL has no reward of None: alone, an invalid rollout raises, which stops the generation. With ``masked(SkyRLGymGenerator)`` it is an episode
with stop reason "error", and the generator masks its prompt's whole group.
"""

from __future__ import annotations

import os
import threading
import weakref
from typing import Any

from skyrl_gym.envs.base_text_env import BaseTextEnv, BaseTextEnvStepOutput

from sandqueue.adapters._queues import Farm
from sandqueue.playing import InvalidRollout, Player
from sandqueue.rewards import NoReward

TRAINER = "skyrl-gym 0.1"


class SandQueueEnv(BaseTextEnv):
    def __init__(self, env_config: Any, extras: dict[str, Any]) -> None:
        super().__init__()
        url = _of(env_config, "farm_url", os.environ.get("SANDQUEUE_URL", "http://127.0.0.1:8080"))
        farm = Farm(url, _of(env_config, "farm_key", os.environ.get("SANDQUEUE_KEY")), _of(env_config, "deadline", 300.0))
        self._masks, self.max_turns = bool(_of(env_config, "mask_invalid", False)), int(extras.get("max_turns") or _of(env_config, "max_turns", 64))
        env_type, params = extras.get("env_type") or _of(env_config, "env_type", ""), extras.get("params")
        self._player = Player(farm.queue(), env_type, str(extras["task_id"]), params)
        self.turns = 0
        # close is called on the good path alone: what is left behind is released when it is collected.
        self._lease = weakref.finalize(self, _release_later, self._player)

    def init(self, prompt: Any) -> tuple[list[dict[str, Any]], dict[str, Any]]:
        try:
            opening = self._player.begin()
        except InvalidRollout as invalid:
            if not self._masks:
                raise
            # There is no word for it here: the first step ends the episode.
            return list(prompt or [{"role": "user", "content": ""}]), {"detail": str(invalid)}
        return opening.messages, {"tools": opening.tools}

    def step(self, action: str) -> Any:
        self.turns += 1
        try:
            answers = self._player.act(action)
            if not self._player.ended and self.turns < self.max_turns:
                return BaseTextEnvStepOutput(observations=answers, reward=0.0, done=False, metadata={})
            reward = self._player.finish()
            if isinstance(reward, NoReward):
                raise InvalidRollout(reward)
        except InvalidRollout:
            self._player.finish()
            if not self._masks:
                raise
            return BaseTextEnvStepOutput(observations=[], reward=0.0, done=True, metadata=self._player.facts())
        return BaseTextEnvStepOutput(observations=[], reward=float(reward), done=True, metadata=self._player.facts())

    def close(self) -> None:
        self._lease.detach()
        self._player.release()

    def get_metrics(self) -> dict[str, Any]:
        facts = self._player.facts()
        return {"valid": float(facts["valid"]), "truncated": float(facts["truncated"]), "steps": float(facts["steps"])}

    @staticmethod
    def aggregate_metrics(metrics: list[dict[str, Any]]) -> dict[str, Any]:
        return {name: sum(one[name] for one in metrics) / len(metrics) for name in metrics[0]} if metrics else {}


def masked(generator: Any) -> Any:
    """
    A generator class that takes invalid rollouts of SandQueueEnv out: an episode whose metrics say that it is not valid has the stop reason
    "error", and all of its prompt's group a loss mask of zeros. ``mask_invalid: true`` has to stand in the environment's config.
    """

    class Masked(generator):
        async def agent_loop(self, *args: Any, **kwargs: Any) -> Any:
            output = await super().agent_loop(*args, **kwargs)
            if output.env_metrics.get("valid", 1.0) == 0.0:
                output.stop_reason = "error"
            return output

        async def generate(self, input_batch: Any, *args: Any, **kwargs: Any) -> Any:
            output = await super().generate(input_batch, *args, **kwargs)
            return mask_groups(output, _groups(input_batch))

    return Masked


def mask_groups(output: Any, groups: list[Any]) -> Any:
    """Masks every rollout of a group that has one with the stop reason "error": a mean with a made-up reward is no baseline for the others."""
    broken = {group for group, reason in zip(groups, output["stop_reasons"]) if reason == "error"}
    for index, group in enumerate(groups):
        if group in broken:
            output["loss_masks"][index] = [0] * len(output["loss_masks"][index])
    return output


def _groups(input_batch: Any) -> list[Any]:
    ids = input_batch.get("trajectory_ids")
    if ids:
        return [one.instance_id for one in ids]
    return [repr(prompt) for prompt in input_batch["prompts"]]


def _release_later(player: Player) -> None:
    threading.Thread(target=player.release, daemon=True).start()


def _of(config: Any, name: str, default: Any) -> Any:
    value = config.get(name) if hasattr(config, "get") else getattr(config, name, None)
    return default if value is None else value
