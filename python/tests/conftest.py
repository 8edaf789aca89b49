from __future__ import annotations

import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
sys.path.insert(0, str(Path(__file__).resolve().parent))
sys.path.insert(0, str(Path(__file__).resolve().parent / "environments"))

from gateway import PROGRAM, Gateway, python_environment  # noqa: E402

from sandqueue import SandQueue  # noqa: E402


@pytest.fixture(scope="session")
def gateway() -> Iterator[Gateway]:
    """One gateway for all tests that do not kill it."""
    if not PROGRAM.exists() or not shutil.which("dotnet"):
        pytest.skip(f"{PROGRAM} is not built")
    started = Gateway(["frozenlake", "faulty"], {
        "guess": python_environment("guess:Guess"),
        "shop": python_environment("shop:Shop"),
        "trial": python_environment("trial:Trial", Young="false"),
        "trial_unreplayable": python_environment("trial:TrialUnreplayable", Young="false"),
    }, {"SANDQUEUE_Worker__ParkAfter": "00:00:02", "SANDQUEUE_Worker__SweepEvery": "00:00:01"})
    yield started
    started.stop()


@pytest.fixture()
def queue(gateway: Gateway) -> Iterator[SandQueue]:
    with SandQueue(gateway.url, deadline=30) as client:
        yield client
