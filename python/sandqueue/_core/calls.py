"""The calls of environments, instances and keys: which request each is, and how its answer is read."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from sandqueue._core.reading import malformed, read_object
from sandqueue._core.request import Request, Response, segment, seconds
from sandqueue.answers import CommandEnd, Evaluation, Message, Opening, Step, as_message
from sandqueue.records import EnvironmentSummary, InstanceSummary, JournalEntry, Key

T = TypeVar("T")
Json = dict[str, Any]


@dataclass(frozen=True)
class Call(Generic[T]):
    """A request and the reader of its answer."""

    request: Request
    read: Callable[[Response], T]


@dataclass(frozen=True)
class Page(Generic[T]):
    items: list[T]
    next_cursor: str | None


def new_id() -> str:
    """An id for a command: nobody else has it."""
    return f"py-{uuid.uuid4().hex}"


def reading(read: Callable[[Json], T]) -> Callable[[Response], T]:
    """Reads an object. What it lacks is the answer's mistake."""

    def read_answer(response: Response) -> T:
        content = read_object(response)
        try:
            return read(content)
        except (KeyError, TypeError, ValueError) as lacking:
            raise malformed(response, f"{type(lacking).__name__}: {lacking}") from None

    return read_answer


def paging(member: str, read: Callable[[Any], T]) -> Callable[[Response], Page[T]]:
    return reading(lambda content: Page([read(item) for item in content[member]], content.get("next_cursor")))


def command(method: str, path: str, body: Json | None, command_id: str | None, read: Callable[[Json], T]) -> Call[T]:
    """A command: it has an id, so that it takes effect once however often it is sent."""
    key = command_id or new_id()
    return Call(Request(method, path, body=body, command_id=key, timed=True), reading(read))


def given(**members: Any) -> Json:
    """An object of those that are not None."""
    return {name: value for name, value in members.items() if value is not None}


def texts(**members: Any) -> dict[str, str]:
    return {name: str(value) for name, value in members.items() if value is not None}


def instance_path(instance_id: str, *more: str) -> str:
    return "/".join(("/v1/instances", segment(instance_id), *more))


def create(env_type: str, task_id: str, params: Json | None, instance_id: str | None, command_id: str | None) -> Call[Opening]:
    key = command_id or new_id()
    # With a name of its own, an instance whose Create got no answer can still be released.
    body = given(env_type=env_type, task_id=task_id, instance_id=instance_id or key, params=params)
    return command("POST", "/v1/instances", body, key, Opening.read)


def step(instance_id: str, action: str | Message, number: int | None, params: Json | None, command_id: str | None) -> Call[Step]:
    body = given(action=as_message(action), step=number, params=params)
    return command("POST", instance_path(instance_id, "steps"), body, command_id, Step.read)


def evaluate(instance_id: str, params: Json | None, messages: Message | None, command_id: str | None) -> Call[Evaluation]:
    return command("POST", instance_path(instance_id, "evaluations"), given(params=params, messages=messages), command_id, Evaluation.read)


def release(instance_id: str, command_id: str | None) -> Call[bool]:
    return command("DELETE", instance_path(instance_id), None, command_id, lambda result: result.get("answer") is True)


def info(instance_id: str) -> Call[Any]:
    return Call(Request("GET", instance_path(instance_id, "info"), timed=True), reading(lambda content: content["info"]))


def instance(instance_id: str) -> Call[InstanceSummary]:
    return Call(Request("GET", instance_path(instance_id)), reading(InstanceSummary.read))


def instances(env_type: str | None, state: str | None, limit: int | None, cursor: str | None) -> Call[Page[InstanceSummary]]:
    return Call(Request("GET", "/v1/instances", texts(env_type=env_type, state=state, limit=limit, cursor=cursor)), paging("instances", InstanceSummary.read))


def episode(instance_id: str, limit: int | None, cursor: str | None) -> Call[Page[JournalEntry]]:
    return Call(Request("GET", instance_path(instance_id, "episode"), texts(limit=limit, cursor=cursor)), paging("entries", JournalEntry.read))


def command_end(command_id: str, wait: float | None) -> Call[CommandEnd]:
    query = {} if wait is None else {"wait": seconds(wait)}
    return Call(Request("GET", f"/v1/commands/{segment(command_id)}", query), reading(CommandEnd.read))


def environments() -> Call[list[EnvironmentSummary]]:
    return Call(Request("GET", "/v1/environments"), reading(lambda content: [EnvironmentSummary.read(item) for item in content["environments"]]))


def tasks(env_type: str, split: str | None, search: str | None, limit: int | None, cursor: str | None) -> Call[Page[str]]:
    path = f"/v1/environments/{segment(env_type)}/tasks"
    return Call(Request("GET", path, texts(split=split, search=search, limit=limit, cursor=cursor), timed=True), paging("tasks", str))


def keys(tenant: str | None) -> Call[list[Key]]:
    return Call(Request("GET", "/v1/keys", texts(tenant=tenant)), reading(lambda content: [Key.read(item) for item in content["keys"]]))


def issue_key(tenant: str, name: str | None, scope: str | None, days: int | None) -> Call[Key]:
    # Sent again it would issue a second one.
    return Call(Request("POST", "/v1/keys", body=given(tenant=tenant, name=name, scope=scope, days=days), repeatable=False), reading(Key.read))


def revoke_key(key_id: str) -> Call[bool]:
    return Call(Request("DELETE", f"/v1/keys/{segment(key_id)}"), reading(lambda content: bool(content["revoked"])))


def parts(items: Sequence[T], most: int) -> list[list[T]]:
    return [list(items[start : start + most]) for start in range(0, len(items), most)]
