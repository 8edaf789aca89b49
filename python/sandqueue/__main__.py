"""``python -m sandqueue new environment NAME`` writes a folder that a worker serves as it is."""

from __future__ import annotations

import argparse
import keyword
import re
import sys
from importlib.resources import files
from pathlib import Path


def write_environment(name: str, folder: Path) -> list[Path]:
    """Writes the files and gives their paths. Nothing that is there is overwritten."""
    title = "".join(part.capitalize() for part in name.split("_"))
    names = {"environment.py.txt": f"{name}.py", "test.py.txt": f"test_{name}.py", "environment.json.txt": "environment.json", "README.md.txt": "README.md"}
    folder.mkdir(parents=True, exist_ok=True)
    there = [file for file in names.values() if (folder / file).exists()]
    if there:
        raise FileExistsError(f"{folder} has {', '.join(there)} already; name another folder by --folder")
    for source, file in names.items():
        text = (files("sandqueue") / "_new" / source).read_text(encoding="utf-8")
        (folder / file).write_text(text.replace("{{name}}", name).replace("{{title}}", title), encoding="utf-8")
    return [folder / file for file in names.values()]


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m sandqueue", description="Writes what an environment in Python begins with.")
    new = parser.add_subparsers(title="commands", required=True).add_parser("new", help="write something new").add_subparsers(title="what", required=True)
    environment = new.add_parser("environment", help="a folder with an environment that runs, its settings and a test")
    environment.add_argument("name", help="the env_type: lower-case letters, digits and underscores")
    environment.add_argument("--folder", type=Path, help="where (default: the name)")
    options = parser.parse_args(arguments)
    if not re.fullmatch("[a-z][a-z0-9_]{0,49}", options.name):
        print(f"sandqueue: {options.name!r} is no name: write lower-case letters, digits and underscores, and a letter first", file=sys.stderr)
        return 2
    if keyword.iskeyword(options.name) or options.name in sys.stdlib_module_names or options.name == "sandqueue":
        print(f"sandqueue: {options.name!r} is a word or a module of Python's own; take another name", file=sys.stderr)
        return 2
    try:
        for path in write_environment(options.name, options.folder or Path(options.name)):
            print(path)
    except OSError as wrong:
        print(f"sandqueue: {wrong}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
