"""The clients against a real embedded gateway."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from gateway import Gateway

from sandqueue import AsyncSandQueue, NoReward, Reward, SandQueue, SandQueueError, Step, StepFailure, StepRequest
from sandqueue._core import http
from sandqueue.errors import Conflict, EnvironmentFailed, EpisodeOver, InvalidRequest, NotFound

TASK = "4x4-1000000"


def awaited(gateway: Gateway, play: Callable[[AsyncSandQueue], Awaitable[None]]) -> None:
    async def run() -> None:
        async with AsyncSandQueue(gateway.url, deadline=30) as queue:
            await play(queue)

    asyncio.run(run())


def test_an_episode(queue: SandQueue) -> None:
    assert {"frozenlake", "guess"} <= {one.env_type for one in queue.environments()}
    assert next(iter(queue.tasks("frozenlake", "val", limit=2))) == TASK
    with queue.create("frozenlake", TASK) as instance:
        assert [message["role"] for message in instance.messages] == ["system", "user"] and instance.tools[0]["function"]["name"] == "move"
        for move in ["down", "down", "right", "down", "right", "right"]:
            step = instance.step(f"<action>{move}</action>")
        assert step.is_terminated and isinstance(step.reward, Reward) and step.reward == 1 and step.number == 6 and step.end_reason == "goal"
        assert instance.score() == 1 and instance.evaluate(params={"sparse": True}).reward == 1
        with pytest.raises(EpisodeOver) as over:
            instance.step("<action>down</action>")
        assert over.value.code == "episode_over"
        assert [entry.kind for entry in instance.episode(limit=2)] == ["create"] + ["step"] * 6 + ["evaluate"] * 2
        assert queue.find_instance(instance.id).steps == 6 and "frozen lake" in instance.info()
    assert queue.find_instance(instance.id).state == "released"
    assert any(one.instance_id == instance.id for one in queue.instances(env_type="frozenlake", limit=1))
    assert instance.release() is False


def test_an_episode_awaited(gateway: Gateway) -> None:
    async def play(queue: AsyncSandQueue) -> None:
        assert [task async for task in queue.tasks("frozenlake", "val", search="4x4-1000000")] == [TASK]
        async with queue.create("frozenlake", TASK, params={"max_steps": 1}) as instance:
            step = await instance.step({"role": "assistant", "content": "<action>down</action>"})
            assert step.is_terminated and step.is_truncated and step.end_reason == "max_steps"
            reward = await instance.score()
            assert isinstance(reward, Reward) and reward == 0
            assert [entry.kind async for entry in instance.episode()] == ["create", "step", "evaluate"]
        assert (await queue.find_instance(instance.id)).state == "released"

    awaited(gateway, play)


def test_a_command_under_the_same_id_takes_effect_once(queue: SandQueue) -> None:
    with queue.create("faulty", "plain") as instance:
        first = instance.step("count", command_id=f"{instance.id}-1")
        again = queue.instance(instance.id).step("count", command_id=f"{instance.id}-1")
        assert first.observation == again.observation
        end = queue.command(f"{instance.id}-1", wait=5)
        assert end.end == "completed" and end.answer["state"] == first.messages
        with pytest.raises(Conflict):
            instance.step("echo other", command_id=f"{instance.id}-1")


def test_steps_of_many_instances_have_ends_of_their_own(queue: SandQueue) -> None:
    with queue.create("faulty", "plain") as one, queue.create("faulty", "plain") as other:
        ends = queue.step_many([one.request("reward 2"), StepRequest("ghost", "echo"), other.request("throw")])
        assert isinstance(ends[0], Step) and ends[0].reward == 2 and ends[0].instance_id == one.id
        assert isinstance(ends[1], StepFailure) and isinstance(ends[1].error, NotFound) and ends[1].reward.cause == "caller"
        assert isinstance(ends[2], StepFailure) and isinstance(ends[2].error, EnvironmentFailed) and ends[2].reward.cause == "environment"
        one.took(ends[0])
        assert one.step("count").observation.startswith("steps 2")


def test_more_steps_than_a_request_takes_are_sent_in_parts(gateway: Gateway, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sandqueue.async_client.MOST_STEPS", 10)

    async def play(queue: AsyncSandQueue) -> None:
        instances = await asyncio.gather(*(queue.create("guess", "1") for _ in range(25)))
        ends = await queue.step_many([instance.request("none") for instance in instances])
        assert [end.instance_id for end in ends if isinstance(end, Step)] == [instance.id for instance in instances]
        await asyncio.gather(*(instance.release() for instance in instances))

    awaited(gateway, play)


def test_what_is_wrong_is_told_with_its_code(queue: SandQueue) -> None:
    with pytest.raises(InvalidRequest) as wrong:
        queue.create("frozenlake", "no-such-task")
    assert wrong.value.code == "invalid_request" and wrong.value.status == 400 and wrong.value.no_reward().cause == "caller"
    with pytest.raises(SandQueueError) as unknown:
        queue.create("no_such_environment", "1")
    assert unknown.value.no_reward().cause == "caller"
    with pytest.raises(NotFound) as ghost:
        queue.instance("ghost").step("x")
    assert ghost.value.code == "unknown_instance"
    assert isinstance(queue.instance("ghost").score(), NoReward)


def test_a_lost_instance_has_no_reward(queue: SandQueue) -> None:
    with queue.create("trial_unreplayable", "0") as instance:
        with pytest.raises(SandQueueError) as lost:
            instance.step("crash")
            instance.step("say hello")
        assert lost.value.no_reward().cause in ("infrastructure", "environment")
        reward = instance.score()
        assert isinstance(reward, NoReward) and reward.code == "lost" and reward.cause == "infrastructure"


def test_a_cancelled_call_leaves_no_instance(gateway: Gateway) -> None:
    async def run() -> None:
        async with AsyncSandQueue(gateway.url, deadline=30) as queue:
            begun = asyncio.Event()

            async def play() -> None:
                async with queue.create("faulty", "plain", instance_id="cancelled-play") as instance:
                    begun.set()
                    await instance.step("hang")

            task = asyncio.create_task(play())
            await begun.wait()
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task
        with SandQueue(gateway.url) as after:
            assert after.find_instance("cancelled-play").state == "released"

    asyncio.run(run())


def test_a_request_does_not_wait_for_an_acknowledgement(gateway: Gateway, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[int] = []
    sends_at_once = http._send_at_once

    def noted(event: str, told: dict[str, Any]) -> None:
        sends_at_once(event, told)
        if event == "connection.connect_tcp.complete":
            seen.append(told["return_value"].get_extra_info("socket").getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY))

    monkeypatch.setattr(http, "_send_at_once", noted)
    with SandQueue(gateway.url) as queue:
        queue.environments()
    assert seen and all(seen)
