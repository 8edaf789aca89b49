"""A way to the gateway that cuts the connection after a command was carried out: what is sent again takes effect once, at every call."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from http.client import HTTPConnection
from typing import Any

import pytest
from fake import FakeServer
from gateway import Gateway

from sandqueue import AsyncSandQueue, RolloutItem, SandQueue, Step, policies
from sandqueue.errors import UnknownEnd

CUT = ("POST", "DELETE", "PUT")


class ForgetfulWay:
    """Hands every request on, and of each that changes something it throws the first answer away."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._seen: set[tuple[str, str, str]] = set()
        self.cuts = 0
        self.server = FakeServer(self._pass)
        self.url = self.server.url

    def _pass(self, method: str, path: str, body: Any, headers: dict[str, str]) -> Any:
        text = body if isinstance(body, str) else json.dumps(body)
        connection = HTTPConnection("127.0.0.1", self._port, timeout=60)
        kept = {name: value for name, value in headers.items() if name in ("content-type", "accept", "idempotency-key")}
        connection.request(method, path, text.encode() or None, kept)
        answer = connection.getresponse()
        told = answer.read().decode()
        request = (method, path.partition("?")[0], headers.get("idempotency-key") or text)
        if method in CUT and request not in self._seen:
            self._seen.add(request)
            self.cuts += 1
            return None
        return answer.status, told, {"Content-Type": answer.headers["Content-Type"] or "text/plain"}


@pytest.fixture()
def way(gateway: Gateway) -> Iterator[ForgetfulWay]:
    forgetful = ForgetfulWay(gateway.port)
    with forgetful.server:
        yield forgetful


def test_an_episode(way: ForgetfulWay, queue: SandQueue) -> None:
    with SandQueue(way.url, deadline=30) as cut, cut.create("faulty", "plain") as instance:
        for number in range(1, 6):
            assert instance.step("count").observation.startswith(f"steps {number},")
        assert instance.score() == 5
        assert instance.release()
        assert [entry.kind for entry in queue.instance(instance.id).episode()] == ["create", *["step"] * 5, "evaluate", "release"]
    assert way.cuts == 8


def test_an_episode_awaited(way: ForgetfulWay, queue: SandQueue) -> None:
    async def run() -> str:
        async with AsyncSandQueue(way.url, deadline=30) as cut, cut.create("faulty", "plain") as instance:
            for number in range(1, 4):
                assert (await instance.step("count")).observation.startswith(f"steps {number},")
            return instance.id

    assert [entry.kind for entry in queue.instance(asyncio.run(run())).episode()] == ["create", *["step"] * 3, "release"]


def test_steps_of_many(way: ForgetfulWay) -> None:
    with SandQueue(way.url, deadline=30) as cut:
        instances = [cut.create("faulty", "plain") for _ in range(3)]
        for number in range(1, 4):
            for instance, end in zip(instances, cut.step_many([instance.request("count") for instance in instances])):
                assert isinstance(end, Step) and end.observation.startswith(f"steps {number},")
                instance.took(end)
        assert all(instance.release() for instance in instances)


def test_rollouts_and_batches(way: ForgetfulWay) -> None:
    with SandQueue(way.url, deadline=30) as cut:
        assert cut.rollout("trial", "1", policies.recorded(["say hi", "end 0.5"])).reward == 0.5
        batch = cut.start_batch("trial", items=[RolloutItem("1", actions=["end 1"]) for _ in range(3)])
        assert batch.wait().items == 3 and len(list(batch.results())) == 3
        cut.put_secret("cut", "sk-1")
        assert "cut" in {one["name"] for one in cut.secrets()}


def test_what_may_not_be_sent_again_says_that_its_end_is_unknown() -> None:
    with FakeServer(lambda *_: None) as server, SandQueue(server.url, deadline=30) as cut:
        # A second request would issue a second key.
        with pytest.raises(UnknownEnd) as unknown:
            cut.issue_key("anna")
    assert unknown.value.code == "unknown_end" and len(server.requests) == 1
