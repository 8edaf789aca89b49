"""The calling side of SkyRL: environments made by config and extras, calls in threads, close on the good path alone, masks at the generator."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

from .cases import Case, Trained
from .modules import install


class BaseTextEnv:
    def __init__(self) -> None:
        self.turns = 0
        self.max_turns = 1


def step_output(**members: Any) -> dict[str, Any]:
    assert set(members) == {"observations", "reward", "done", "metadata"}, "postprocessed_action is left unset"
    return members


install("skyrl_gym.envs.base_text_env", BaseTextEnv=BaseTextEnv, BaseTextEnvStepOutput=step_output)


@dataclass
class TrajectoryOutput:
    response_ids: list[int]
    reward: float
    stop_reason: str
    loss_mask: list[int]
    env_metrics: dict[str, Any]


class Generator:
    """In the manner of SkyRLGymGenerator."""

    def __init__(self, cases: list[Case], mask: bool) -> None:
        self._cases, self._mask = cases, mask

    async def agent_loop(self, prompt: Any, env_class: str, env_extras: dict[str, Any]) -> TrajectoryOutput:
        from sandqueue.adapters.skyrl import SandQueueEnv

        case = self._cases[env_extras["index"]]
        config = {"farm_url": case.url, "env_type": "none", "mask_invalid": self._mask, "max_turns": 5, "deadline": 60 if case.params else 1.5}
        env = SandQueueEnv(config, env_extras)
        messages, _ = await asyncio.to_thread(env.init, prompt)
        assert messages
        mask, done, reward = list[int](), False, 0.0
        while not done:
            text = await asyncio.to_thread(case.next_text)
            output = await asyncio.to_thread(env.step, text)
            mask += [1] * len(text) + [0] * sum(len(one["content"]) for one in output["observations"])
            done, reward = output["done"], output["reward"]
            assert reward is not None
        metrics = env.get_metrics()
        assert SandQueueEnv.aggregate_metrics([metrics, metrics]) == metrics
        await asyncio.to_thread(env.close)
        return TrajectoryOutput([0] * len(mask), reward, "stop", mask, metrics)

    async def generate(self, input_batch: dict[str, Any], disable_tqdm: bool = False) -> dict[str, Any]:
        rows = zip(input_batch["prompts"], input_batch["env_classes"], input_batch["env_extras"])
        outputs = await asyncio.gather(*(self.agent_loop(*row) for row in rows))
        return {
            "response_ids": [one.response_ids for one in outputs], "rewards": [one.reward for one in outputs], "loss_masks": [one.loss_mask for one in outputs],
            "stop_reasons": [one.stop_reason for one in outputs], "rollout_metrics": {},
        }


async def train(cases: list[Case], mask: bool = True) -> Trained:
    from sandqueue.adapters.skyrl import masked

    kind = masked(Generator) if mask else Generator
    extras = [{"index": index, "task_id": "1", "env_type": case.env_type, "params": case.params} for index, case in enumerate(cases)]
    batch = {"prompts": [[{"role": "user", "content": "x"}]] * len(cases), "env_classes": ["sandqueue"] * len(cases), "env_extras": extras,
             "trajectory_ids": [SimpleNamespace(instance_id="prompt-1", repetition_id=index) for index in range(len(cases))]}
    output = await kind(cases, mask).generate(batch)
    in_loss = [any(one) for one in output["loss_masks"]]
    return Trained(sum(output["rewards"]) / len(cases) if any(in_loss) else None, in_loss)
