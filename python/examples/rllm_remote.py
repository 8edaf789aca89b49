"""
What rLLM's trainer does with a remote runtime, by hand: a group of four rollouts of one task at an OpenAI-compatible address, played by the farm.
``python rllm_remote.py http://models.example/v1 MODEL``; the farm has to be allowed to call the address. rLLM itself is not needed for it.
"""

from __future__ import annotations

import asyncio
import os
import sys
from types import SimpleNamespace

from sandqueue.adapters.rllm import SandQueueRuntime


async def main(inference_url: str, model: str, env_type: str = "frozenlake", task_id: str = "4x4-1000000") -> list[float | None]:
    url, key = os.environ.get("SANDQUEUE_URL", "http://127.0.0.1:8080"), os.environ.get("SANDQUEUE_KEY")
    runtime = SandQueueRuntime(env_type, model, url=url, key=key, max_steps=20)
    runtime.initialize()
    # In a training each submission has a session of its own in the address, by which rLLM knows whose tokens they are.
    group = [SimpleNamespace(task={"task_id": task_id}, session_id=f"s{member}", task_id="group", inference_url=inference_url) for member in range(4)]
    results = await runtime.execute_tasks(group, timeout=600)
    runtime.shutdown()
    for result in results:
        print(result.session_id, result.reward, result.termination_reason, result.error or "")
    return [result.reward for result in results]


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], sys.argv[2]))
