"""What the pages show runs as it stands there."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from gateway import PACKAGE, Gateway

from sandqueue.environment import Parameters
from sandqueue.messages import read_message

PAGES = [PACKAGE / "README.md", *sorted((PACKAGE / "docs").glob("*.md"))]


def python_blocks(page: Path) -> list[str]:
    return re.findall(r"```python\n(.*?)```", page.read_text(), re.DOTALL)


def test_the_first_rollout(gateway: Gateway, capsys: pytest.CaptureFixture[str]) -> None:
    first = python_blocks(PACKAGE / "README.md")[0]
    assert len(first.strip().splitlines()) <= 10
    exec(compile(first.replace("http://127.0.0.1:8080", gateway.url), "README.md", "exec"), {})
    printed = capsys.readouterr().out
    assert "A . H ." in printed and "1.0" in printed.splitlines()[-1] and "goal" in printed


def test_the_environment_of_ten_minutes() -> None:
    names: dict[str, Any] = {"__name__": "page"}
    # Types of a module are looked up by its name.
    exec(compile(python_blocks(PACKAGE / "docs/environments.md")[0], "environments.md", "exec"), names)
    instance = names["CountUp"]().create("1", Parameters(0, {}, "count_up", "1"))
    for number in range(1, instance.goal + 1):
        seen = instance.step(read_message({"content": f'<tool_call>{{"name": "say", "arguments": {{"number": {number}}}}}</tool_call>'}))
    assert seen.end_reason == "counted" and instance.evaluate() == 1


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_blocks_are_python_and_links_lead_somewhere(page: Path) -> None:
    for block in python_blocks(page):
        compile(block, page.name, "exec")
    for link in re.findall(r"\]\(([^)#]+)\)", page.read_text()):
        assert link.startswith("http") or (page.parent / link).exists(), link
