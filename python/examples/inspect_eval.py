"""
An evaluation by Inspect on an environment of a farm, ``python inspect_eval.py openai/gpt-5``, and a batch that the farm has played, written as a log
that ``inspect view`` shows. Needs ``inspect_ai``.
"""

from __future__ import annotations

import os
import sys
from typing import Any

from inspect_ai import eval

from sandqueue import SandQueue, policies
from sandqueue.adapters.inspect_ai import environment_task, write_log

URL, KEY = os.environ.get("SANDQUEUE_URL", "http://127.0.0.1:8080"), os.environ.get("SANDQUEUE_KEY")


def evaluate(model: str, most_tasks: int = 20) -> Any:
    """A sample without a valid reward is an error: it is tried again, and up to a tenth of the samples may stay one."""
    task = environment_task("frozenlake", url=URL, key=KEY, split="val", most_tasks=most_tasks)
    return eval(task, model=model, retry_on_error=2, fail_on_error=0.1)


def log_of_a_batch(path: str, most_tasks: int = 20) -> Any:
    with SandQueue(URL, KEY) as queue:
        batch = queue.start_batch("frozenlake", policies.gold(), split="val", sample={"n": most_tasks, "seed": 1})
        results = list(batch.results())
        return write_log(results, path, task="frozenlake", model="gold/gold", episodes=batch.export())


if __name__ == "__main__":
    evaluate(sys.argv[1])
    log_of_a_batch("logs/frozenlake-gold.eval")
