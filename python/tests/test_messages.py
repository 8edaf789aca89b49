"""What an agent's message means: the same as to the built-in environments."""

from __future__ import annotations

import json
import time
from typing import Any

import pytest

from sandqueue.messages import read_message


def read(content: Any = "", *calls: Any) -> tuple[str, list[tuple[str, Any, str | None, bool]]]:
    message = read_message({"role": "assistant", "content": content, "tool_calls": list(calls)})
    return message.text, [(call.name, dict(call.arguments), call.id, call.mistake is not None) for call in message.calls]


def written(name: str, arguments: Any) -> str:
    return f"<tool_call>{json.dumps({'name': name, 'arguments': arguments})}</tool_call>"


@pytest.mark.parametrize("content, text", [
    ("50", "50"), ("<think>1</think> 50", " 50"), ("1</think>2</think>3", "3"), ("50 <think>51", "50 "), (None, ""), ([{"type": "text", "text": "a"}, "b", {"type": "image"}], "ab"), (7, "7"),
])
def test_thoughts_are_cut(content: Any, text: str) -> None:
    assert read(content) == (text, [])


def test_native_calls_come_before_written_ones() -> None:
    native = {"id": "x", "type": "function", "function": {"name": "go", "arguments": '{"a": 1}'}}
    assert read(written("stay", {}), native)[1] == [("go", {"a": 1}, "x", False)]
    assert read("", {"name": "go", "arguments": {"a": 1}})[1] == [("go", {"a": 1}, "call_0", False)]
    assert read("", {"function": {"name": "go", "arguments": ""}})[1] == [("go", {}, "call_0", False)]
    assert read("", {"function": {"name": "go", "arguments": json.dumps(json.dumps({"a": 1}))}})[1] == [("go", {"a": 1}, "call_0", False)]
    for broken in ({"function": {"arguments": "{}"}}, {"function": {"name": "go", "arguments": "{"}}, "go", {"function": {"name": "go", "arguments": "[1]"}}):
        assert read("", broken)[1][0][3]


def test_written_calls() -> None:
    two = f"First {written('a', {'x': 1})} then {written('b', {})}"
    assert [call[:2] for call in read(two)[1]] == [("a", {"x": 1}), ("b", {})]
    assert read('<tool_call>{"name": "a", "arguments": {"x": "</tool_call>"}}')[1] == [("a", {"x": "</tool_call>"}, None, False)]
    assert read("The tag <tool_call> is prose.")[1] == []
    assert read("<tool_call>{broken</tool_call>" + written("b", {}))[1][1][0] == "b"
    assert read("<tool_call>[]</tool_call>")[1][0][3]
    assert read("<tool_call>" + "[" * 100_000)[1][0][3]
    assert read(f"<think>{written('a', {})}")[1] == []


@pytest.mark.parametrize("text", ["<tool_call>" * 80_000, "<tool_call>{" * 80_000, '<tool_call>["' * 70_000, "<think>" * 140_000, "<tool_call>{" * 40_000 + "</tool_call>" * 40_000])
def test_hostile_texts_take_little_time(text: str) -> None:
    begun = time.process_time()
    read(text)
    assert time.process_time() - begun < 1


def test_what_is_too_large_is_not_read() -> None:
    message = read_message({"content": "x" * 1_000_001})
    assert message.too_large and message.calls[0].mistake == "the message has 1,000,001 characters, and 1,000,000 are the most"
    assert read_message({"content": written("a", {}) * 300}).too_large
