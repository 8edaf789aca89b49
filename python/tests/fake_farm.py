"""A gateway that knows rollouts and batches alone, in the forms that docs/rest.md gives them: what is played is decided by the task's name."""

from __future__ import annotations

import json
import threading
from typing import Any
from urllib.parse import parse_qs, urlsplit

from fake import FakeServer

ENDS: dict[str, dict[str, Any]] = {
    "good": {"end": "completed", "reward": 0.5, "valid": True, "trainable": True},
    "zero": {"end": "completed", "reward": 0.0, "valid": True, "trainable": True},
    "limit": {"end": "completed", "reward": 0.0, "valid": True, "trainable": True, "end_reason": "max_steps", "truncated": True},
    "fault": {"end": "completed", "reward": 0.0, "valid": True, "trainable": True, "cause": "agent", "detail": "the environment did not survive it"},
    "failed": {"end": "failed", "cause": "environment", "detail": "it broke", "retryable": True},
    "lost": {"end": "failed", "cause": "infrastructure", "detail": "the instance was lost", "retryable": True},
    "expired": {"end": "expired", "cause": "caller", "detail": "the deadline is over", "retryable": True},
    "cancelled": {"end": "cancelled", "cause": "cancelled", "detail": "it was cancelled", "retryable": True},
    "policy": {"end": "failed", "cause": "policy", "detail": "the endpoint answered 500", "retryable": True},
}


def rollout(rollout_id: str, task: str, number: int = 0, ended: bool = True) -> dict[str, Any]:
    end = {"end": None, "reward": None, "valid": False, "trainable": False, "retryable": False, "cause": None, "end_reason": None, "truncated": False, "detail": None}
    return {"rollout_id": rollout_id, "batch_id": None, "state": "ended" if ended else "running", "task_id": task, "number": number, **end, **(ENDS[task] if ended else {})}


class FakeFarm:
    def __init__(self, streams: bool = True, break_after: int | None = None) -> None:
        self.streams, self.break_after = streams, break_after
        self.batches: dict[str, dict[str, Any]] = {}
        self.actions: list[tuple[str, Any]] = []
        self.asked: dict[str, int] = {}
        self.done = 0
        self._lock = threading.Lock()
        self.server = FakeServer(self._answer)
        self.url = self.server.url

    def __enter__(self) -> FakeFarm:
        return self

    def __exit__(self, *_: object) -> None:
        self.server.__exit__()

    def _answer(self, method: str, path: str, body: Any, headers: dict[str, str]) -> Any:
        parts, query = urlsplit(path).path.split("/")[2:], parse_qs(urlsplit(path).query)
        with self._lock:
            count = self.asked[path] = self.asked.get(path, 0) + 1
        if parts[0] == "rollouts":
            return self._rollout(method, parts, body, count)
        if method == "POST" and len(parts) == 1:
            lines = [body] if isinstance(body, dict) else [json.loads(line) for line in body.splitlines()]
            first = lines[0]
            tasks = [item["task_id"] for item in lines[1:]] or first["tasks"]
            made = first["batch_id"] not in self.batches
            self.batches[first["batch_id"]] = {"request": lines, "rollouts": [rollout(f"r{place}", task, place) for place, task in enumerate(tasks)]}
            return (201 if made else 200), self._state(first["batch_id"], 0)
        batch_id = parts[1]
        if batch_id not in self.batches:
            return 404, {"status": 404, "code": "unknown_batch", "detail": f"there is no batch '{batch_id}'"}
        ends = self.batches[batch_id]["rollouts"]
        if parts[2:] == ["events"]:
            if not self.streams:
                return 404, {"status": 404, "code": "unknown_route", "detail": "no such route"}
            events = [f"event: progress\ndata: {json.dumps(self._state(batch_id, done))}\n\n" for done in range(self.done, len(ends))]
            if self.break_after is not None and count == 1:
                self.done = self.break_after
                return 200, events[: self.break_after], {"Content-Type": "text/event-stream"}
            self.done = len(ends)
            return 200, [*events, "event: waiting\ndata: {}\n\n", f"event: end\nid: end\ndata: {json.dumps(self._state(batch_id, len(ends)))}\n\n"], {"Content-Type": "text/event-stream"}
        if parts[2:] == ["results"]:
            lines = [json.dumps(one) + "\n" for one in ends]
            if self.break_after is not None and count == 1:
                return 200, ["".join(lines[: self.break_after])[:-5]], {"Content-Length": "100000"}
            return 200, lines, {}
        if parts[2:] == ["rollouts"]:
            start = int(query.get("cursor", ["0"])[0])
            return 200, {"rollouts": ends[start : start + 2], "next_cursor": str(start + 2) if start + 2 < len(ends) else None}
        if parts[2:] == ["report"]:
            return 200, {"batch_id": batch_id} if query["format"] == ["json"] else "# Report"
        if method in ("POST", "PATCH"):
            self.actions.append(("/".join([method, *parts[2:]]), body))
        elif not parts[2:]:
            self.done = min(self.done + 2, len(ends))
        return 200, self._state(batch_id, self.done)

    def _rollout(self, method: str, parts: list[str], body: Any, count: int) -> Any:
        if method == "POST":
            self.batches[body["rollout_id"]] = {"request": body}
            return 202, rollout(body["rollout_id"], body["task_id"], ended=False)
        if parts[2:] == ["turns"]:
            return 200, {"rollout_id": parts[1], "attempt": 1, "turns": [{"turn": 1, "action": None, "answer": {"prompt_token_ids": [1]}}], "next_cursor": None}
        task = self.batches[parts[1]]["request"]["task_id"]
        return 200, rollout(parts[1], task, ended=count > 1)

    def _state(self, batch_id: str, done: int) -> dict[str, Any]:
        rows = self.batches[batch_id]["rollouts"]
        ends = {name: sum(one["end"] == name for one in rows[:done]) for name in ("completed", "rejected", "expired", "cancelled", "failed")}
        closed = done == len(rows)
        return {"batch_id": batch_id, "state": "closed" if closed else "running", "items": len(rows), "ends": ends, "waiting": len(rows) - done, "running": 0}
