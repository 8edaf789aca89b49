"""The built gateway as a process of its own: embedded, with a port and folders that nobody else has."""

from __future__ import annotations

import itertools
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
from pathlib import Path

PACKAGE = Path(__file__).resolve().parent.parent
REPOSITORY = PACKAGE.parent
PROGRAM = Path(os.environ.get("SANDQUEUE_TEST_GATEWAY", REPOSITORY / "src/Gateway/bin/Debug/net10.0/SandQueue.Gateway.dll"))
BUILT_IN = [folder.name for folder in (REPOSITORY / "environments").iterdir() if (folder / "environment.json").exists()]
START_LIMIT = 180.0


_ports = itertools.count(os.getpid() * 97)


def free_port() -> int:
    """Below the ports that the system gives to who asks for any: until a program listens there, it is given to nobody else."""
    for number in itertools.islice(_ports, 20_000):
        port = 10_000 + number % 20_000
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port
    raise RuntimeError("all ports from 10000 to 29999 are taken")


def python_environment(target: str, **settings: str) -> dict[str, str]:
    """The settings of an environment that ``sandqueue.serve`` serves from the folder of the tests."""
    return {
        "Enabled": "true",
        "Command__0": sys.executable, "Command__1": "-m", "Command__2": "sandqueue.serve", "Command__3": target,
        "WorkingFolder": str(PACKAGE / "tests" / "environments"), "Variables__PYTHONPATH": str(PACKAGE),
        "InstancesPerContainer": "1000", "MaxContainers": "2", **settings,
    }


class Gateway:
    def __init__(self, serves: list[str], environments: dict[str, dict[str, str]] | None = None, settings: dict[str, str] | None = None) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="sandqueue-test-"))
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self._settings = {f"SANDQUEUE_Worker__Environments__{name}__Enabled": "true" if name in serves else "false" for name in BUILT_IN}
        for name, members in (environments or {}).items():
            self._settings.update({f"SANDQUEUE_Worker__Environments__{name}__{member}": value for member, value in members.items()})
        self._settings.update(settings or {})
        self.output: list[str] = []
        self.start()

    @property
    def process_id(self) -> int:
        return self._process.pid

    def start(self) -> None:
        for name in ("home", "tmp", "data"):
            (self.folder / name).mkdir(exist_ok=True)
        # A socket's path may have 107 bytes, so the folder of temporary files has a short one.
        variables = {
            "PATH": os.environ["PATH"], "HOME": str(self.folder / "home"), "TMPDIR": str(self.folder / "tmp"), "DOTNET_EnableDiagnostics": "0", **self._settings,
            **{name: value for name in ("DOTNET_ROOT",) if (value := os.environ.get(name))},
        }
        command = ["dotnet", "exec", str(PROGRAM), "--listen", f"127.0.0.1:{self.port}", "--data", str(self.folder / "data")]
        self._process = subprocess.Popen(command, env=variables, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        self.output.clear()
        up = threading.Event()
        threading.Thread(target=self._read, args=(up,), daemon=True).start()
        if not up.wait(START_LIMIT) or not any(" ends it." in line for line in self.output):
            self.kill()
            raise RuntimeError("the gateway did not start; it printed:\n" + "".join(self.output[-50:]))

    def kill(self) -> None:
        self._process.send_signal(signal.SIGKILL)
        self._process.wait(10)

    def stop(self) -> None:
        if self._process.poll() is None:
            self._process.terminate()
            try:
                self._process.wait(10)
            except subprocess.TimeoutExpired:
                self.kill()
        shutil.rmtree(self.folder, ignore_errors=True)

    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """A command of the program beside the one that runs, on the same data and settings."""
        variables = {"PATH": os.environ["PATH"], "HOME": str(self.folder / "home"), "TMPDIR": str(self.folder / "tmp"), **self._settings}
        return subprocess.run(["dotnet", "exec", str(PROGRAM), *arguments, "--data", str(self.folder / "data")], env=variables, capture_output=True, text=True, timeout=60)

    def server_ids(self, marker: str) -> list[int]:
        """The processes below the gateway whose command line has the marker."""
        found = []
        for folder in Path("/proc").iterdir():
            if folder.name.isdigit() and self._is_below(int(folder.name)):
                try:
                    command = (folder / "cmdline").read_bytes().decode(errors="replace")
                except OSError:
                    continue
                if marker in command and not command.startswith("/bin/sh"):
                    found.append(int(folder.name))
        return found

    def _is_below(self, process_id: int) -> bool:
        while process_id > 1:
            if process_id == self._process.pid:
                return True
            try:
                process_id = int(Path(f"/proc/{process_id}/stat").read_text().rpartition(")")[2].split()[1])
            except (OSError, ValueError):
                return False
        return False

    def _read(self, up: threading.Event) -> None:
        stdout = self._process.stdout
        assert stdout
        for line in stdout:
            self.output.append(line)
            if " ends it." in line:
                up.set()
        up.set()
