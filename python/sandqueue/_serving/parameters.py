"""Checks what a caller sent with a Create, and fills the first two messages."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sandqueue.environment import CallerMistake, Environment, Opening, Parameters

_SHARED = ("seed", "max_steps", "prompt_template")
_UNLISTED = ("_timeout_ms", "_step", "_command_id", "is_open_query")
_WORDS = {str: "a string", int: "a whole number", float: "a finite number", bool: "true or false", dict: "an object"}
_LONGEST_PROMPT = 1 << 20


@dataclass(frozen=True)
class Created:
    params: Parameters
    system: str | None
    user: str | None

    def fill(self, opening: Opening) -> tuple[str, str]:
        """The messages with their slots filled: in the caller's wording where there is one."""
        filled = tuple(_filled(text, opening.slots) for text in (self.system or opening.system, self.user or opening.user))
        if (self.system or self.user) and sum(len(text.encode("utf-8", "surrogatepass")) for text in filled) > _LONGEST_PROMPT:
            raise CallerMistake(f"params.prompt_template becomes longer than {_LONGEST_PROMPT} bytes with its slots filled; that is the limit, so write a shorter one")
        return filled[0], filled[1]


def read_params(environment: Environment, name: str, task_id: str, given: Mapping[str, Any]) -> Created:
    known = sorted({*_SHARED, *environment.parameters})
    for member, value in given.items():
        if value is not None and member not in known and member not in _UNLISTED:
            raise CallerMistake(f"{name} takes no params.{member[:100]}; there is {', '.join(known)}")
    others = {}
    for member, kind in environment.parameters.items():
        if (value := given.get(member)) is not None:
            others[member] = _typed(f"params.{member}", value, kind)
    seed = given.get("seed")
    if seed is not None:
        _typed("params.seed", seed, int)
    system, user = _template(given.get("prompt_template"))
    return Created(Parameters(seed, others, name, task_id), system, user)


def _typed(where: str, value: Any, kind: type) -> Any:
    fits = isinstance(value, (int, float) if kind is float else kind) and (kind is bool or not isinstance(value, bool))
    if not fits or (kind is float and not math.isfinite(value)):
        raise CallerMistake(f"{where} must be {_WORDS.get(kind, kind.__name__)}")
    return float(value) if kind is float else value


def _template(value: Any) -> tuple[str | None, str | None]:
    if value is None:
        return None, None
    if isinstance(value, str):
        return value, None
    if not isinstance(value, dict) or not all(part is None or isinstance(part, str) for part in value.values()) or not {"system", "user"}.issuperset(value):
        raise CallerMistake('params.prompt_template must be a string or an object with "system" and "user"')
    return value.get("system"), value.get("user")


def _filled(text: str, slots: Mapping[str, str]) -> str:
    def value(match: re.Match[str]) -> str:
        slot = match[1].strip()
        if slot not in slots:
            fills = ", ".join(f"{{{{{name}}}}}" for name in sorted(slots)) or "none"
            raise CallerMistake(f"params.prompt_template has the slot {{{{{slot[:100]}}}}}; this environment fills {fills}")
        return slots[slot]

    return re.sub(r"\{\{([^{}]*)\}\}", value, text)
