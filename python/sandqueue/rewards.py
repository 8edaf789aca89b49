"""A reward, and the absence of one, which is never 0."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, NoReturn, Union

__all__ = ["AnyReward", "NoReward", "Reward"]


class Reward(float):
    """A valid reward: a finite number in the environment's own unit. 0 is one."""

    __slots__ = ()

    @property
    def valid(self) -> bool:
        return True

    def or_none(self) -> float | None:
        """The number, for trainers that take None for what has no reward."""
        return float(self)


@dataclass(frozen=True)
class NoReward:
    """
    There is no valid reward. Whatever would make a number of it raises TypeError, so that a failure cannot enter a loss or a
    baseline unnoticed; so does asking whether it is true, because ``reward or 0.0`` would be such a number.
    """

    cause: str
    """Whose doing it was: agent, environment, infrastructure, policy, caller or cancelled."""

    detail: str
    """Why, one line for people."""

    code: str | None = None
    """The stable code of the error, where there was one."""

    retryable: bool = False
    """Whether the same may come to a valid reward where it is tried again."""

    @property
    def valid(self) -> bool:
        return False

    def or_none(self) -> float | None:
        """None: what trainers take for what has no reward."""
        return None

    def _refuse(self, *_: Any) -> NoReturn:
        raise TypeError(f"this is no reward and no 0, so it cannot be calculated with: {self.cause}: {self.detail}. Ask .valid first, or take .or_none()")

    __add__ = __radd__ = __sub__ = __rsub__ = __mul__ = __rmul__ = __truediv__ = __rtruediv__ = _refuse
    __floordiv__ = __rfloordiv__ = __mod__ = __rmod__ = __pow__ = __rpow__ = __divmod__ = __rdivmod__ = _refuse
    __neg__ = __pos__ = __abs__ = __round__ = __trunc__ = __lt__ = __le__ = __gt__ = __ge__ = _refuse

    def __float__(self) -> float:
        self._refuse()

    def __int__(self) -> int:
        self._refuse()

    def __bool__(self) -> bool:
        self._refuse()


AnyReward = Union[Reward, NoReward]
