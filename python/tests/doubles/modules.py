"""Puts a double in the place of a trainer's module."""

from __future__ import annotations

import sys
import types
from typing import Any


def install(name: str, **members: Any) -> types.ModuleType:
    parts = name.split(".")
    for end in range(1, len(parts) + 1):
        part = ".".join(parts[:end])
        if part not in sys.modules:
            sys.modules[part] = types.ModuleType(part)
            if end > 1:
                setattr(sys.modules[".".join(parts[: end - 1])], parts[end - 1], sys.modules[part])
    for member, value in members.items():
        setattr(sys.modules[name], member, value)
    return sys.modules[name]


class Tokens:
    """A tokenizer whose tokens are characters; its template writes a turn as ``[role]text``, ended by the token ``]``."""

    eos_token = "\x03"

    def __call__(self, text: str, add_special_tokens: bool = True) -> dict[str, list[int]]:
        return {"input_ids": [ord(one) for one in text]}

    def decode(self, ids: list[int], skip_special_tokens: bool = False) -> str:
        return "".join(chr(one) for one in ids if not (skip_special_tokens and one == 3))

    def apply_chat_template(self, messages: list[dict[str, Any]], tools: Any = None, add_generation_prompt: bool = False, tokenize: bool = True) -> Any:
        text = (f"<tools {len(tools)}>" if tools else "") + "".join(f"<{one['role']}>{one['content']}\x03\n" for one in messages)
        text += "<assistant>" if add_generation_prompt else ""
        return [ord(one) for one in text] if tokenize else text
