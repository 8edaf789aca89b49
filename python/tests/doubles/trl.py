"""The calling side of TRL's GRPOTrainer with environment_factory: a probe, pooled objects, serial calls, None out of the baseline."""

from __future__ import annotations

import inspect
import math
import pickle
from typing import Any, get_type_hints

from sandqueue.adapters.trl import EnvironmentFactory, SandQueueSpec

from .cases import Case, Trained

HIDDEN = {"reset", "get_reward"}


def tools_of(environment: Any) -> dict[str, Any]:
    found = {name: member for name, member in inspect.getmembers(environment, inspect.ismethod) if not name.startswith("_") and name not in HIDDEN}
    for member in found.values():
        # What transformers' get_json_schema needs: a type for each argument, and an Args section of Google's style.
        hints, text = get_type_hints(member), inspect.getdoc(member) or ""
        for name in inspect.signature(member).parameters:
            assert name in hints and f"    {name}: " in text
    return found


def train(cases: list[Case]) -> Trained:
    pool, rows = [], []
    for case in cases:
        spec = SandQueueSpec(case.env_type, url=case.url, tasks=["1"], params=case.params, deadline=60 if case.params else 4)
        factories: dict[str, EnvironmentFactory] = pickle.loads(pickle.dumps(spec.environment_factory))
        row = dict(spec.rows[0])
        factory = factories[row.pop("environment")]
        tools_of(factory())
        pool.append(factory())
        rows.append(row)
    # For the whole batch reset comes first, one after the other; its columns are all but the environment's name.
    for environment, row in zip(pool, rows):
        assert environment.reset(**row) is None
    for environment, case in zip(pool, cases):
        tools = tools_of(environment)
        for _ in range(6):
            turn = case.next()
            if turn is None:
                break
            try:
                assert isinstance(tools["do"](what=turn[0], rest=turn[1]), str)
            except Exception as error:
                # It is told to the model, and the episode goes on.
                str({"error": str(error)})
    rewards = [environment.get_reward() for environment in pool]
    assert all(reward is None or type(reward) is float for reward in rewards)
    numbers = [math.nan if reward is None else reward for reward in rewards]
    valid = [number for number in numbers if not math.isnan(number)]
    return Trained(sum(valid) / len(valid) if valid else None, [not math.isnan(number) for number in numbers])
