"""A Docker engine for tests: the machine's own where it answers, or one in a folder of its own; and an image of this machine's Python."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import sysconfig
import tarfile
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from until import until


class Engine:
    def __init__(self, host: str) -> None:
        self.host = host

    def answers(self) -> bool:
        return self.run("info", "--format", "{{.ID}}", check=False).returncode == 0

    def run(self, *arguments: str, check: bool = True) -> subprocess.CompletedProcess[str]:
        told = subprocess.run(
            ["docker", "--host", self.host, *arguments], capture_output=True, text=True, timeout=300, env={**os.environ, "DOCKER_BUILDKIT": "0"},
        )
        assert not check or told.returncode == 0, told.stdout + told.stderr
        return told


@contextmanager
def engine() -> Iterator[Engine]:
    if not shutil.which("docker"):
        pytest.skip("docker is not installed")
    own = Engine(os.environ.get("DOCKER_HOST", "unix:///var/run/docker.sock"))
    if own.answers():
        yield own
        return
    if os.geteuid() != 0 or not shutil.which("dockerd"):
        pytest.skip("no Docker engine answers, and none can be started: set DOCKER_HOST, or run as root where dockerd is installed")
    folder = Path(tempfile.mkdtemp(prefix="sandqueue-engine-"))
    started = Engine(f"unix://{folder}/docker.sock")
    # It changes nothing of the machine's networks: the containers of the test have none.
    command = ["dockerd", "--data-root", f"{folder}/data", "--exec-root", f"{folder}/exec", "--pidfile", f"{folder}/pid", "--host", started.host]
    with open(folder / "log", "w", encoding="utf-8") as log:
        process = subprocess.Popen([*command, "--bridge", "none", "--iptables=false"], stdin=subprocess.DEVNULL, stdout=log, stderr=log)
    try:
        until(lambda: process.poll() is not None or started.answers(), "the engine answers", 60)
        if process.poll() is not None:
            pytest.skip("dockerd cannot run here: " + (folder / "log").read_text()[-300:])
        yield started
    finally:
        process.terminate()
        process.wait(60)
        for mount in [line.split()[1] for line in Path("/proc/mounts").read_text().splitlines() if line.split()[1].startswith(f"{folder}/")][::-1]:
            subprocess.run(["umount", "-l", mount], check=False)
        shutil.rmtree(folder, ignore_errors=True)


def import_python(docker: Engine, tag: str, folder: Path) -> None:
    """An image with this Python and its standard library alone: what python:3-slim is where there is a registry."""
    library, program = Path(sysconfig.get_path("stdlib")), Path(os.path.realpath(sys.executable))
    needed = {program, *(path.resolve() for path in (library / "lib-dynload").glob("*.so"))}
    linked = subprocess.run(["ldd", *map(str, needed)], capture_output=True, text=True, check=False).stdout
    shared = set(re.findall(r"(?:=> |^\s+)(/\S+) \(0x", linked, re.MULTILINE))

    def kept(info: tarfile.TarInfo) -> tarfile.TarInfo | None:
        parts = Path(info.name).parts
        return None if {"__pycache__", "test", "dist-packages", "site-packages", "ensurepip", "idlelib", "tkinter"} & set(parts) else info

    with tarfile.open(folder / "python.tar", "w", dereference=True) as root:
        for path in shared:
            root.add(path)
        root.add(program, "usr/bin/python3")
        root.add(library, str(library), filter=kept)
    docker.run("import", str(folder / "python.tar"), tag)
