"""The verbs of the protocol on one environment."""

from __future__ import annotations

import asyncio
import inspect
import json
import math
import sys
import time
import traceback
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any, cast

from sandqueue._serving.http import HttpAnswer, HttpRequest, written
from sandqueue._serving.parameters import read_params
from sandqueue.environment import CallerMistake, Environment, Evaluation, Instance, Observation, Opening
from sandqueue.messages import read_message

_LONGEST_DETAIL = 1_500


class EnvironmentFault(Exception):
    """The environment answered what it may not."""


class _Slot:
    def __init__(self, instance: Instance) -> None:
        self.instance = instance
        self.turn = asyncio.Lock()
        self.released = False


class EnvironmentService:
    """Instances by the id that the worker gave them. Calls of different instances run side by side, in threads where they are not ``async def``."""

    def __init__(self, environment: Environment, name: str, threads: int) -> None:
        self._environment, self._name = environment, name
        self._threads = ThreadPoolExecutor(threads, thread_name_prefix="environment")
        self._slots: dict[str, _Slot] = {}
        self._running: dict[int, float] = {}
        self._calls = 0
        self._freeing: set[asyncio.Task[None]] = set()
        self._verbs = {
            "/get_env_profile": self._list, "/create": self._create, "/step": self._step, "/evaluate": self._evaluate, "/get_info": self._describe,
            "/release": self._release,
        }

    async def handle(self, request: HttpRequest) -> HttpAnswer:
        if request.method == "GET" and request.path == "/healthz":
            longest = max((time.monotonic() - begun for begun in self._running.values()), default=0.0)
            return HttpAnswer(200, "OK", {"Sandqueue-Longest-Call-Ms": str(int(longest * 1000))})
        self._calls += 1
        call = self._calls
        self._running[call] = time.monotonic()
        try:
            if request.method == "GET" and request.path == "/environments":
                return HttpAnswer(200, {"success": True, "data": [await self._run(self._description)]})
            if request.method != "POST" or request.path not in self._verbs:
                return HttpAnswer(404, {"detail": "Not Found"})
            answer = await self._verbs[request.path](_body(request.body))
            # Written here, because what JSON does not have is the environment's fault.
            return HttpAnswer(200, written({"success": answer is not False, "data": None if isinstance(answer, bool) else answer}))
        except CallerMistake as mistake:
            return HttpAnswer(400, {"detail": _line(str(mistake))})
        except asyncio.CancelledError:
            raise
        except BaseException as fault:
            # The trace goes to the worker's log; the caller gets one line.
            traceback.print_exc(file=sys.stderr)
            return HttpAnswer(500, {"detail": _line(f"the environment failed: {type(fault).__name__}: {fault}")})
        finally:
            del self._running[call]

    async def close(self) -> None:
        slots, self._slots = self._slots, {}
        await asyncio.gather(*(self._free(slot) for slot in slots.values()), *self._freeing)
        self._environment.close()

    async def _list(self, ask: Mapping[str, Any]) -> list[str]:
        split = (ask.get("params") or {}).get("split")
        if split is not None and not isinstance(split, str):
            raise CallerMistake("params.split must be a string")
        tasks: list[str] = await self._run(lambda: self._tasks(split or "train"))
        return tasks

    async def _create(self, ask: Mapping[str, Any]) -> dict[str, Any]:
        task_id, instance_id = _text(ask, "task_id"), _text(ask, "instance_id")
        created = read_params(self._environment, self._name, task_id, _object(ask, "params"))
        instance = cast(Instance, await self._run(lambda: self._environment.create(task_id, created.params)))
        if not isinstance(instance, Instance):
            raise EnvironmentFault(f"create gave {type(instance).__name__}, and not an Instance")
        try:
            opening = cast(Opening, await self._run(instance.opening))
            system, user = created.fill(opening)
            tools = await self._run(instance.tools)
            if instance_id in self._slots:
                raise CallerMistake(f"instance '{instance_id}' exists already")
        except BaseException:
            # An instance whose Create fails is nobody's.
            await self._run(instance.close)
            raise
        self._slots[instance_id] = _Slot(instance)
        info = {"instance_id": instance_id, "task_id": task_id, **opening.info, "tools": tools, "provenance": self._provenance(created.params.seed)}
        return {"state": [{"role": "system", "content": system}, {"role": "user", "content": user}], "info": info}

    async def _step(self, ask: Mapping[str, Any]) -> dict[str, Any]:
        instance_id, said = _text(ask, "instance_id"), _object(ask, "messages")
        if not said:
            raise CallerMistake('a step needs the assistant\'s message as messages: {"role": "assistant", "content": …}')
        message = read_message(said)
        seen = await self._use(instance_id, lambda instance: instance.step(message))
        if not isinstance(seen, Observation):
            raise EnvironmentFault(f"step gave {type(seen).__name__}, and not an Observation")
        info = dict(seen.info)
        if native := message.native_calls:
            texts = seen.tool_texts or [seen.text] * len(native)
            info["tool_messages"] = [{"role": "tool", "tool_call_id": call.id, "name": call.name, "content": text} for call, text in zip(native, texts)]
        if seen.end_reason is not None:
            info.update(end_reason=seen.end_reason, truncated=seen.truncated)
        state = [{"role": "user", "content": seen.text}]
        return {"state": state, "reward": _number("reward", seen.reward), "is_terminated": seen.end_reason is not None, "info": info}

    async def _evaluate(self, ask: Mapping[str, Any]) -> float | dict[str, Any]:
        sparse = _object(ask, "params").get("sparse")
        if sparse not in (None, True, False):
            raise CallerMistake("params.sparse must be true or false")
        given = await self._use(_text(ask, "instance_id"), lambda instance: instance.evaluate())
        scored = given if isinstance(given, Evaluation) else Evaluation(given)
        score = _number("score", scored.score)
        return score if sparse else {"score": score, **scored.details}

    async def _describe(self, ask: Mapping[str, Any]) -> str:
        return str(await self._use(_text(ask, "instance_id"), lambda instance: instance.describe()))

    async def _release(self, ask: Mapping[str, Any]) -> bool:
        slot = self._slots.pop(_text(ask, "instance_id"), None)
        if slot is None:
            return False
        # Forgotten at once; where a call still runs on it, it is freed when that ends.
        freeing = asyncio.get_running_loop().create_task(self._free(slot))
        self._freeing.add(freeing)
        freeing.add_done_callback(self._freeing.discard)
        return True

    async def _free(self, slot: _Slot) -> None:
        async with slot.turn:
            slot.released = True
            try:
                await self._run(slot.instance.close)
            except Exception:
                # Its caller has its answer already; the trace goes to the worker's log.
                traceback.print_exc(file=sys.stderr)

    async def _use(self, instance_id: str, call: Callable[[Instance], Any]) -> Any:
        slot = self._slots.get(instance_id)
        if slot is None:
            raise CallerMistake(f"there is no instance '{instance_id}'")
        async with slot.turn:
            if slot.released:
                raise CallerMistake(f"there is no instance '{instance_id}'")
            instance = slot.instance
            return await self._run(lambda: call(instance))

    async def _run(self, call: Callable[[], Any]) -> Any:
        """Runs it in a thread; what it gives to be awaited is awaited here, and may not block."""
        result = await asyncio.get_running_loop().run_in_executor(self._threads, _guarded, call)
        return await result if inspect.isawaitable(result) else result

    def _tasks(self, split: str) -> list[str]:
        if split not in self._environment.splits:
            raise CallerMistake(f"{self._name} has no split '{split[:100]}'; there is {', '.join(self._environment.splits)}")
        return [str(task) for task in self._environment.tasks(split)]

    def _description(self) -> dict[str, Any]:
        by_split = {split: self._tasks(split) for split in self._environment.splits}
        return {
            "env_type": self._name, "environment_version": self._environment.version, "scorer_version": self._environment.scorer_version,
            "prompt_version": self._environment.prompt_version, "data_hash": self._environment.data_hash, "data_source": self._environment.data_source,
            "replayable": "yes" if self._environment.replayable else "no", "evaluate_changes_state": False, "unlimited": self._environment.unlimited,
            "splits": {split: len(tasks) for split, tasks in by_split.items()}, "tasks": len({task for tasks in by_split.values() for task in tasks}), "problems": [],
        }

    def _provenance(self, seed: int | None) -> dict[str, Any]:
        environment = self._environment
        return {
            "environment": self._name, "environment_version": environment.version, "data_hash": environment.data_hash,
            "scorer_version": environment.scorer_version, "prompt_version": environment.prompt_version, "seed": seed,
        }


