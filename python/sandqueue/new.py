"""Writes a new environment: ``python -m sandqueue.new NAME`` makes a folder that a worker can serve as it is."""

from __future__ import annotations

import argparse
import json
import re
import sys
from pathlib import Path

_MODULE = '''"""{title}: count to a number, one tool call at a time. Replace this game by yours."""

from __future__ import annotations

from sandqueue.environment import AgentMistake, CallerMistake, Environment, Evaluation, Instance, Observation, Opening, Parameters, tool


class {title}Instance(Instance):
    """One episode. It has all of its state; instances share nothing."""

    def __init__(self, goal: int) -> None:
        self.goal, self.count = goal, 0

    def opening(self) -> Opening:
        return Opening("You count. Use the tool.", f"Count to {{self.goal}}.")

    @tool
    def say(self, number: int) -> Observation:
        """
        Says the next number.

        Args:
            number: The number after the last one.
        """
        if number != self.count + 1:
            raise AgentMistake(f"{{number}} does not follow {{self.count}}.")
        self.count = number
        if self.count == self.goal:
            return Observation("That was the last one.", reward=1.0, end_reason="counted")
        return Observation("Go on.")

    def evaluate(self) -> Evaluation:
        return Evaluation(float(self.count == self.goal), {{"count": self.count}})


class {title}(Environment):
    """Task n is to count to a number drawn from n and the seed."""

    name = "{name}"
    unlimited = True

    def tasks(self, split: str) -> list[str]:
        return [str(task) for task in range(100)]

    def create(self, task_id: str, params: Parameters) -> {title}Instance:
        if not task_id.isdecimal():
            raise CallerMistake(f"{name} has no task {{task_id!r}}; ids are numbers")
        return {title}Instance(params.random().randrange(2, 6))
'''

_TEST = '''"""python -m pytest, without a farm."""

from {name} import {title}
from sandqueue.environment import Parameters
from sandqueue.messages import read_message


def test_counting() -> None:
    instance = {title}().create("1", Parameters(0, {{}}, "{name}", "1"))
    assert instance.evaluate().score == 0
    for number in range(1, instance.goal + 1):
        call = {{"function": {{"name": "say", "arguments": {{"number": number}}}}}}
        seen = instance.call_tools(read_message({{"content": "", "tool_calls": [call]}}))
    assert seen.end_reason == "counted" and instance.evaluate().score == 1
'''

_README = '''# {name}

An environment for SandQueue. Copy or link this folder to `environments/{name}` beside the worker's program, or name it in the settings, and start the
gateway; `sandqueue` has to be importable for `python3`, or its folder named in `Variables` (`PYTHONPATH`).

```sh
python3 -m sandqueue.serve {name}:{title} --port 8765   # by hand
curl -s localhost:8765/create -d '{{"task_id": "1", "instance_id": "a"}}'
```

Measure that it is deterministic once a few episodes were played: `determinism {name}` of the gateway's program.
'''


def write(name: str, folder: Path) -> list[Path]:
    """Writes the files and gives their paths. Nothing that is there is overwritten."""
    title = "".join(part.capitalize() for part in name.split("_"))
    settings = {"Command": ["python3", "-m", "sandqueue.serve", f"{name}:{title}"], "InstancesPerContainer": 1000, "MaxContainers": 2}
    files = {
        f"{name}.py": _MODULE.format(name=name, title=title), f"test_{name}.py": _TEST.format(name=name, title=title),
        "environment.json": json.dumps(settings, indent=2) + "\n", "README.md": _README.format(name=name, title=title),
    }
    folder.mkdir(parents=True, exist_ok=True)
    there = [file for file in files if (folder / file).exists()]
    if there:
        raise FileExistsError(f"{folder} has {', '.join(there)} already")
    for file, text in files.items():
        (folder / file).write_text(text, encoding="utf-8")
    return [folder / file for file in files]


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m sandqueue.new", description="Writes a new environment into a folder of its name.")
    parser.add_argument("name", help="the env_type: lower-case letters, digits and underscores")
    parser.add_argument("--folder", type=Path, help="where (default: the name)")
    options = parser.parse_args(arguments)
    if not re.fullmatch("[a-z][a-z0-9_]{0,49}", options.name):
        print(f"sandqueue.new: {options.name!r} is no name: write lower-case letters, digits and underscores", file=sys.stderr)
        return 2
    try:
        for path in write(options.name, options.folder or Path(options.name)):
            print(path)
    except OSError as wrong:
        print(f"sandqueue.new: {wrong}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
