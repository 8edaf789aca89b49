"""What the pages show runs as it stands there."""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path
from typing import Any

import pytest
from gateway import PACKAGE, PROGRAM, Gateway

from sandqueue.__main__ import main
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


def test_a_batch_and_an_export(gateway: Gateway, capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (followed,) = [block for block in python_blocks(PACKAGE / "README.md") if "batch.progress()" in block]
    exec(compile(followed.replace("http://127.0.0.1:8080", gateway.url), "README.md", "exec"), {})
    printed = capsys.readouterr().out
    assert "40 of 40" in printed and printed.count(" 1.0") >= 40
    assert len((tmp_path / "sft.jsonl").read_text().splitlines()) == 40


def test_what_many_steps_end_with(gateway: Gateway, capsys: pytest.CaptureFixture[str]) -> None:
    (many,) = [block for block in python_blocks(PACKAGE / "README.md") if "step_many" in block]
    exec(compile(many.replace("http://127.0.0.1:8080", gateway.url), "README.md", "exec"), {})
    assert capsys.readouterr().out.count("You ") >= 8


def test_the_environment_of_ten_minutes() -> None:
    names: dict[str, Any] = {"__name__": "page"}
    # Types of a module are looked up by its name.
    exec(compile(python_blocks(PACKAGE / "docs/environments.md")[0], "environments.md", "exec"), names)
    instance = names["CountUp"]().create("1", Parameters(0, {}, "count_up", "1"))
    for number in range(1, instance.goal + 1):
        seen = instance.step(read_message({"content": f'<tool_call>{{"name": "say", "arguments": {{"number": {number}}}}}</tool_call>'}))
    assert seen.end_reason == "counted" and instance.evaluate() == 1


def test_the_ten_minutes_are_played_as_they_stand(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """What the page writes and plays, with its own settings; the commands that build and install are those of other tests."""
    if not PROGRAM.exists():
        pytest.skip(f"{PROGRAM} is not built")
    assert main(["new", "environment", "count_up", "--folder", str(tmp_path / "count_up")]) == 0
    page = PACKAGE / "docs/environments.md"
    settings = json.loads((tmp_path / "count_up/environment.json").read_text())
    assert settings == json.loads(re.findall(r"```json\n(.*?)```", page.read_text(), re.DOTALL)[0])
    command = {f"Command__{place}": part for place, part in enumerate([sys.executable, *settings.pop("Command")[1:]])}
    given = {name: str(value) for name, value in settings.items()}
    gateway = Gateway([], {"count_up": {"Enabled": "true", **command, **given, "WorkingFolder": str(tmp_path / "count_up"), "Variables__PYTHONPATH": str(PACKAGE)}})
    try:
        exec(compile(python_blocks(page)[1].replace("http://127.0.0.1:8080", gateway.url), page.name, "exec"), {})
        printed = capsys.readouterr().out
        assert "Count to " in printed and "Go on." in printed and "20 of 20" in printed and "'values': 20" in printed, printed
        measured = gateway.run("determinism", "count_up")
        assert measured.returncode == 0 and '"share":1' in measured.stdout, measured.stdout + measured.stderr
    finally:
        gateway.stop()


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_blocks_are_python_and_links_lead_somewhere(page: Path) -> None:
    for block in python_blocks(page):
        compile(block, page.name, "exec")
    for link in re.findall(r"\]\(([^)#]+)\)", page.read_text()):
        assert link.startswith("http") or (page.parent / link).exists(), link
