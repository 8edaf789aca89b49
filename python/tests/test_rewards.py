from __future__ import annotations

import math
import pickle
from collections.abc import Callable
from typing import Any

import pytest

from sandqueue.answers import reward_of
from sandqueue.errors import EnvironmentFailed, InstanceLost, TryLater, error_of
from sandqueue.rewards import NoReward, Reward

LOST = NoReward("infrastructure", "the worker died", "lost")


@pytest.mark.parametrize("calculate", [
    lambda none: none + 1.0, lambda none: 1.0 + none, lambda none: sum([1.0, none]), lambda none: none * 2, lambda none: none / 2, lambda none: 2 - none,
    lambda none: float(none), lambda none: int(none), lambda none: -none, lambda none: none > 0, lambda none: 0 >= none, lambda none: max(0.0, none),
    lambda none: none or 0.0, lambda none: math.isnan(none), lambda none: round(none), lambda none: abs(none), lambda none: not none,
])
def test_what_has_no_reward_is_no_number(calculate: Callable[[Any], object]) -> None:
    with pytest.raises(TypeError, match="no reward and no 0.*infrastructure: the worker died"):
        calculate(LOST)


def test_a_reward_is_a_float() -> None:
    zero = Reward(0.0)
    assert zero.valid and zero + 1 == 1.0 and sum([zero, Reward(2)]) == 2.0 and zero.or_none() == 0.0 and isinstance(zero, float)
    assert not LOST.valid and LOST.or_none() is None


def test_both_can_be_pickled() -> None:
    assert pickle.loads(pickle.dumps(Reward(0.5))) == 0.5
    assert pickle.loads(pickle.dumps(LOST)) == LOST


@pytest.mark.parametrize("value", [None, "1", True, float("nan"), float("inf"), [1.0]])
def test_an_answer_without_a_finite_number_has_no_reward(value: object) -> None:
    assert not reward_of(value, "it").valid


def test_errors_say_whose_doing_they_are() -> None:
    assert isinstance(error_of("lost", "x"), InstanceLost) and error_of("lost", "x").no_reward().cause == "infrastructure"
    failed = error_of("environment_failed", "x", cause="infrastructure")
    assert isinstance(failed, EnvironmentFailed) and failed.no_reward().cause == "environment"
    assert isinstance(error_of("over_limit", "x"), TryLater) and error_of("over_limit", "x").no_reward().retryable
    assert error_of("invalid_request", "x").no_reward().cause == "caller"
    assert error_of("a_code_to_come", "x", status=422).no_reward().cause == "caller"
