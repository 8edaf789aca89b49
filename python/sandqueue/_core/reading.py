"""Reads answers: JSON, or a problem (RFC 9457), which is raised."""

from __future__ import annotations

import json
from typing import Any

from sandqueue._core.request import Response
from sandqueue.errors import MalformedAnswer, SandQueueError, error_of

_LONGEST_SHOWN = 200


def read_json(response: Response) -> Any:
    """The JSON of an answer. Raises SandQueueError where it is a problem, or none."""
    try:
        content = json.loads(response.body) if response.body else None
    except (ValueError, RecursionError) as broken:
        raise malformed(response, f"it is not JSON: {broken}") from None
    if response.status >= 400:
        raise problem(content, response)
    if not 200 <= response.status < 300:
        raise malformed(response, "its status is none that SandQueue answers")
    return content


def read_object(response: Response) -> dict[str, Any]:
    content = read_json(response)
    if not isinstance(content, dict):
        raise malformed(response, "it is not an object")
    return content


def problem(content: Any, response: Response | None = None) -> SandQueueError:
    """The error that a problem tells."""
    if not isinstance(content, dict) or not isinstance(content.get("code"), str):
        status = response.status if response else None
        if isinstance(content, dict) and isinstance(content.get("detail"), str) and status:
            return error_of("invalid_request" if status < 500 else "internal_error", content["detail"], status=status)
        return malformed(response, "it has an error's status, and no problem") if response else MalformedAnswer("malformed_answer", "a problem has no code")
    return error_of(
        content["code"], str(content.get("detail", "")), status=content.get("status"), command_id=content.get("command_id"),
        end=content.get("end"), cause=content.get("cause"), retry_after=_retry_after(response),
    )


def malformed(response: Response, why: str) -> MalformedAnswer:
    shown = response.body[:_LONGEST_SHOWN].decode("utf-8", "replace").replace("\n", " ")
    return MalformedAnswer("malformed_answer", f"the answer (status {response.status}) cannot be read, {why}: {shown}", status=response.status, retry_after=_retry_after(response))


def _retry_after(response: Response | None) -> float | None:
    try:
        return max(0.0, float(response.headers["retry-after"])) if response else None
    except (KeyError, ValueError):
        return None
