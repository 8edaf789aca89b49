"""Environments in Python, played through a real embedded gateway."""

from __future__ import annotations

import json
import os
import signal
from concurrent.futures import ThreadPoolExecutor

import pytest
from gateway import Gateway
from until import until

from sandqueue import SandQueue, SandQueueError, Step
from sandqueue.errors import EnvironmentFailed, InvalidRequest
from sandqueue.instance import Instance


def guess(instance: Instance) -> Step:
    low, high = 1, 100
    while True:
        middle = (low + high) // 2
        step = instance.step(f"<think>not 1</think> I say {middle}.")
        if step.is_terminated:
            return step
        low, high = (middle + 1, high) if step.observation == "Higher." else (low, middle - 1)


def call(name: str, /, call_id: str = "c1", **arguments: object) -> dict[str, object]:
    return {"role": "assistant", "content": "", "tool_calls": [{"id": call_id, "type": "function", "function": {"name": name, "arguments": json.dumps(arguments)}}]}


def test_an_environment_of_texts(queue: SandQueue) -> None:
    assert list(queue.tasks("guess"))[:2] == ["0", "1"]
    with queue.create("guess", "7", params={"seed": 3}) as instance:
        assert instance.messages[0]["content"] == "Guess a whole number from 1 to 100. You have 7 guesses."
        assert instance.step("No idea.").observation == "There is no number in your message."
        last = instance.step("<think>50</think>")
        assert last.observation == "There is no number in your message."
    with queue.create("guess", "7", params={"seed": 3}) as instance:
        assert guess(instance).reward == 1 and instance.score() == 1
        details = instance.evaluate().details
        assert details["guesses"] >= 1 and details["end_reason"] == "right"
        assert instance.info() == instance.messages[0]["content"]


def test_the_same_task_and_seed_are_the_same(queue: SandQueue) -> None:
    def number(seed: int) -> str:
        with queue.create("guess", "7", params={"seed": seed, "guesses": 1}) as instance:
            return instance.step("0").observation

    assert number(5) == number(5) and len({number(seed) for seed in range(5)}) > 1


def test_params_are_checked(queue: SandQueue) -> None:
    for params, words in [
        ({"gueses": 1}, "takes no params.gueses; there is guesses, max_steps"), ({"guesses": "x"}, "params.guesses must be a whole number"),
        ({"guesses": True}, "params.guesses must be a whole number"), ({"prompt_template": "{{map}}"}, "this environment fills {{rules}}"),
    ]:
        with pytest.raises(InvalidRequest, match=words.replace("{", r"\{").replace("}", r"\}")):
            queue.create("guess", "7", params=params)
    with pytest.raises(InvalidRequest, match="guess has no task 'x'"):
        queue.create("guess", "x")
    with queue.create("guess", "7", params={"prompt_template": {"system": "Play. {{rules}}"}}) as instance:
        assert instance.messages[0]["content"].startswith("Play. Guess a whole number") and instance.messages[1]["content"] == "What is your guess?"


def test_an_environment_of_tools(queue: SandQueue) -> None:
    with queue.create("shop", "cup") as instance:
        search = instance.tools[0]["function"]
        assert search["name"] == "search" and search["description"] == "Looks for goods."
        assert search["parameters"] == {
            "type": "object", "required": ["words"], "properties": {
                "words": {"type": "string", "description": "What to look for."}, "most": {"type": "integer", "description": "How many to show at most."},
                "order": {"type": "string", "enum": ["price", "name"], "description": "By what the goods are ordered."},
            },
        }
        step = instance.step(call("search", words="", order="price"))
        assert step.observation == "cup 3.00, book 8.00, lamp 20.00"
        assert step.tool_messages == [{"role": "tool", "tool_call_id": "c1", "name": "search", "content": step.observation}]
        for wrong, told in [
            (call("serch", words=""), 'There is no tool "serch"; the tools are search, buy.'), (call("search"), 'The tool search needs the argument "words", a string.'),
            (call("search", words="", most="2"), 'The argument "most" of the tool search must be a whole number.'),
            (call("search", words="", order="size"), 'The argument "order" of the tool search must be one of "price", "name".'),
            (call("search", words="", where=1), 'The tool search has no argument "where"; it has words, most, order.'), (call("buy", name="hat"), "There is no hat here."),
            ({"role": "assistant", "content": "hello"}, "Your message has no tool call. The tools are search, buy."),
            ({"role": "assistant", "content": "<tool_call>{broken"}, None),
        ]:
            observed = instance.step(wrong).observation
            assert observed == told or (told is None and observed.startswith("Your message cannot be read: the <tool_call> block is not JSON"))
        step = instance.step('<tool_call>{"name": "buy", "arguments": {"name": "cup"}}</tool_call>')
        assert step.is_terminated and step.reward == 1 and step.end_reason == "bought" and instance.score() == 1


