"""The package as it is published: wheel and sdist, types, and what may be imported by whom."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest
from gateway import PACKAGE, Gateway

SOURCES = sorted((PACKAGE / "sandqueue").rglob("*.py"))


def build(folder: Path, what: str) -> Path:
    """A wheel or an sdist of a folder of sources, by setuptools as it is installed: nothing is downloaded."""
    script = f"from setuptools import build_meta as b; print(b.build_{what}('dist'))"
    built = subprocess.run([sys.executable, "-c", script], cwd=folder, capture_output=True, text=True, timeout=120)
    if "invalid command 'bdist_wheel'" in built.stderr:
        pytest.skip("python3-wheel is not installed")
    assert built.returncode == 0, built.stderr
    return folder / "dist" / built.stdout.strip().splitlines()[-1]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel that is built from the sdist, and so of nothing that is not in it."""
    pytest.importorskip("setuptools")
    copy, unpacked = tmp_path_factory.mktemp("copy") / "python", tmp_path_factory.mktemp("sdist")
    shutil.copytree(PACKAGE, copy, ignore=shutil.ignore_patterns("__pycache__", "*.egg-info", "build", "dist"))
    with tarfile.open(build(copy, "sdist")) as sdist:
        sdist.extractall(unpacked)
    (sources,) = unpacked.iterdir()
    return build(sources, "wheel")


def test_wheel_and_sdist(wheel: Path) -> None:
    names = set(zipfile.ZipFile(wheel).namelist())
    data = ["sandqueue/py.typed", *(f"sandqueue/_new/{path.name}" for path in (PACKAGE / "sandqueue/_new").iterdir())]
    for file in [*(path.relative_to(PACKAGE).as_posix() for path in SOURCES), *data]:
        assert file in names
    assert {name.split("/")[0].partition("-")[0] for name in names} == {"sandqueue"}
    metadata = zipfile.ZipFile(wheel).read(next(name for name in names if name.endswith("METADATA"))).decode()
    assert metadata.count("Requires-Dist") == 1 and "Requires-Dist: httpx" in metadata and "Requires-Python: >=3.10" in metadata


def test_an_empty_virtual_environment(wheel: Path, tmp_path: Path, gateway: Gateway) -> None:
    """Serving needs nothing but the wheel, and a client httpx besides."""
    pytest.importorskip("pip")
    httpx = pytest.importorskip("httpx")
    python = tmp_path / "venv/bin/python"
    variables = {"PATH": os.environ["PATH"], "HOME": str(tmp_path)}

    def run(*arguments: str, **more: str) -> str:
        told = subprocess.run(arguments, cwd=tmp_path, env={**variables, **more}, capture_output=True, text=True, timeout=120)
        assert told.returncode == 0, told.stdout + told.stderr
        return told.stdout

    run(sys.executable, "-m", "venv", "--without-pip", str(tmp_path / "venv"))
    run(sys.executable, "-m", "pip", "--python", str(python), "install", "--no-index", "--no-deps", str(wheel))
    run(str(python), "-m", "sandqueue", "new", "environment", "count_up")
    script = "import count_up; from sandqueue.environment import Parameters; print(count_up.CountUp().create('1', Parameters(0, {}, 'c', '1')).opening().user)"
    assert "Count to " in run(str(python), "-c", script, PYTHONPATH="count_up")
    play = (
        "import sandqueue\nwith sandqueue.SandQueue(%r) as queue, queue.create('guess', '7') as instance:\n"
        "    print(sandqueue.__file__, instance.step('50').observation)" % gateway.url
    )
    told = run(str(python), "-c", play, PYTHONPATH=str(Path(httpx.__file__).parent.parent))
    assert told.startswith(str(tmp_path / "venv")) and "." in told


def test_types_are_strict() -> None:
    if not shutil.which("mypy"):
        pytest.skip("mypy is not installed")
    checked = subprocess.run(["mypy", "--cache-dir", os.devnull], cwd=PACKAGE, capture_output=True, text=True, timeout=400)
    assert checked.returncode == 0, checked.stdout


def test_serving_needs_nothing_but_the_standard_library() -> None:
    script = "import sys, sandqueue.serve, sandqueue.__main__; print([name for name in sys.modules if name.split('.')[0] in ('httpx', 'numpy')])"
    told = subprocess.run([sys.executable, "-c", script], cwd=PACKAGE, capture_output=True, text=True)
    assert told.stdout.strip() == "[]", told.stderr


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.relative_to(PACKAGE).as_posix())
def test_files_are_short(path: Path) -> None:
    assert len(path.read_text().splitlines()) < 400
