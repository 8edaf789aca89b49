"""Makes methods of tools: named, typed and documented as a schema says, so that a trainer makes the same schema of them again."""

from __future__ import annotations

import inspect
import json
import keyword
import re
import types
from collections.abc import Callable
from typing import Any, Optional

_TYPES: dict[str, Any] = {"string": str, "integer": int, "number": float, "boolean": bool, "object": dict, "array": list}


def identifier(name: str, taken: set[str]) -> str:
    """A name that Python takes, and that nobody else has."""
    made = re.sub(r"\W", "_", name).lstrip("_") or "tool"
    if made[0].isdigit() or keyword.iskeyword(made):
        made = f"tool_{made}"
    while made in taken:
        made += "_tool"
    taken.add(made)
    return made


def typed_method(name: str, function: dict[str, Any], call: Callable[[Any, str, dict[str, Any]], Any]) -> Callable[..., Any]:
    """A method that hands ``call`` its object, the tool's own name and the arguments that were given."""
    schema = function.get("parameters") or {}
    properties, required = schema.get("properties") or {}, set(schema.get("required") or ())
    taken: set[str] = {"self"}
    own = {identifier(argument, taken): argument for argument in sorted(properties, key=lambda argument: argument not in required)}
    parameters = [inspect.Parameter("self", inspect.Parameter.POSITIONAL_OR_KEYWORD)]
    annotations: dict[str, Any] = {"return": str}
    for made, argument in own.items():
        kind = _type(properties[argument])
        optional = argument not in required
        annotations[made] = Optional[kind] if optional else kind
        default = None if optional else inspect.Parameter.empty
        parameters.append(inspect.Parameter(made, inspect.Parameter.POSITIONAL_OR_KEYWORD, default=default, annotation=annotations[made]))
    signature = inspect.Signature(parameters, return_annotation=str)
    tool = function["name"]

    def method(self: Any, *args: Any, **kwargs: Any) -> Any:
        given = signature.bind(self, *args, **kwargs).arguments
        # None is what an argument that was not given has.
        return call(self, tool, {own[made]: value for made, value in given.items() if made != "self" and value is not None})

    method.__name__ = method.__qualname__ = name
    method.__doc__ = _docstring(function, own, properties)
    method.__annotations__ = annotations
    method.__signature__ = signature  # type: ignore[attr-defined]
    return method


def _type(schema: dict[str, Any]) -> Any:
    named = schema.get("type")
    kind = _TYPES.get(named if isinstance(named, str) else "", str)
    if kind is list:
        return types.GenericAlias(list, (_type(schema.get("items") or {}),))
    return kind


def _docstring(function: dict[str, Any], own: dict[str, str], properties: dict[str, Any]) -> str:
    lines = [_one_line(function.get("description") or function["name"]), ""]
    if own:
        lines.append("Args:")
    for made, argument in own.items():
        schema = properties[argument]
        choices = f" (choices: {json.dumps(schema['enum'])})" if schema.get("enum") else ""
        lines.append(f"    {made}: {_one_line(schema.get('description') or argument)}{choices}")
    return "\n".join([*lines, "", "Returns:", "    What the environment answers."])


def _one_line(text: str) -> str:
    return " ".join(text.split())
