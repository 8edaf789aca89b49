from __future__ import annotations

import json
import math
import operator
import pickle
import re
import statistics
from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from gateway import PACKAGE

from sandqueue.answers import reward_of
from sandqueue.errors import EnvironmentFailed, InstanceLost, SandQueueError, TryLater, error_of
from sandqueue.rewards import NoReward, Reward

SENT_AGAIN = {
    "no_capacity", "other_version", "owner_changed", "over_limit", "database_unavailable", "journal_unwritable", "stopping", "internal_error", "unknown_end", "request_timeout",
}
LOST = NoReward("infrastructure", "the worker died", "lost")


@pytest.mark.parametrize("calculate", [
    lambda none: none + 1.0, lambda none: 1.0 + none, lambda none: sum([1.0, none]), lambda none: none * 2, lambda none: none / 2, lambda none: 2 - none,
    lambda none: float(none), lambda none: int(none), lambda none: -none, lambda none: none > 0, lambda none: 0 >= none, lambda none: max(0.0, none),
    lambda none: none or 0.0, lambda none: math.isnan(none), lambda none: round(none), lambda none: abs(none), lambda none: not none,
    lambda none: none // 2, lambda none: 2 % none, lambda none: none ** 2, lambda none: divmod(none, 2), lambda none: min(none, 1), lambda none: sorted([1.0, none]),
    lambda none: sum([none]), lambda none: math.fsum([none]), lambda none: complex(none), lambda none: math.trunc(none), lambda none: none if none else 0.0,
    lambda none: Reward(1.0) + none, lambda none: none + none, lambda none: Reward(none), lambda none: float.__add__(1.0, float(none)),
])
def test_what_has_no_reward_is_no_number(calculate: Callable[[Any], object]) -> None:
    with pytest.raises(TypeError, match="no reward and no 0.*infrastructure: the worker died"):
        calculate(LOST)


@pytest.mark.parametrize("calculate", [
    lambda none: operator.index(none), lambda none: Decimal(none), lambda none: Fraction(none), lambda none: statistics.mean([1.0, none]),
    lambda none: f"{none:.2f}", lambda none: json.dumps({"reward": none}), lambda none: none @ none, lambda none: none & 1, lambda none: ~none, lambda none: range(none),
    lambda none: "%f" % none, lambda none: [0.0, 1.0][none], lambda none: none[0], lambda none: list(none), lambda none: math.sqrt(none), lambda none: pow(none, 2, 3),
])
def test_nor_does_anything_else_make_a_number_of_it(calculate: Callable[[Any], object]) -> None:
    with pytest.raises((TypeError, OverflowError)):
        calculate(LOST)


def test_numpy_makes_no_number_of_it() -> None:
    numpy = pytest.importorskip("numpy")
    for calculate in [
        lambda: numpy.array([1.0, LOST], dtype=float), lambda: numpy.float64(LOST), lambda: numpy.zeros(1).__setitem__(0, LOST), lambda: numpy.mean([1.0, LOST]),
        lambda: numpy.sum([LOST, 1.0]), lambda: numpy.array([LOST, 0.5]).max(), lambda: numpy.std([LOST, 1.0]), lambda: numpy.float32(1.0) * LOST,
        lambda: numpy.array([LOST]).astype(bool), lambda: numpy.nan_to_num(numpy.array([LOST]).astype(float)), lambda: numpy.isnan([LOST]), lambda: numpy.ones(3) * LOST,
        lambda: numpy.where(numpy.array([LOST]), 1.0, 0.0), lambda: numpy.count_nonzero([LOST]), lambda: numpy.sort([LOST, 1.0]),
    ]:
        with pytest.raises(TypeError):
            calculate()


def test_it_equals_no_number_and_can_be_told_from_every_one() -> None:
    assert LOST != 0 and LOST != 0.0 and 0 != LOST and LOST not in (0, 0.0, None) and LOST == NoReward("infrastructure", "the worker died", "lost")
    assert "the worker died" in repr(LOST) and len({LOST, LOST}) == 1


def test_every_code_of_the_page_has_a_class() -> None:
    page = (PACKAGE.parent / "docs/rest.md").read_text()
    table = page[page.index("| status | `code` |") :].split("\n\n")[0]
    codes = set(re.findall(r"`([a-z_]+)`", table.partition("\n")[2]))
    assert len(codes) > 25 and {"over_limit", "recorded_miss", "unknown_secret"} <= codes
    for code in codes:
        error = error_of(code, "x")
        assert type(error) is not SandQueueError and error.code == code, code
        # A client that sends nothing again for ever, and one that gives up what would have completed, are both wrong.
        assert error.resend == (code in SENT_AGAIN), code


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
