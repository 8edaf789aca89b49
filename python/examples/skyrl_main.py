"""
The entry point of a SkyRL training on an environment of a farm: ``python skyrl_main.py`` with the overrides of your configuration, among them
``environment.env_class=sandqueue`` and ``+environment.skyrl_gym.sandqueue.env_type=frozenlake``, ``.mask_invalid=true``, ``.max_turns=20``.
Rows of the data have ``env_class: sandqueue`` and, among their extras, ``task_id``. SANDQUEUE_URL and SANDQUEUE_KEY say where the farm is.
"""

from __future__ import annotations

from typing import Any

import hydra
import ray
from skyrl_gym.envs import register
from skyrl_train.entrypoints.main_base import BasePPOExp, config_dir, validate_cfg
from skyrl_train.generators.skyrl_gym_generator import SkyRLGymGenerator
from skyrl_train.utils import initialize_ray

from sandqueue.adapters.skyrl import masked


class Experiment(BasePPOExp):
    def get_generator(self, cfg: Any, tokenizer: Any, inference_engine_client: Any) -> Any:
        """SkyRL's own generator, whose invalid rollouts are taken out."""
        return masked(SkyRLGymGenerator)(
            generator_cfg=cfg.generator, skyrl_gym_cfg=cfg.environment.skyrl_gym, inference_engine_client=inference_engine_client, tokenizer=tokenizer,
            model_name=cfg.trainer.policy.model.path,
        )


@ray.remote(num_cpus=1)
def train(cfg: Any) -> None:
    register(id="sandqueue", entry_point="sandqueue.adapters.skyrl:SandQueueEnv")
    Experiment(cfg).run()


@hydra.main(config_path=config_dir, config_name="ppo_base_config", version_base=None)
def main(cfg: Any) -> None:
    validate_cfg(cfg)
    initialize_ray(cfg)
    ray.get(train.remote(cfg))


if __name__ == "__main__":
    main()
