"""
AReaL's agent workflow: a class with ``async run``. Written for AReaL 1.0. AReaL keeps tokens and log-probabilities at ``base_url``; an agent that
raises is a rollout that it rejects.
"""

from __future__ import annotations

import os
from typing import Any

import httpx

from sandqueue.adapters._chat import play_at
from sandqueue.adapters._queues import Farm
from sandqueue.playing import AsyncPlayer

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
        base_url = str(extra_kwargs.get("base_url") or os.environ["OPENAI_BASE_URL"])
        key = str(extra_kwargs.get("api_key") or os.environ.get("OPENAI_API_KEY", ""))
        env_type, params = data.get("env_type") or self._env_type, data.get("params") or self._params
        given = extra_kwargs.get("http_client")
        http = given or httpx.AsyncClient()
        try:
            async with AsyncPlayer(self._farm.async_queue(), env_type, str(data["task_id"]), params) as player:
                return await play_at(
                    player, http, base_url, model="default", key=key, sampling=self._sampling, max_turns=self._max_turns, timeout=self._request_timeout
                )
        finally:
            if given is None:
                await http.aclose()
