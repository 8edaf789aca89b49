"""Writes the rows for a training with slime on an environment of a farm, and prints the options that it needs besides those of the model."""

from __future__ import annotations

import json
import os
from pathlib import Path

from sandqueue import SandQueue


def main(file: Path = Path("frozenlake.jsonl"), env_type: str = "frozenlake", most_tasks: int = 256) -> list[str]:
    url, key = os.environ.get("SANDQUEUE_URL", "http://127.0.0.1:8080"), os.environ.get("SANDQUEUE_KEY")
    with SandQueue(url, key) as queue, open(file, "w", encoding="utf-8") as rows:
        for task, _ in zip(queue.tasks(env_type, "train"), range(most_tasks)):
            # The prompt is written by the environment when the rollout begins.
            rows.write(json.dumps({"prompt": task, "metadata": {"env_type": env_type, "task_id": task}}) + "\n")
    return [
        f"--prompt-data {file}", "--input-key prompt", "--metadata-key metadata", "--n-samples-per-prompt 8",
        "--custom-generate-function-path sandqueue.adapters.slime.generate",
        "--dynamic-sampling-filter-path sandqueue.adapters.slime.keep_whole_groups",
    ]


if __name__ == "__main__":
    print(" \\\n  ".join(main()))