def test_what_the_environment_does_wrong_is_no_reward(queue: SandQueue) -> None:
    with queue.create("trial", "0") as instance:
        for what, told in [("throw", "RuntimeError: thrown as it was asked to"), ("nan", "the reward is nan")]:
            with pytest.raises(EnvironmentFailed, match=told) as failed:
                instance.step(what)
            assert failed.value.no_reward().cause == "environment"
        assert instance.step("say on it goes").observation.endswith(": on it goes")


def test_a_killed_server_costs_nobody_anything(gateway: Gateway, queue: SandQueue) -> None:
    with queue.create("guess", "11") as instance, queue.create("guess", "11") as undisturbed:
        before = [instance.step("1").observation, instance.step("99").observation]
        for process_id in gateway.server_ids("guess:Guess"):
            os.kill(process_id, signal.SIGKILL)
        after = [instance.step(text).observation for text in ("50", "none", "x")]
        expected = [undisturbed.step(text).observation for text in ("1", "99", "50", "none", "x")]
        assert before + after == expected
        assert queue.find_instance(instance.id).recoveries >= 1


def test_a_parked_instance_goes_on(queue: SandQueue) -> None:
    with queue.create("shop", "lamp") as instance:
        instance.step(call("search", words="lamp"))
        until(lambda: queue.find_instance(instance.id).state == "parked", "the idle instance is parked")
        assert instance.step(call("buy", name="lamp")).reward == 1
        assert queue.find_instance(instance.id).recoveries >= 1


def test_many_instances_in_a_process_side_by_side(gateway: Gateway) -> None:
    with SandQueue(gateway.url, deadline=30) as queue, ThreadPoolExecutor(16) as threads:
        def play(task: int) -> tuple[float | None, int]:
            with queue.create("guess", str(task), params={"guesses": 20}) as instance:
                guess(instance)
                return instance.score().or_none(), task

        assert list(threads.map(play, range(40))) == [(1.0, task) for task in range(40)]
    assert len(gateway.server_ids("guess:Guess")) <= 2


def test_it_is_deterministic(gateway: Gateway, queue: SandQueue) -> None:
    with queue.create("guess", "21") as instance:
        guess(instance)
    with queue.create("shop", "cup") as instance:
        instance.step(call("buy", name="cup"))
    with ThreadPoolExecutor(2) as threads:
        runs = list(threads.map(lambda name: gateway.run("determinism", name, "--episodes", "2", "--times", "2"), ("guess", "shop")))
    for told in runs:
        assert told.returncode == 0, told.stdout + told.stderr
        measured = json.loads(told.stdout.strip().splitlines()[-1])
        assert measured["share"] == 1 and measured["failures"] == 0 and measured["observations"] >= 4


def test_an_agent_that_ends_its_server_has_a_result(queue: SandQueue) -> None:
    with queue.create("trial", "0") as instance:
        step = instance.step("crash")
        assert step.reward == 0 and "did not survive it" in step.observation, step.observation
        assert step.info["cause"] == "agent" and not step.is_terminated
        assert instance.score() == 0


def test_an_instance_that_cannot_be_rebuilt_is_lost(queue: SandQueue) -> None:
    with queue.create("trial_unreplayable", "0") as instance:
        instance.step("say x")
        with pytest.raises(SandQueueError) as lost:
            instance.step("crash")
            instance.step("say y")
        assert lost.value.no_reward().cause in ("infrastructure", "environment") and not instance.score().valid
