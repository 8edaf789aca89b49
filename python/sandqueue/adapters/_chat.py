"""Plays an episode at an OpenAI-compatible address of a trainer, which keeps the tokens itself."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import httpx

from sandqueue.playing import AsyncPlayer


async def play_at(
    player: AsyncPlayer, http: httpx.AsyncClient, base_url: str, *, model: str, key: str | None, sampling: Mapping[str, Any], max_turns: int, timeout: float,
) -> float:
    """Gives the episode's reward. Raises InvalidRollout where there is none, and what httpx raises where the address does not answer."""
    opening = await player.begin()
    headers = {"Authorization": f"Bearer {key}"} if key is not None else {}
    tools = {"tools": opening.tools} if opening.tools else {}
    for _ in range(max_turns):
        # Sent once: a second request would be a second completion in the trainer's records.
        body = {"model": model, "messages": player.messages, **tools, **sampling}
        answer = await http.post(f"{base_url.rstrip('/')}/chat/completions", json=body, headers=headers, timeout=timeout)
        answer.raise_for_status()
        await player.act({name: value for name, value in answer.json()["choices"][0]["message"].items() if value is not None})
        if player.ended:
            break
    return await player.result()
