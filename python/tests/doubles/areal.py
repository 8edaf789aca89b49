"""The calling side of AReaL's agent workflow: its own chat endpoint, one float, a raise is a rejected rollout."""

from __future__ import annotations

import asyncio
from typing import Any

import httpx
from fake import FakeServer

from .cases import Case, Trained


async def train(cases: list[Case]) -> Trained:
    from sandqueue.adapters.areal import SandQueueAgent

    def complete(method: str, path: str, body: Any, headers: dict[str, str]) -> Any:
        assert method == "POST" and path.endswith("/v1/chat/completions") and body["model"] == "default" and headers["authorization"] == "Bearer session"
        assert body["messages"][0]["role"] == "system" and body["tools"][0]["function"]["name"] == "do"
        case = cases[int(path.split("/")[1])]
        return 200, {"choices": [{"message": case.next_message(), "finish_reason": "tool_calls"}]}

    with FakeServer(complete) as endpoint:
        async def episode(index: int, case: Case) -> float | None:
            agent = SandQueueAgent(case.env_type, url=case.url, max_turns=5, deadline=60 if case.params else 1.5)
            async with httpx.AsyncClient() as http:
                try:
                    reward = await agent.run({"task_id": "1", "params": case.params}, base_url=f"{endpoint.url}/{index}/v1", api_key="session", http_client=http)
                except Exception:
                    return None
            assert type(reward) is float, "an int is an error there"
            return reward

        rewards = await asyncio.gather(*(episode(index, case) for index, case in enumerate(cases)))
    valid = [reward for reward in rewards if reward is not None]
    return Trained(sum(valid) / len(valid) if valid else None, [reward is not None for reward in rewards])
