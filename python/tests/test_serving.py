"""The server of Python environments as a process, asked as a worker asks it."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

import pytest
from gateway import PACKAGE
from until import until


class OverSocket(HTTPConnection):
    def __init__(self, path: str) -> None:
        super().__init__("localhost", timeout=10)
        self._path = path

    def connect(self) -> None:
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.settimeout(10)
        self.sock.connect(self._path)

    def ask(self, path: str, body: Any = None) -> tuple[int, Any]:
        text = body if isinstance(body, (bytes, type(None))) else json.dumps(body)
        self.request("GET" if body is None else "POST", path, text)
        answer = self.getresponse()
        told = answer.read()
        return answer.status, told.decode() if path == "/healthz" else json.loads(told)


def start(target: str, *arguments: str, **variables: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "sandqueue.serve", target, *arguments]
    environment = {"PATH": os.environ["PATH"], "PYTHONPATH": str(PACKAGE), **variables}
    return subprocess.Popen(command, cwd=PACKAGE / "tests/environments", env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def listens(connection: OverSocket) -> bool:
    try:
        connection.connect()
    except OSError:
        return False
    return True


@pytest.fixture()
def server(tmp_path: Path) -> Iterator[tuple[subprocess.Popen[str], OverSocket]]:
    path = str(tmp_path / "s")
    process = start("trial:Trial", "--die-with-parent", SANDQUEUE_SOCKET=path, SANDQUEUE_ENVIRONMENT="trial")
    connection = OverSocket(path)
    until(lambda: listens(connection), "the server listens")
    yield process, connection
    process.kill()
    process.wait()


def test_the_verbs(server: tuple[subprocess.Popen[str], OverSocket]) -> None:
    _, ask = server[0], server[1].ask
    assert ask("/healthz") == (200, "OK")
    described = ask("/environments")[1]["data"][0]
    assert described["env_type"] == "trial" and described["replayable"] == "yes" and described["splits"] == {"train": 10}
    assert ask("/get_env_profile", {"params": {}})[1]["data"][:2] == ["0", "1"]
    status, created = ask("/create", {"env_type": "trial", "task_id": "1", "instance_id": "a", "params": {"seed": 4}})
    assert status == 200 and created["data"]["info"]["provenance"]["seed"] == 4 and created["data"]["info"]["tools"][0]["function"]["name"] == "do"
    assert ask("/create", {"task_id": "1", "instance_id": "a"})[0] == 400
    stepped = ask("/step", {"instance_id": "a", "messages": {"role": "assistant", "content": "say \ud800"}})[1]["data"]
    assert stepped["state"] == [{"role": "user", "content": "1: \ud800"}] and stepped["is_terminated"] is False
    assert ask("/evaluate", {"instance_id": "a", "params": {"sparse": True}})[1] == {"success": True, "data": 0.0}
    assert ask("/release", {"instance_id": "a"})[1] == {"success": True, "data": None}
    assert ask("/release", {"instance_id": "a"})[1]["success"] is False


def test_a_release_waits_for_nobody(server: tuple[subprocess.Popen[str], OverSocket], tmp_path: Path) -> None:
    other = OverSocket(str(tmp_path / "s"))
    server[1].ask("/create", {"task_id": "1", "instance_id": "a"})
    server[1].request("POST", "/step", json.dumps({"instance_id": "a", "messages": {"content": "hang 3"}}))
    until(lambda: longest_call(other) > 0, "the step runs")
    assert other.ask("/release", {"instance_id": "a"})[1]["success"] is True
    assert longest_call(other) < 3000, "the step still runs"
    assert other.ask("/step", {"instance_id": "a", "messages": {"content": "say x"}})[0] == 400


def longest_call(connection: OverSocket) -> int:
    connection.request("GET", "/healthz")
    answer = connection.getresponse()
    answer.read()
    return int(answer.headers["Sandqueue-Longest-Call-Ms"])


@pytest.mark.parametrize("path, body, status, detail", [
    ("/step", {"instance_id": "ghost", "messages": {"content": "x"}}, 400, "there is no instance 'ghost'"), ("/step", {"instance_id": "ghost"}, 400, "a step needs"),
    ("/step", b"{", 400, "the body is not JSON"), ("/step", b"[1]", 400, "must be a JSON object"), ("/step", b'{"a":' + b"[" * 100_000, 400, "nested too deep"),
    ("/create", {"task_id": "", "instance_id": "a"}, 400, "task_id must be a string"), ("/nowhere", {}, 404, "Not Found"),
    ("/get_env_profile", {"params": {"split": "test"}}, 400, "no split 'test'; there is train"),
])
def test_what_is_wrong_is_told(server: tuple[subprocess.Popen[str], OverSocket], path: str, body: Any, status: int, detail: str) -> None:
    told = server[1].ask(path, body)
    assert told[0] == status and detail in told[1]["detail"]


def test_it_ends_when_its_standard_input_does(server: tuple[subprocess.Popen[str], OverSocket]) -> None:
    process = server[0]
    assert process.stdin
    process.stdin.close()
    assert process.wait(5) == 0


def test_it_ends_by_a_signal(server: tuple[subprocess.Popen[str], OverSocket]) -> None:
    server[0].send_signal(signal.SIGTERM)
    assert server[0].wait(5) == 0


def test_a_port_is_listened_on_and_told() -> None:
    process = start("guess:Guess", "--port", "0")
    assert process.stdout
    port = int(process.stdout.readline().split()[-1])
    connection = HTTPConnection("127.0.0.1", port, timeout=10)
    connection.request("GET", "/healthz")
    assert connection.getresponse().read() == b"OK"
    process.kill()
    process.communicate()


@pytest.mark.parametrize("target, told", [
    ("guess", "write module:Class"), ("nowhere:X", "No module named 'nowhere'"), ("guess:Game", "does not derive from sandqueue.environment.Environment"),
])
def test_what_cannot_be_served_is_one_line(target: str, told: str) -> None:
    process = start(target, "--port", "0")
    _, errors = process.communicate(timeout=10)
    assert process.returncode == 2 and told in errors and errors.count("\n") == 1
