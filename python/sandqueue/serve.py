"""
Serves an environment: ``python -m sandqueue.serve module:Class``. It listens on the Unix socket or port that a worker names by
SANDQUEUE_SOCKET or PORT, unless ``--socket`` or ``--port`` say otherwise.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import importlib
import os
import signal
import sys
import threading

from sandqueue._serving.http import listen
from sandqueue._serving.service import EnvironmentService
from sandqueue.environment import Environment

_GRACE = 1.0
"""Seconds in which instances may close when the server ends."""


def main(arguments: list[str] | None = None) -> int:
    options = _parser().parse_args(arguments)
    if "PYTHONHASHSEED" not in os.environ and arguments is None:
        # The order of a set of texts would differ from process to process, and with it what a replay says.
        os.execve(sys.executable, sys.orig_argv, {**os.environ, "PYTHONHASHSEED": "0"})
    socket, port = _where(options)
    if socket is None and port is None:
        print("sandqueue.serve: where to listen? Give --socket PATH or --port NUMBER; a worker gives SANDQUEUE_SOCKET and PORT", file=sys.stderr)
        return 2
    try:
        environment = load(options.target)
    except (ImportError, AttributeError, TypeError, ValueError) as wrong:
        print(f"sandqueue.serve: {options.target} cannot be served: {type(wrong).__name__}: {wrong}", file=sys.stderr)
        return 2
    name = options.environment or os.environ.get("SANDQUEUE_ENVIRONMENT") or environment.name or type(environment).__name__.lower()
    asyncio.run(_serve(EnvironmentService(environment, name, options.threads), socket, options.host, port or 0, options.die_with_parent))
    return 0


def load(target: str) -> Environment:
    """The environment that ``module:Class`` names; modules of the current folder come first."""
    module, colon, name = target.partition(":")
    if not colon or not name:
        raise ValueError("write module:Class")
    if os.getcwd() not in sys.path:
        sys.path.insert(0, os.getcwd())
    kind = getattr(importlib.import_module(module), name)
    if not isinstance(kind, type) or not issubclass(kind, Environment):
        raise TypeError(f"{name} does not derive from sandqueue.environment.Environment")
    return kind()


async def _serve(service: EnvironmentService, socket: str | None, host: str, port: int, die_with_parent: bool) -> None:
    stop, loop = asyncio.Event(), asyncio.get_running_loop()
    loop.add_signal_handler(signal.SIGTERM, stop.set)
    # Ctrl-C in a terminal reaches children too; one that has a parent waits for it.
    loop.add_signal_handler(signal.SIGINT, (lambda: None) if die_with_parent else stop.set)
    if die_with_parent:
        threading.Thread(target=_await_parent, args=(loop, stop), daemon=True).start()
    server = await listen(service.handle, socket, host, port)
    if not socket:
        print(f"listening on port {server.sockets[0].getsockname()[1]}", flush=True)  # type: ignore[attr-defined]
    await stop.wait()
    server.close()
    with contextlib.suppress(asyncio.TimeoutError):
        await asyncio.wait_for(service.close(), _GRACE)
    if socket:
        with contextlib.suppress(FileNotFoundError):
            os.unlink(socket)
    # A call that hangs in a thread may hold the process: it ends all the same.
    sys.stdout.flush()
    os._exit(0)


def _await_parent(loop: asyncio.AbstractEventLoop, stop: asyncio.Event) -> None:
    while os.read(0, 64):
        pass
    loop.call_soon_threadsafe(stop.set)


def _where(options: argparse.Namespace) -> tuple[str | None, int | None]:
    if options.socket or options.port is not None:
        return options.socket, options.port
    named = os.environ.get("PORT")
    return os.environ.get("SANDQUEUE_SOCKET"), int(named) if named else None


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m sandqueue.serve", description="Serves an environment by the environment-service protocol.")
    parser.add_argument("target", help="the class, as module:Class")
    parser.add_argument("--socket", help="a Unix socket to listen on (default: SANDQUEUE_SOCKET)")
    parser.add_argument("--port", type=int, help="a port to listen on; 0 takes a free one and prints it (default: PORT)")
    parser.add_argument("--host", default=os.environ.get("HOST", "127.0.0.1"), help="the address of the port (default: HOST, or the loopback)")
    parser.add_argument("--environment", help="the env_type (default: SANDQUEUE_ENVIRONMENT, or the name of the class)")
    parser.add_argument("--threads", type=int, default=32, help="calls that run side by side where they are not async (32)")
    parser.add_argument("--die-with-parent", action="store_true", help="end when standard input does")
    return parser


if __name__ == "__main__":
    sys.exit(main())
