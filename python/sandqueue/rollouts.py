"""Rollouts and batches, as they are told."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from sandqueue.answers import reward_of
from sandqueue.rewards import AnyReward, NoReward

__all__ = ["BatchState", "Rollout", "RolloutItem"]

Json = dict[str, Any]


@dataclass(frozen=True)
class Rollout:
    """One episode played by a policy. Whatever is not valid has no reward, and is never a 0."""

    rollout_id: str
    task_id: str | None
    end: str | None
    """completed, rejected, expired, cancelled or failed; None while it waits or runs."""
    reward: AnyReward
    trainable: bool
    """Whether it may enter a loss; the facts beside it let a trainer decide otherwise."""
    retryable: bool
    cause: str | None
    """Who caused an end that was not the episode's own."""
    end_reason: str | None
    truncated: bool
    detail: str | None
    source: Json = field(repr=False)

    @property
    def valid(self) -> bool:
        return self.reward.valid

    @property
    def ended(self) -> bool:
        return self.end is not None

    @staticmethod
    def read(item: Json) -> Rollout:
        # Some answers have the result as an object of its own.
        item = {**item, **item["result"]} if isinstance(item.get("result"), dict) else item
        end, cause, detail, retryable = item.get("end"), item.get("cause"), item.get("detail"), item.get("retryable") is True
        reward: AnyReward
        if end == "completed" and item.get("valid") is True:
            reward = reward_of(item.get("reward"), "the rollout")
        else:
            reward = NoReward(cause or "infrastructure", detail or ("it has not ended yet" if end is None else f"it ended as {end}"), retryable=retryable or end is None)
        return Rollout(
            str(item["rollout_id"]), item.get("task_id"), end, reward, reward.valid and item.get("trainable") is True, retryable, cause,
            item.get("end_reason"), item.get("truncated") is True, detail, item,
        )


@dataclass(frozen=True)
class BatchState:
    """How far a batch is."""

    batch_id: str
    state: str
    """running, paused, cancelling or closed."""
    items: int
    ends: Mapping[str, int]
    waiting: int
    running: int
    source: Json = field(repr=False)

    @property
    def closed(self) -> bool:
        return self.state == "closed"

    @property
    def ended(self) -> int:
        """Rollouts with an end, whichever."""
        return sum(self.ends.values())

    @staticmethod
    def read(item: Json) -> BatchState:
        return BatchState(str(item["batch_id"]), str(item["state"]), int(item["items"]), dict(item["ends"]), int(item["waiting"]), int(item["running"]), item)


@dataclass(frozen=True)
class RolloutItem:
    """A rollout of a batch that has more of its own than the task."""

    task_id: str
    actions: list[Any] | None = None
    params: Json | None = None
    policy: Json | None = None

    def as_json(self) -> Json:
        members = {"task_id": self.task_id, "actions": self.actions, "params": self.params, "policy": self.policy}
        return {name: value for name, value in members.items() if value is not None}
