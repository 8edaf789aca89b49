"""An environment in Python as an image, by the Dockerfile of the page: played, rebuilt after its container was killed, and parked."""

from __future__ import annotations

import os
import re
import shutil
from pathlib import Path

import pytest
from engine import Engine, engine, import_python
from gateway import PACKAGE, PROGRAM, Gateway
from until import until

from sandqueue import SandQueue
from sandqueue.__main__ import main

BASE, IMAGE = "sandqueue-test-python:1", "sandqueue-test-count-up:1"


def test_an_image_is_played_through_recovery_and_parking(tmp_path: Path) -> None:
    if not PROGRAM.exists():
        pytest.skip(f"{PROGRAM} is not built")
    context = tmp_path / "context"
    shutil.copytree(PACKAGE / "sandqueue", context / "python/sandqueue", ignore=shutil.ignore_patterns("__pycache__"))
    assert main(["new", "environment", "count_up", "--folder", str(context / "count_up")]) == 0
    dockerfile = re.search(r"```dockerfile\n(.*?)```", (PACKAGE / "docs/environments.md").read_text(), re.DOTALL)
    assert dockerfile
    (context / "count_up/Dockerfile").write_text(dockerfile[1])
    with engine() as docker:
        import_python(docker, BASE, tmp_path)
        docker.run("build", "-q", "-t", IMAGE, "--build-arg", f"PYTHON={BASE}", "-f", str(context / "count_up/Dockerfile"), str(context))
        gateway = Gateway([], {"count_up": {"Enabled": "true", "Image": IMAGE, "InstancesPerContainer": "1000"}}, {
            "SANDQUEUE_Worker__Runtime": "docker", "SANDQUEUE_DockerRuntime__Host": docker.host, "SANDQUEUE_DockerRuntime__Farm": f"python-{os.getpid()}",
            "SANDQUEUE_Worker__ParkAfter": "00:00:03", "SANDQUEUE_Worker__SweepEvery": "00:00:01",
        })
        try:
            play(gateway, docker)
        finally:
            gateway.stop()
            docker.run("image", "rm", "-f", IMAGE, BASE, check=False)


def play(gateway: Gateway, docker: Engine) -> None:
    def say(number: int) -> str:
        return f'<tool_call>{{"name": "say", "arguments": {{"number": {number}}}}}</tool_call>'

    with SandQueue(gateway.url, deadline=60) as queue, queue.create("count_up", "1", params={"seed": 1}) as one, queue.create("count_up", "1") as other:
        assert one.step(say(1)).observation == "Go on." and other.step(say(3)).observation == "3 does not follow 0."
        docker.run("kill", *docker.run("ps", "-q", "--filter", f"ancestor={IMAGE}").stdout.split())
        goal = int(one.messages[-1]["content"].removeprefix("Count to ").removesuffix("."))
        for number in range(2, goal + 1):
            step = one.step(say(number))
        assert step.is_terminated and one.score() == 1 and queue.find_instance(one.id).recoveries >= 1
        until(lambda: queue.find_instance(other.id).state == "parked", "the idle instance is parked", 60)
        assert other.step(say(1)).observation == "Go on." and other.evaluate().details["count"] == 1
