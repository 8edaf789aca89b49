from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from gateway import PACKAGE, PROGRAM, Gateway

from sandqueue import SandQueue
from sandqueue.errors import NotAllowed
from sandqueue.__main__ import main

ADMIN = "an-admin-key-of-the-tests"


def test_a_new_environment_is_played_as_it_is(tmp_path: Path) -> None:
    if not PROGRAM.exists():
        pytest.skip(f"{PROGRAM} is not built")
    folder = tmp_path / "count_up"
    assert main(["new", "environment", "count_up", "--folder", str(folder)]) == 0
    assert main(["new", "environment", "count_up", "--folder", str(folder)]) == 1, "nothing is overwritten"
    tested = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", str(folder)], cwd=folder, capture_output=True, text=True, timeout=60,
        env={"PATH": os.environ["PATH"], "PYTHONPATH": f"{PACKAGE}:{folder}"},
    )
    assert tested.returncode == 0, tested.stdout + tested.stderr
    command = json.loads((folder / "environment.json").read_text())["Command"]
    settings = {f"Command__{index}": part for index, part in enumerate(command)}
    gateway = Gateway([], {"count_up": {"Enabled": "true", **settings, "WorkingFolder": str(folder), "Variables__PYTHONPATH": str(PACKAGE)}}, {"SANDQUEUE_API_KEYS": "trainers=a-key-of-the-tests", "SANDQUEUE_ADMIN_KEYS": f"operators={ADMIN}"})
    try:
        check_keys(gateway)
        with SandQueue(gateway.url, ADMIN, deadline=30) as queue, queue.create("count_up", "1") as instance:
            number = 0
            while True:
                number += 1
                step = instance.step(f'<tool_call>{{"name": "say", "arguments": {{"number": {number}}}}}</tool_call>')
                if step.is_terminated:
                    break
            assert instance.score() == 1
    finally:
        gateway.stop()


def check_keys(gateway: Gateway) -> None:
    """Keys are issued and revoked by an administrator, and needed by everybody."""
    with SandQueue(gateway.url, ADMIN) as admin:
        issued = admin.issue_key("anna", name="from Python", days=1)
        assert issued.key and issued.key not in repr(issued) and issued.scope == "use"
        with SandQueue(gateway.url, issued.key) as anna:
            assert anna.environments()[0].env_type == "count_up"
            with pytest.raises(NotAllowed) as forbidden:
                anna.keys()
            assert forbidden.value.code == "forbidden"
        assert [key.id for key in admin.keys("anna")] == [issued.id] and admin.keys("anna")[0].key is None
        assert admin.revoke_key(issued.id)
    with SandQueue(gateway.url) as nobody, pytest.raises(NotAllowed) as unauthenticated:
        nobody.environments()
    assert unauthenticated.value.code == "unauthenticated"


def test_a_name_that_is_none_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    for name, told in [("Not A Name", "lower-case letters"), ("class", "Python's own"), ("json", "Python's own")]:
        assert main(["new", "environment", name]) == 2
        assert told in capsys.readouterr().err
