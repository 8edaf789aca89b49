"""
GRPO with AReaL: ``python areal_grpo.py --config YOUR.yaml``, with a configuration of AReaL's. Each row of the data names a task; AReaL keeps the
tokens, the farm plays the environment.
"""

from __future__ import annotations

import os
import sys

from areal import PPOTrainer
from areal.api.cli_args import GRPOConfig, load_expr_config
from datasets import Dataset

from sandqueue import SandQueue


def main(arguments: list[str], env_type: str = "frozenlake", most_tasks: int = 256) -> None:
    url, key = os.environ.get("SANDQUEUE_URL", "http://127.0.0.1:8080"), os.environ.get("SANDQUEUE_KEY")
    config, _ = load_expr_config(arguments, GRPOConfig)
    with SandQueue(url, key) as queue:
        tasks = [task for task, _ in zip(queue.tasks(env_type, "train"), range(most_tasks))]
    agent = {"env_type": env_type, "url": url, "key": key, "max_turns": 20, "sampling": {"temperature": 1.0, "max_tokens": 512}}
    with PPOTrainer(config, train_dataset=Dataset.from_list([{"task_id": task} for task in tasks])) as trainer:
        trainer.train(workflow="sandqueue.adapters.areal.SandQueueAgent", workflow_kwargs=agent)


if __name__ == "__main__":
    main(sys.argv[1:])
