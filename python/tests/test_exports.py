"""Exports through a real embedded gateway, and of a fake one whose streams break."""

from __future__ import annotations

import asyncio
import json
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
from fake import FakeServer
from gateway import Gateway

from sandqueue import AsyncSandQueue, RolloutItem, SandQueue
from sandqueue.errors import InvalidRequest, MalformedAnswer, TryLater, UnknownEnd

BEGUN = datetime.now(timezone.utc) - timedelta(minutes=1)


def test_every_form(queue: SandQueue, tmp_path: Path) -> None:
    batch = queue.start_batch("trial", items=[RolloutItem("1", actions=["say hi", "end 0"]), RolloutItem("1", actions=["end 0.5"]), RolloutItem("1", actions=["throw"])])
    batch.wait()
    episodes = list(batch.export())
    # What failed was played, too; it has no reward, and not 0.
    assert sorted((one["reward"] is None, one["reward"] or 0) for one in episodes) == [(False, 0), (False, 0.5), (True, 0)]
    assert {one["task_id"] for one in queue.export("messages", batch_id=batch.id, min_reward=0.1)} == {"1"}
    assert [one["reward"] for one in queue.export("nemo", env_type="trial", batch_id=batch.id, end="ended", after=BEGUN, max_reward=0.1)] == [0]
    (pair,) = queue.export("preferences", batch_id=batch.id)
    assert {"prompt", "chosen", "rejected", "tools"} <= set(pair)
    assert [one["reward"] for one in batch.export("nemo_failures")] == [None]
    assert len(list(batch.export("verifiers"))) == 3
    assert list(queue.export(batch_id=batch.id, before=BEGUN)) == []
    file = tmp_path / "episodes.jsonl"
    assert batch.export().write(file) == 3 and [json.loads(line) for line in file.read_text().splitlines()] == episodes
    with pytest.raises(InvalidRequest, match="format"):
        list(queue.export("parquet"))
    with pytest.raises(InvalidRequest):
        queue.export("parquet").write(tmp_path / "none.jsonl")
    assert [one.name for one in tmp_path.iterdir()] == ["episodes.jsonl"]


def test_awaited(gateway: Gateway, tmp_path: Path) -> None:
    async def run() -> None:
        async with AsyncSandQueue(gateway.url, deadline=30) as queue:
            batch = await queue.start_batch("trial", items=[RolloutItem("1", actions=["end 1"])])
            await batch.wait()
            assert [one["reward"] async for one in batch.export("messages")] == [1]
            assert await queue.export(batch_id=batch.id).write(tmp_path / "one.jsonl") == 1
            assert await batch.write_results(tmp_path / "results.jsonl") == 1
            assert (await batch.report(threshold=0.5))["success_threshold"] == 0.5

    asyncio.run(run())


def test_a_stream_that_breaks_is_no_whole_export(tmp_path: Path) -> None:
    def answer(method: str, path: str, body: Any, headers: dict[str, str]) -> Any:
        return 200, ['{"episode_id": 1}\n', '{"episode_id"'], {"Content-Length": "1000"}

    file = tmp_path / "episodes.jsonl"
    file.write_text("what was there")
    with FakeServer(answer) as server, SandQueue(server.url, deadline=5) as queue:
        with pytest.raises(UnknownEnd):
            queue.export().write(file)
    assert len(server.requests) == 1, "an export cannot go on where it broke"
    assert file.read_text() == "what was there" and [one.name for one in tmp_path.iterdir()] == ["episodes.jsonl"]


def test_an_export_that_did_not_begin_is_asked_for_again_until_the_deadline() -> None:
    ends: list[Any] = [(503, {"status": 503, "code": "stopping", "detail": "stopping"}), None]

    def answer(method: str, path: str, body: Any, headers: dict[str, str]) -> Any:
        return ends.pop(0) if ends else (200, ['{"episode_id": 1}\n'], {})

    with FakeServer(answer) as server, SandQueue(server.url, deadline=10) as queue:
        assert [one["episode_id"] for one in queue.export()] == [1]
        ends += [(503, {"status": 503, "code": "stopping", "detail": "stopping"})] * 100
    with FakeServer(answer) as server, SandQueue(server.url, deadline=0.5) as queue, pytest.raises(TryLater):
        list(queue.export())
    with FakeServer(lambda *_: (200, ["[1]\n"], {})) as server, SandQueue(server.url, deadline=10) as queue, pytest.raises(MalformedAnswer):
        list(queue.export())
    assert len(server.requests) == 3
