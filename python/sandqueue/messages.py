"""
Reads what an agent did and said with one message, as the built-in environments do: thoughts are cut first; native tool calls come before
those written in ``<tool_call>`` blocks; what is odd is a call with a mistake in words, and never an error.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

__all__ = ["AgentMessage", "ToolCall", "read_message"]

_MOST_CHARACTERS = 1_000_000
_MOST_CALLS = 256
_OPEN, _CLOSE, _THINK, _THOUGHT = "<tool_call>", "</tool_call>", "<think>", "</think>"


@dataclass(frozen=True)
class ToolCall:
    """A call of a tool; one with a mistake is to be answered with it, not carried out."""

    name: str
    arguments: Mapping[str, Any]
    id: str | None = None
    """The id of a native call; None for one that was written in the text."""
    mistake: str | None = None


@dataclass(frozen=True)
class AgentMessage:
    """What was said, without thoughts, and the calls in their order."""

    text: str
    calls: list[ToolCall]
    source: Mapping[str, Any] = field(repr=False, default_factory=dict)
    too_large: bool = False

    @property
    def native_calls(self) -> list[ToolCall]:
        return [call for call in self.calls if call.id is not None]


def read_message(message: Mapping[str, Any]) -> AgentMessage:
    content = _text(message.get("content"))
    native = _native(message.get("tool_calls"))
    length = len(content) + sum(len(str(call)) for call in native)
    if length > _MOST_CHARACTERS:
        return _too_large(message, f"the message has {length:,} characters, and {_MOST_CHARACTERS:,} are the most")
    spoken = content.rpartition(_THOUGHT)[2]
    if native:
        calls = [_native_call(call, index) for index, call in enumerate(native[: _MOST_CALLS + 1])]
        text = spoken.partition(_THINK)[0]
    else:
        text, calls = _blocks(spoken)
    if len(calls) > _MOST_CALLS:
        return _too_large(message, f"the message has more than {_MOST_CALLS} calls")
    return AgentMessage(text, calls, message)


def _too_large(message: Mapping[str, Any], mistake: str) -> AgentMessage:
    return AgentMessage("", [ToolCall("", {}, mistake=mistake)], message, too_large=True)


def _text(content: Any) -> str:
    if isinstance(content, str):
        return content
    if isinstance(content, list):
        return "".join(_part(part) for part in content)
    return "" if content is None else _part(content) if isinstance(content, dict) else json.dumps(content)


def _part(part: Any) -> str:
    if isinstance(part, str):
        return part
    if not isinstance(part, dict) or part.get("type") not in (None, "text", "input_text", "output_text"):
        return ""
    text = part.get("text")
    return text if isinstance(text, str) else ""


def _native(calls: Any) -> list[Any]:
    if isinstance(calls, list):
        return calls
    return [] if calls is None or (isinstance(calls, str) and not calls.strip()) else [calls]


def _native_call(call: Any, index: int) -> ToolCall:
    if not isinstance(call, dict):
        return ToolCall("", {}, f"call_{index}", "a call is an object with a function's name and arguments")
    given = call.get("id")
    name_of = call["function"] if isinstance(call.get("function"), dict) else call
    return _call(name_of.get("name"), name_of.get("arguments"), given if isinstance(given, str) and given else f"call_{index}")


def _call(name: Any, arguments: Any, call_id: str | None) -> ToolCall:
    if not isinstance(name, str) or not name:
        return ToolCall("", {}, call_id, "the call has no function name")
    # Many models write the arguments as JSON inside a string, and some servers put that into a string again.
    while isinstance(arguments, str):
        if not arguments.strip():
            return ToolCall(name, {}, call_id)
        try:
            arguments = json.loads(arguments)
        except (ValueError, RecursionError) as broken:
            return ToolCall(name, {}, call_id, f"the arguments of {name} are not JSON: {_short(broken)}")
    if arguments is None:
        return ToolCall(name, {}, call_id)
    if not isinstance(arguments, dict):
        return ToolCall(name, {}, call_id, f"the arguments of {name} must be an object")
    return ToolCall(name, arguments, call_id)


def _blocks(text: str) -> tuple[str, list[ToolCall]]:
    """The text up to a thought that is open, and the calls in it. Every search goes on where the last one stopped."""
    calls: list[ToolCall] = []
    decoder, at = json.JSONDecoder(), 0
    opens, closes, thoughts = _Tag(text, _OPEN), _Tag(text, _CLOSE), _Tag(text, _THINK)
    while len(calls) <= _MOST_CALLS:
        begin, thought = opens.after(at), thoughts.after(at)
        if thought < begin:
            return text[:thought], calls
        if begin == len(text):
            break
        at = begin + len(_OPEN)
        while at < len(text) and text[at] in " \t\r\n":
            at += 1
        if at == len(text) or text[at] not in "{[":
            # Without JSON behind it the tag is prose: the agent speaks of calls and makes none.
            continue
        try:
            value, at = decoder.raw_decode(text, at)
            held = value if isinstance(value, list) else [value]
            calls += [_written(one) for one in held[: _MOST_CALLS + 1]] or [ToolCall("", {}, mistake="the block holds no call")]
        except (ValueError, RecursionError) as broken:
            calls.append(ToolCall("", {}, mistake=f"the <tool_call> block is not JSON: {_short(broken)}"))
            # A block that cannot be read ends at the next tag.
            at = min(opens.after(at), closes.after(at))
    return text, calls


class _Tag:
    """Finds a tag at or after places that only ever grow; the text's length where there is none. So all searches together are linear."""

    def __init__(self, text: str, tag: str) -> None:
        self._text, self._tag, self._found = text, tag, -1

    def after(self, at: int) -> int:
        if self._found < at:
            found = self._text.find(self._tag, at)
            self._found = len(self._text) if found < 0 else found
        return self._found


def _written(value: Any) -> ToolCall:
    if not isinstance(value, dict):
        return ToolCall("", {}, mistake="a <tool_call> block has an object with name and arguments")
    function = value["function"] if isinstance(value.get("function"), dict) else value
    return _call(function.get("name"), function.get("arguments", function.get("parameters")), None)


def _short(broken: Exception) -> str:
    return "it is nested too deep" if isinstance(broken, RecursionError) else str(broken)[:200]
