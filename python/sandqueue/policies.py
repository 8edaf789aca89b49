"""Who acts in a rollout that the farm plays. Each function makes the object that a request has as ``policy``."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sandqueue._core.calls import given
from sandqueue.answers import Message

__all__ = ["Policy", "fork", "gold", "model", "nothing", "random", "recorded", "replay", "rescore"]

Policy = dict[str, Any]
Actions = Sequence["str | Message"]


def model(
    base_url: str, name: str, *, api_key: str | None = None, secret: str | None = None, sampling: Mapping[str, Any] | None = None,
    tools: str | None = None, max_tokens_total: int | None = None, request_timeout_s: float | None = None, retries: int | None = None,
    stream: bool | None = None, version: str | None = None, max_steps: int | None = None, timeout_s: float | None = None,
) -> Policy:
    """
    A model behind an OpenAI-compatible address. ``secret`` names a stored key in place of ``api_key``; ``tools`` is native or text; with ``stream``
    answers are asked for in pieces.
    """
    return given(
        type="model", base_url=base_url, model=name, api_key=api_key, secret=secret, sampling=sampling, tools=tools, max_tokens_total=max_tokens_total,
        request_timeout_s=request_timeout_s, retries=retries, stream=stream, version=version, max_steps=max_steps, timeout_s=timeout_s,
    )


def recorded(actions: Actions | Mapping[str, Actions] | None = None, **common: Any) -> Policy:
    """Messages in their order; in a batch also by task id, or None where each item has its own."""
    return given(type="recorded", actions=actions, **common)


def random(seed: int | None = None, **common: Any) -> Policy:
    """Calls of the tools that the task offers, drawn from the seed."""
    return given(type="random", seed=seed, **common)


def gold(**common: Any) -> Policy:
    """The environment's own solution."""
    return given(type="gold", **common)


def nothing(**common: Any) -> Policy:
    """Takes no step: the episode is evaluated at once."""
    return given(type="nothing", **common)


def replay(*, episode_id: int | None = None, source_instance_id: str | None = None, compare: bool = True, **common: Any) -> Policy:
    """The actions of a recorded episode, whose observations are compared."""
    return given(type="replay", episode_id=episode_id, source_instance_id=source_instance_id, compare=compare, **common)


def rescore(*, episode_id: int | None = None, source_instance_id: str | None = None, **common: Any) -> Policy:
    """A recorded episode, evaluated again."""
    return given(type="rescore", episode_id=episode_id, source_instance_id=source_instance_id, **common)


def fork(steps: int, then: Policy, *, episode_id: int | None = None, source_instance_id: str | None = None, **common: Any) -> Policy:
    """The first ``steps`` actions of a recorded episode, which have to come out as they are recorded; then another policy goes on."""
    return given(type="fork", steps=steps, then=then, episode_id=episode_id, source_instance_id=source_instance_id, **common)
