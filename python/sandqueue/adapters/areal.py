"""
AReaL's agent workflow: a class with ``async run``. Written for AReaL 1.0. AReaL keeps tokens and log-probabilities at ``base_url``; an agent that
raises is a rollout that it rejects.
"""

from __future__ import annotations

import os
from typing import Any

import httpx

from sandqueue.adapters._queues import Farm
from sandqueue.playing import AsyncPlayer, InvalidRollout
from sandqueue.rewards import NoReward

TRAINER = "areal 1.0"


class SandQueueAgent:
    """Plays the task of ``data["task_id"]``; the result is a float, for an int is an error there."""

    def __init__(
        self, env_type: str, *, url: str = "http://127.0.0.1:8080", key: str | None = None, max_turns: int = 64, params: dict[str, Any] | None = None,
        sampling: dict[str, Any] | None = None, request_timeout: float = 600.0, deadline: float = 300.0,
    ) -> None:
        self._farm, self._env_type, self._max_turns, self._params = Farm(url, key, deadline), env_type, max_turns, params
        self._sampling, self._request_timeout = sampling or {}, request_timeout

    async def run(self, data: dict[str, Any], **extra_kwargs: Any) -> float:
        base_url = extra_kwargs.get("base_url") or os.environ["OPENAI_BASE_URL"]
        key = str(extra_kwargs.get("api_key") or os.environ.get("OPENAI_API_KEY", ""))
        given = extra_kwargs.get("http_client")
        http = given or httpx.AsyncClient()
        try:
            return await self._play(data, http, base_url.rstrip("/"), key)
        finally:
            if given is None:
                await http.aclose()

    async def _play(self, data: dict[str, Any], http: httpx.AsyncClient, base_url: str, key: str) -> float:
        params = data.get("params") or self._params
        async with AsyncPlayer(self._farm.async_queue(), data.get("env_type") or self._env_type, str(data["task_id"]), params) as player:
            opening = await player.begin()
            for _ in range(self._max_turns):
                body = {"model": "default", "messages": player.messages, **({"tools": opening.tools} if opening.tools else {}), **self._sampling}
                # Sent once: a second request would be a second completion in AReaL's records.
                answer = await http.post(
                    f"{base_url}/chat/completions", json=body, headers={"Authorization": f"Bearer {key}"}, timeout=self._request_timeout
                )
                answer.raise_for_status()
                message = {name: value for name, value in answer.json()["choices"][0]["message"].items() if value is not None}
                await player.act(message)
                if player.ended:
                    break
            reward = await player.finish()
        if isinstance(reward, NoReward):
            raise InvalidRollout(reward)
        return float(reward)
