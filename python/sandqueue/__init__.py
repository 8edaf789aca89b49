"""
Plays environments that SandQueue serves, and serves environments written in Python.

The clients need httpx; ``sandqueue.environment`` and ``sandqueue.serve`` need nothing, so what is here is imported when it is first used.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sandqueue import policies as policies
    from sandqueue._core.vector import StepRequest as StepRequest
    from sandqueue.answers import CommandEnd as CommandEnd, Evaluation as Evaluation, Opening as Opening, Step as Step, StepFailure as StepFailure
    from sandqueue.async_client import AsyncSandQueue as AsyncSandQueue
    from sandqueue.batch import AsyncBatch as AsyncBatch, Batch as Batch
    from sandqueue.client import SandQueue as SandQueue
    from sandqueue.errors import SandQueueError as SandQueueError
    from sandqueue.exports import AsyncExport as AsyncExport, Export as Export
    from sandqueue.instance import AsyncInstance as AsyncInstance, Instance as Instance
    from sandqueue.rewards import AnyReward as AnyReward, NoReward as NoReward, Reward as Reward
    from sandqueue.rollouts import BatchState as BatchState, Rollout as Rollout, RolloutItem as RolloutItem

__version__ = "0.1.0"

_HOME = {
    "SandQueue": "client", "AsyncSandQueue": "async_client", "Instance": "instance", "AsyncInstance": "instance", "Batch": "batch",
    "AsyncBatch": "batch", "Export": "exports", "AsyncExport": "exports", "StepRequest": "_core.vector", "CommandEnd": "answers",
    "Evaluation": "answers", "Opening": "answers", "Step": "answers",
    "StepFailure": "answers", "SandQueueError": "errors", "AnyReward": "rewards", "NoReward": "rewards", "Reward": "rewards",
    "BatchState": "rollouts", "Rollout": "rollouts", "RolloutItem": "rollouts",
}

__all__ = [*_HOME, "policies"]


def __getattr__(name: str) -> Any:
    if name == "policies":
        return import_module("sandqueue.policies")
    if name in _HOME:
        return getattr(import_module(f"sandqueue.{_HOME[name]}"), name)
    raise AttributeError(f"module 'sandqueue' has no attribute {name!r}")
