"""
GRPO with TRL on an environment of a farm. Needs ``pip install "trl>=1.8" "transformers>=5.2" datasets`` and a GPU; SANDQUEUE_URL says where the
farm is, SANDQUEUE_KEY holds its key where it has keys.
"""

from __future__ import annotations

import os

from trl import GRPOConfig, GRPOTrainer

from sandqueue.adapters.trl import SandQueueSpec


def main() -> None:
    url, key = os.environ.get("SANDQUEUE_URL", "http://127.0.0.1:8080"), os.environ.get("SANDQUEUE_KEY")
    spec = SandQueueSpec("frozenlake", url=url, key=key, split="train", most_tasks=256, params={"max_steps": 20})
    trainer = GRPOTrainer(
        model="Qwen/Qwen3-0.6B",
        args=GRPOConfig(output_dir="frozenlake-grpo", num_generations=8, per_device_train_batch_size=8, max_completion_length=2048, max_steps=200),
        train_dataset=spec.train_dataset,
        environment_factory=spec.environment_factory,
    )
    trainer.train()


# AsyncGRPOTrainer spawns a process that imports this file again.
if __name__ == "__main__":
    main()
