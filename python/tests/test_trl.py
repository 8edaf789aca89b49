"""TRL's asynchronous trainer: its child process is spawned, so the factories go there as pickles and make the same tools there."""

from __future__ import annotations

import multiprocessing
from multiprocessing.connection import Connection
from typing import Any

import pytest
from doubles.trl import tools_of
from gateway import Gateway

from sandqueue.adapters.trl import EnvironmentFactory, SandQueueSpec


def play(factory: EnvironmentFactory, row: dict[str, Any], pipe: Connection) -> None:
    pool = [factory() for _ in range(2)]
    told = []
    for _ in range(2):
        # Objects are pooled and reset again; their tools run while a loop of asyncio may be running, and are not awaited.
        for environment in pool:
            environment.reset(**row)
        told += [tools_of(environment)["do"](what="end", rest="0.5") for environment in pool]
        told += [environment.get_reward() for environment in pool]
    pipe.send(told)


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_a_spawned_process_plays_too(gateway: Gateway) -> None:
    spec = SandQueueSpec("trial", url=gateway.url, tasks=["1"], deadline=30)
    row = dict(spec.rows[0])
    here, there = multiprocessing.Pipe()
    child = multiprocessing.get_context("spawn").Process(target=play, args=(spec.environment_factory[row.pop("environment")], row, there))
    child.start()
    there.close()
    assert here.poll(60), "the child answers within 60 s"
    assert here.recv() == ["the end", "the end", 0.5, 0.5] * 2
    child.join(20)
    assert child.exitcode == 0


def test_a_key_does_not_show_in_the_factory(gateway: Gateway) -> None:
    spec = SandQueueSpec("trial", url=gateway.url, key="sk-of-the-test", tasks=["1"])
    assert "sk-of-the-test" not in repr(spec.environment_factory)


def test_a_probe_creates_nothing_and_has_no_reward(gateway: Gateway) -> None:
    spec = SandQueueSpec("trial", url=gateway.url, tasks=["1"])
    probe = spec.environment_factory["trial"]()
    assert list(tools_of(probe)) == ["do"] and probe.get_reward() is None
    with pytest.raises(RuntimeError, match="reset comes before"):
        tools_of(probe)["do"](what="say")


def test_a_farm_that_is_away_gives_none_and_the_object_can_be_used_again(gateway: Gateway) -> None:
    spec = SandQueueSpec("trial", url=gateway.url, tasks=["1"])
    factory = spec.environment_factory["trial"]
    away = EnvironmentFactory(type(factory.farm)("http://127.0.0.1:9", None, 0.3), factory.env_type, None, factory.tools)()
    for _ in range(2):
        assert away.reset(task_id="1") is None
        with pytest.raises(Exception, match="infrastructure"):
            tools_of(away)["do"](what="say")
        assert away.get_reward() is None
