"""Tools of an environment: methods whose schema is made from their types and docstring, and whose arguments are checked before they run."""

from __future__ import annotations

import inspect
import re
import types
from collections.abc import Callable, Mapping
from typing import Any, Literal, TypeVar, Union, get_args, get_origin, get_type_hints

__all__ = ["AgentMistake", "check_arguments", "schema_of", "tool", "tools_of"]

F = TypeVar("F", bound=Callable[..., Any])

_MARK = "_sandqueue_tool"
_JSON = {str: "string", int: "integer", float: "number", bool: "boolean", dict: "object", list: "array"}


class AgentMistake(Exception):
    """What the agent did wrong, in words for it: the observation of its step. The episode goes on."""


def tool(method: F) -> F:
    """Makes a method a tool. It needs types for its arguments and a docstring, with an ``Args:`` section where they need words."""
    schema_of(method)
    setattr(method, _MARK, True)
    return method


def tools_of(kind: type) -> dict[str, Callable[..., Any]]:
    """The tools of a class in the order in which they are written, those of its bases first."""
    found: dict[str, Callable[..., Any]] = {}
    for base in reversed(kind.__mro__):
        for name, member in vars(base).items():
            if getattr(member, _MARK, False):
                found[name] = member
    return found


def schema_of(method: Callable[..., Any]) -> dict[str, Any]:
    """The tool as OpenAI's function schema."""
    says, arguments_say = _docstring(method)
    properties, required = {}, []
    for name, (kind, parameter) in _parameters(method).items():
        properties[name] = _type_schema(kind, f"{method.__qualname__}({name})")
        if name in arguments_say:
            properties[name]["description"] = arguments_say[name]
        if parameter.default is inspect.Parameter.empty:
            required.append(name)
    parameters = {"type": "object", "properties": properties, "required": required}
    return {"type": "function", "function": {"name": method.__name__, "description": says, "parameters": parameters}}


def check_arguments(method: Callable[..., Any], arguments: Mapping[str, Any]) -> dict[str, Any]:
    """The arguments for the method. Raises AgentMistake where one is missing, unknown or of another type."""
    name, expected = method.__name__, _parameters(method)
    for given in arguments:
        if given not in expected:
            raise AgentMistake(f"The tool {name} has no argument {_quoted(given)}; it has {', '.join(expected) or 'none'}.")
    checked = {}
    for argument, (kind, parameter) in expected.items():
        if argument not in arguments:
            if parameter.default is inspect.Parameter.empty:
                raise AgentMistake(f"The tool {name} needs the argument {_quoted(argument)}, {_words(kind)}.")
            continue
        value = arguments[argument]
        if not _fits(value, kind):
            raise AgentMistake(f"The argument {_quoted(argument)} of the tool {name} must be {_words(kind)}.")
        checked[argument] = float(value) if kind is float else value
    return checked


def _parameters(method: Callable[..., Any]) -> dict[str, tuple[Any, inspect.Parameter]]:
    hints = get_type_hints(method)
    found = {}
    for name, parameter in list(inspect.signature(method).parameters.items()):
        if name == "self":
            continue
        if name not in hints:
            raise TypeError(f"the tool {method.__qualname__} needs a type for its argument {name}")
        found[name] = (hints[name], parameter)
    return found


def _docstring(method: Callable[..., Any]) -> tuple[str, dict[str, str]]:
    text = inspect.getdoc(method)
    if not text:
        raise TypeError(f"the tool {method.__qualname__} needs a docstring: it is what the agent reads")
    says, _, rest = text.partition("\nArgs:")
    described, current = {}, None
    for line in re.split(r"\n(?:Returns|Raises):", rest)[0].splitlines():
        match = re.match(r"\s+(\w+)(?: \([^)]*\))?:\s*(.*)", line)
        if match:
            current = match[1]
            described[current] = match[2].strip()
        elif current and line.strip():
            described[current] += " " + line.strip()
    return re.split(r"\n(?:Returns|Raises):", says)[0].strip(), described


def _options(kind: Any) -> list[Any]:
    return [one for one in get_args(kind) if one is not type(None)] if get_origin(kind) in (Union, types.UnionType) else [kind]


def _type_schema(kind: Any, where: str) -> dict[str, Any]:
    options = _options(kind)
    if len(options) > 1:
        return {"anyOf": [_type_schema(one, where) for one in options]}
    kind, origin = options[0], get_origin(options[0])
    if origin is Literal:
        values = list(get_args(kind))
        return {"type": _JSON.get(type(values[0]), "string"), "enum": values}
    if origin is list:
        return {"type": "array", "items": _type_schema(get_args(kind)[0], where)}
    if (origin or kind) not in _JSON:
        raise TypeError(f"{where} has the type {kind}, which no JSON has; there are str, int, float, bool, list, dict, Literal and None")
    return {"type": _JSON[origin or kind]}


def _fits(value: Any, kind: Any) -> bool:
    if value is None:
        return type(None) in get_args(kind)
    return any(_fits_one(value, one) for one in _options(kind))


def _fits_one(value: Any, kind: Any) -> bool:
    origin = get_origin(kind)
    if origin is Literal:
        return any(value == one and type(value) is type(one) for one in get_args(kind))
    if origin is list:
        return isinstance(value, list) and all(_fits(one, get_args(kind)[0]) for one in value)
    if isinstance(value, bool):
        return kind is bool
    return isinstance(value, (int, float) if kind is float else origin or kind)


def _words(kind: Any) -> str:
    options = _options(kind)
    if len(options) > 1:
        return " or ".join(_words(one) for one in options)
    kind, origin = options[0], get_origin(options[0])
    if origin is Literal:
        return "one of " + ", ".join(_quoted(one) if isinstance(one, str) else str(one) for one in get_args(kind))
    names = {str: "a string", int: "a whole number", float: "a number", bool: "true or false", list: "a list", dict: "an object"}
    return names[origin or kind]


def _quoted(text: str) -> str:
    shown = text if len(text) <= 100 else text[:100] + "…"
    return '"' + "".join(" " if ord(character) < 32 else character for character in shown) + '"'
