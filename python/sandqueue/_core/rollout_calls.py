"""The calls of rollouts, batches and secrets."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import datetime, timezone
from typing import Any

from sandqueue._core.calls import Call, Json, Page, given, new_id, paging, reading, texts
from sandqueue._core.reading import read_json
from sandqueue._core.request import Request, Response, seconds, segment
from sandqueue.rollouts import BatchState, Rollout, RolloutItem


def start_rollout(
    env_type: str, task_id: str, policy: Mapping[str, Any], params: Json | None, rollout_id: str | None, deadline_s: float | None, wait: float
) -> Call[Rollout]:
    # With an id of its own it may be sent again: the second finds the first.
    body = given(env_type=env_type, task_id=task_id, policy=dict(policy), params=params, rollout_id=rollout_id or new_id(), deadline_s=deadline_s)
    return Call(Request("POST", "/v1/rollouts", {"wait": seconds(wait)}, body), reading(Rollout.read))


def rollout(rollout_id: str, wait: float | None) -> Call[Rollout]:
    return Call(Request("GET", f"/v1/rollouts/{segment(rollout_id)}", {} if wait is None else {"wait": seconds(wait)}), reading(Rollout.read))


def turns(rollout_id: str, limit: int | None, cursor: str | None) -> Call[Page[Json]]:
    return Call(Request("GET", f"/v1/rollouts/{segment(rollout_id)}/turns", texts(limit=limit, cursor=cursor)), paging("turns", dict))


def cancel_rollout(rollout_id: str) -> Call[None]:
    return Call(Request("DELETE", f"/v1/rollouts/{segment(rollout_id)}"), _nothing)


def start_batch(
    env_type: str, *, policy: Mapping[str, Any] | None, tasks: Sequence[str] | None, split: str | None, sample: Json | None,
    items: Sequence[RolloutItem] | None, repeats: int | None, params: Json | None, name: str | None, batch_id: str | None, priority: int | None,
    concurrency: int | None, endpoint_concurrency: int | None, deadline_s: float | None,
) -> Call[BatchState]:
    body = given(
        env_type=env_type, policy=dict(policy) if policy else None, tasks=list(tasks) if tasks is not None else None, split=split, sample=sample,
        repeats=repeats, params=params, name=name, batch_id=batch_id or new_id(), priority=priority, concurrency=concurrency,
        endpoint_concurrency=endpoint_concurrency, deadline_s=deadline_s,
    )
    if items is None:
        return Call(Request("POST", "/v1/batches", body=body), reading(BatchState.read))
    lines = [body, *(item.as_json() for item in items)]
    content = "".join(json.dumps(line) + "\n" for line in lines).encode()
    return Call(Request("POST", "/v1/batches", content=content, content_type="application/jsonl"), reading(BatchState.read))


def batch_path(batch_id: str, *more: str) -> str:
    return "/".join(("/v1/batches", segment(batch_id), *more))


def batch(batch_id: str, wait: float | None = None) -> Call[BatchState]:
    return Call(Request("GET", batch_path(batch_id), {} if wait is None else {"wait": seconds(wait)}), reading(BatchState.read))


def batches(limit: int | None, cursor: str | None) -> Call[Page[BatchState]]:
    return Call(Request("GET", "/v1/batches", texts(limit=limit, cursor=cursor)), paging("batches", BatchState.read))


def batch_action(batch_id: str, action: str, body: Json | None = None) -> Call[BatchState]:
    return Call(Request("POST", batch_path(batch_id, action), body=body or {}), reading(BatchState.read))


def change_batch(batch_id: str, concurrency: int | None, endpoint_concurrency: int | None, priority: int | None) -> Call[BatchState]:
    body = given(concurrency=concurrency, endpoint_concurrency=endpoint_concurrency, priority=priority)
    return Call(Request("PATCH", batch_path(batch_id), body=body), reading(BatchState.read))


def batch_rollouts(batch_id: str, end: str | None, cause: str | None, task_id: str | None, limit: int | None, cursor: str | None) -> Call[Page[Rollout]]:
    query = texts(end=end, cause=cause, task_id=task_id, limit=limit, cursor=cursor)
    return Call(Request("GET", batch_path(batch_id, "rollouts"), query), paging("rollouts", Rollout.read))


def batch_report(batch_id: str, threshold: float | None) -> Call[Json]:
    return Call(Request("GET", batch_path(batch_id, "report"), texts(format="json", threshold=threshold)), reading(dict))


def batch_report_text(batch_id: str, form: str, threshold: float | None) -> Call[str]:
    return Call(Request("GET", batch_path(batch_id, "report"), texts(format=form, threshold=threshold), accept="*/*"), _text)


def compare_batches(batch_id: str, other_id: str, threshold: float | None) -> Call[Json]:
    return Call(Request("GET", batch_path(batch_id, "compare", segment(other_id)), texts(format="json", threshold=threshold)), reading(dict))


def follow_batch(batch_id: str, last_event: str | None) -> Request:
    headers = {"Last-Event-ID": last_event} if last_event else {}
    return Request("GET", batch_path(batch_id, "events"), accept="text/event-stream", headers=headers)


def stream_results(batch_id: str, follow: bool) -> Request:
    return Request("GET", batch_path(batch_id, "results"), {"follow": "true"} if follow else {}, accept="application/jsonl")


def export_episodes(
    form: str, env_type: str | None = None, split: str | None = None, batch_id: str | None = None, end: str | None = None,
    min_reward: float | None = None, max_reward: float | None = None, after: datetime | str | None = None, before: datetime | str | None = None,
) -> Request:
    query = texts(
        format=form, env_type=env_type, split=split, batch_id=batch_id, end=end, min_reward=min_reward, max_reward=max_reward, after=_time(after),
        before=_time(before),
    )
    return Request("GET", "/v1/export", query, accept="application/jsonl")


def _time(value: datetime | str | None) -> str | None:
    return value.astimezone(timezone.utc).isoformat() if isinstance(value, datetime) else value


def put_secret(name: str, value: str) -> Call[None]:
    return Call(Request("PUT", f"/v1/secrets/{segment(name)}", body={"value": value}), _nothing)


def secrets() -> Call[list[Json]]:
    return Call(Request("GET", "/v1/secrets"), reading(lambda content: list(content["secrets"])))


def delete_secret(name: str) -> Call[None]:
    return Call(Request("DELETE", f"/v1/secrets/{segment(name)}"), _nothing)


def _nothing(response: Response) -> None:
    read_json(response)


def _text(response: Response) -> str:
    if response.status >= 400:
        read_json(response)
    return response.body.decode("utf-8", "replace")
