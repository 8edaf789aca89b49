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
from gateway import PACKAGE

SOURCES = sorted((PACKAGE / "sandqueue").rglob("*.py"))


def test_wheel_and_sdist(tmp_path: Path) -> None:
    pytest.importorskip("setuptools")
    copy = tmp_path / "copy"
    shutil.copytree(PACKAGE, copy, ignore=shutil.ignore_patterns("__pycache__", "tests", "*.egg-info", "build", "dist"))
    script = "from setuptools import build_meta as b; b.build_wheel('dist'); b.build_sdist('dist')"
    built = subprocess.run([sys.executable, "-c", script], cwd=copy, capture_output=True, text=True, timeout=120)
    if "invalid command 'bdist_wheel'" in built.stderr:
        pytest.skip("python3-wheel is not installed")
    assert built.returncode == 0, built.stderr
    wheel, sdist = next((copy / "dist").glob("*.whl")), next((copy / "dist").glob("*.tar.gz"))
    names = set(zipfile.ZipFile(wheel).namelist())
    for file in [*(path.relative_to(PACKAGE).as_posix() for path in SOURCES), "sandqueue/py.typed"]:
        assert file in names
    assert not any(name.startswith("tests") for name in names)
    metadata = zipfile.ZipFile(wheel).read(next(name for name in names if name.endswith("METADATA"))).decode()
    assert metadata.count("Requires-Dist") == 1 and "Requires-Dist: httpx" in metadata and "Requires-Python: >=3.10" in metadata
    assert any(name.endswith("sandqueue/serve.py") for name in tarfile.open(sdist).getnames())
    loaded = subprocess.run([sys.executable, "-c", "import sandqueue; print(sandqueue.SandQueue)"], cwd=tmp_path, env={"PYTHONPATH": str(wheel)}, capture_output=True, text=True)
    assert "sandqueue.client.SandQueue" in loaded.stdout, loaded.stderr


def test_types_are_strict() -> None:
    if not shutil.which("mypy"):
        pytest.skip("mypy is not installed")
    checked = subprocess.run(["mypy", "--cache-dir", os.devnull], cwd=PACKAGE, capture_output=True, text=True, timeout=120)
    assert checked.returncode == 0, checked.stdout


def test_serving_needs_nothing_but_the_standard_library() -> None:
    script = "import sys, sandqueue.serve, sandqueue.new; print([name for name in sys.modules if name.split('.')[0] in ('httpx', 'numpy')])"
    told = subprocess.run([sys.executable, "-c", script], cwd=PACKAGE, capture_output=True, text=True)
    assert told.stdout.strip() == "[]", told.stderr


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.relative_to(PACKAGE).as_posix())
def test_files_are_short(path: Path) -> None:
    assert len(path.read_text().splitlines()) < 400
