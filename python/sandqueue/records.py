"""What lists answer. ``source`` is the whole object, with members of later versions too."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

__all__ = ["EnvironmentSummary", "InstanceSummary", "JournalEntry", "Key"]

Json = dict[str, Any]


@dataclass(frozen=True)
class EnvironmentSummary:
    """An environment that living workers serve."""

    env_type: str
    tasks: int
    unlimited: bool
    source: Json = field(repr=False)

    @staticmethod
    def read(item: Json) -> EnvironmentSummary:
        return EnvironmentSummary(item["env_type"], item["tasks"], item["unlimited"], item)


@dataclass(frozen=True)
class InstanceSummary:
    """An instance, as lists tell it."""

    instance_id: str
    env_type: str
    task_id: str
    state: str
    """creating, live, parked, released, lost, diverged or failed."""
    steps: int
    end_reason: str | None
    recoveries: int
    source: Json = field(repr=False)

    @staticmethod
    def read(item: Json) -> InstanceSummary:
        return InstanceSummary(item["instance_id"], item["env_type"], item["task_id"], item["state"], item["steps"], item["end_reason"], item["recoveries"], item)


@dataclass(frozen=True)
class JournalEntry:
    """A completed command of an episode."""

    kind: str
    """create, step, evaluate or release."""
    command_id: str
    step: int | None
    action: Any = field(repr=False)
    answer: Any = field(repr=False)
    reward: float | None
    is_terminated: bool
    source: Json = field(repr=False)

    @staticmethod
    def read(item: Json) -> JournalEntry:
        return JournalEntry(item["kind"], item["command_id"], item["step"], item["action"], item["answer"], item["reward"], item["is_terminated"], item)


@dataclass(frozen=True)
class Key:
    """An issued API key. The key itself is told once, when it is made."""

    id: str
    tenant: str
    name: str
    scope: str
    key: str | None = field(repr=False)
    source: Json = field(repr=False)

    @staticmethod
    def read(item: Json) -> Key:
        return Key(item["id"], item["tenant"], item["name"], item["scope"], item.get("key"), {name: value for name, value in item.items() if name != "key"})