def _guarded(call: Callable[[], Any]) -> Any:
    """Runs an author's code in a thread. Neither StopIteration nor SystemExit may end more than this call."""
    try:
        return call()
    except (StopIteration, SystemExit, KeyboardInterrupt) as fault:
        raise EnvironmentFault(f"{type(fault).__name__}: {fault}") from fault


def _body(text: bytes) -> Mapping[str, Any]:
    try:
        body = json.loads(text) if text else {}
    except RecursionError:
        raise CallerMistake("the body is nested too deep") from None
    except ValueError as broken:
        raise CallerMistake(f"the body is not JSON: {broken}") from None
    if not isinstance(body, dict):
        raise CallerMistake("the body must be a JSON object")
    return body


def _text(ask: Mapping[str, Any], name: str) -> str:
    value = ask.get(name)
    if not isinstance(value, str) or not value:
        raise CallerMistake(f"{name} must be a string that is not empty")
    return value


def _object(ask: Mapping[str, Any], name: str) -> dict[str, Any]:
    value = ask.get(name)
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise CallerMistake(f"{name} must be an object")
    return value


def _number(what: str, value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not math.isfinite(value):
        raise EnvironmentFault(f"the {what} is {value!r}, and not a finite number")
    return float(value)


def _line(text: str) -> str:
    return " ".join(text.split())[:_LONGEST_DETAIL]
