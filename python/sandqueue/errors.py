"""What can go wrong, as classes. The codes are those of docs/rest.md and stay what they are."""

from __future__ import annotations

from sandqueue.rewards import NoReward

__all__ = [
    "Conflict", "EnvironmentFailed", "EpisodeOver", "InstanceLost", "InternalError", "InvalidRequest", "MalformedAnswer", "NotAllowed", "NotFound",
    "SandQueueError", "TimedOut", "TryLater", "UnknownEnd", "Unreachable",
]


class SandQueueError(Exception):
    """A call that did not complete. It never stands for a reward of 0."""

    cause = "infrastructure"
    """Whose doing it was where the answer does not say: caller, environment or infrastructure."""

    resend = False
    """Whether the same command, under the same id, may yet complete."""

    unknown = False
    """Whether the command may have taken effect all the same."""

    def __init__(
        self, code: str, detail: str, *, status: int | None = None, command_id: str | None = None, end: str | None = None,
        cause: str | None = None, retry_after: float | None = None,
    ) -> None:
        super().__init__(f"{detail} ({code})")
        self.code = code
        """Stable, for programs: ``unknown_instance``, ``over_limit``, …"""
        self.detail = detail
        """One line, for people."""
        self.status = status
        """The status of the answer; None where there was none."""
        self.command_id = command_id
        self.end = end
        """rejected, expired, cancelled, failed or unknown."""
        self.retry_after = retry_after
        """Seconds after which to come back; None where the answer does not say."""
        if cause is not None and not isinstance(self, EnvironmentFailed):
            self.cause = cause

    def no_reward(self) -> NoReward:
        """The same as the result of an episode."""
        return NoReward(self.cause, self.detail, self.code, retryable=self.resend or self.cause in ("infrastructure", "environment"))


class InvalidRequest(SandQueueError):
    """A value is wrong; the detail names it."""

    cause = "caller"


class NotAllowed(SandQueueError):
    """The key is missing, wrong, or may not do this."""

    cause = "caller"


class NotFound(SandQueueError):
    """There is no such instance, command, environment or key; or the instance was released."""

    cause = "caller"


class Conflict(SandQueueError):
    """A name, id or step number was used for something else already."""

    cause = "caller"


class EpisodeOver(Conflict):
    """The episode has ended; no more steps can be taken."""


class InstanceLost(SandQueueError):
    """The instance is gone for good: its server died and its episode cannot be replayed, or differed in the replay."""


class EnvironmentFailed(SandQueueError):
    """The environment answered with an error, or in a form that is none. The instance is rebuilt from before the command."""

    cause = "environment"


class TimedOut(SandQueueError):
    """It did not take effect in its time, and never will."""


class TryLater(SandQueueError):
    """A limit, no capacity, or a part that is away: it is sent again until the deadline."""

    resend = True


class UnknownEnd(SandQueueError):
    """Whether the command took effect is not known. It may be sent again under the same id."""

    resend = True
    unknown = True


class InternalError(SandQueueError):
    """The gateway failed."""

    resend = True
    unknown = True


class Unreachable(SandQueueError):
    """Nothing was sent: nobody is at the address."""

    resend = True


class MalformedAnswer(SandQueueError):
    """What came back is no answer of SandQueue's."""

    resend = True
    unknown = True


class _UnknownAfterSending(TryLater):
    unknown = True


_BY_CODE: dict[str, type[SandQueueError]] = {
    **dict.fromkeys(("invalid_request", "too_many_steps", "body_too_large", "unknown_route", "method_not_allowed", "recorded_miss"), InvalidRequest),
    **dict.fromkeys(("unauthenticated", "forbidden"), NotAllowed),
    **dict.fromkeys(("unknown_instance", "released", "unknown_command", "unknown_environment", "unknown_key", "unknown_rollout", "unknown_batch", "unknown_secret"), NotFound),
    **dict.fromkeys(("conflict", "caller_gone"), Conflict),
    **dict.fromkeys(("lost", "diverged"), InstanceLost),
    **dict.fromkeys(("no_capacity", "other_version", "owner_changed", "over_limit"), TryLater),
    **dict.fromkeys(("database_unavailable", "journal_unwritable", "stopping", "request_timeout"), _UnknownAfterSending),
    "episode_over": EpisodeOver,
    "environment_failed": EnvironmentFailed,
    "timed_out": TimedOut,
    "unknown_end": UnknownEnd,
    "internal_error": InternalError,
    "unreachable": Unreachable,
    "malformed_answer": MalformedAnswer,
}


def error_of(
    code: str, detail: str, *, status: int | None = None, command_id: str | None = None, end: str | None = None, cause: str | None = None,
    retry_after: float | None = None,
) -> SandQueueError:
    """The error of a code. A code that is not known, of a later version, is told by its status."""
    kind = _BY_CODE.get(code)
    if kind is None:
        kind = SandQueueError if status is None else NotFound if status == 404 else InvalidRequest if status < 500 else SandQueueError
    return kind(code, detail, status=status, command_id=command_id, end=end, cause=cause, retry_after=retry_after)
