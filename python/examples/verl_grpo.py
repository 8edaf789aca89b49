"""
Writes what verl needs to train on an environment of a farm, its rows and the settings of the agent loop, and prints the options for
``python -m verl.trainer.main_ppo``. Needs ``datasets``.
"""

from __future__ import annotations

import os
from pathlib import Path

from datasets import Dataset

from sandqueue import SandQueue

AGENT_LOOP = """- name: sandqueue
  _target_: sandqueue.adapters.verl.SandQueueAgentLoop
  farm_url: {url}
  env_type: {env_type}
  max_turns: 20
"""


def main(folder: Path = Path("verl-frozenlake"), env_type: str = "frozenlake", most_tasks: int = 256) -> list[str]:
    url, key = os.environ.get("SANDQUEUE_URL", "http://127.0.0.1:8080"), os.environ.get("SANDQUEUE_KEY")
    folder.mkdir(parents=True, exist_ok=True)
    with SandQueue(url, key) as queue:
        tasks = [task for task, _ in zip(queue.tasks(env_type, "train"), range(most_tasks))]
    # verl wants a prompt in each row; what the model sees first is what the environment says.
    rows = [{"prompt": [{"role": "user", "content": task}], "agent_name": "sandqueue", "task_id": task, "data_source": env_type} for task in tasks]
    Dataset.from_list(rows).to_parquet(str(folder / "train.parquet"))
    settings = AGENT_LOOP.format(url=url, env_type=env_type) + (f"  farm_key: {key}\n" if key else "")
    (folder / "agent_loop.yaml").write_text(settings)
    return [
        "trainer.use_v1=true", "algorithm.adv_estimator=grpo", f"data.train_files={folder / 'train.parquet'}", "data.return_raw_chat=true",
        "actor_rollout_ref.rollout.mode=async", "actor_rollout_ref.rollout.n=8",
        f"actor_rollout_ref.rollout.agent.agent_loop_config_path={folder / 'agent_loop.yaml'}",
    ]


if __name__ == "__main__":
    print(" \\\n  ".join(["python -m verl.trainer.main_ppo", *main()]))
