"""Servers that search: Milvus Lite and the real Milvus, started for a test session where they are installed, and any other by its address."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path

import pytest

SERVERS = ("lite", "real", "given")
_PORTS_OF_THE_REAL_ONE = (2379, 2380, 9091)  # it listens on them whatever it is told


@contextmanager
def server(kind: str, folder: Path) -> Iterator[str]:
    """The address of a server; the test is skipped, with the reason, where it cannot be had.

    Args:
        kind: "lite", "real", or "given" for the one that SCALE_TEST_URI names.
        folder: for its data.
    """
    if find_spec("pymilvus") is None:
        pytest.skip("pymilvus is not installed: pip install 'askjapan[scale,scale-test]'")
    if kind == "given":
        if not (address := os.environ.get("SCALE_TEST_URI", "")):
            pytest.skip("SCALE_TEST_URI names no server")
        yield address
        return
    if find_spec({"lite": "milvus_lite", "real": "milvus"}[kind]) is None:
        pytest.skip(f"the server {kind!r} is not installed: pip install 'askjapan[scale-test]'")
    with _lite(folder) if kind == "lite" else _real(folder) as address:
        yield address


@contextmanager
def _lite(folder: Path) -> Iterator[str]:
    port = _free_port()
    program = Path(sys.executable).with_name("milvus-lite")
    command = [program, "server", "--data-dir", folder, "--host", "127.0.0.1", "--port", str(port)]
    with (folder / "log").open("wb") as log, subprocess.Popen(command, stdout=log, stderr=log) as process:
        try:
            _wait_for(port, process)
            yield f"http://127.0.0.1:{port}"
        finally:
            process.terminate()


@contextmanager
def _real(folder: Path) -> Iterator[str]:
    from milvus import MilvusServer

    if taken := [port for port in _PORTS_OF_THE_REAL_ONE if _is_taken(port)]:
        pytest.skip(f"Milvus needs port {taken[0]}, which is taken")
    started = MilvusServer()
    started.set_base_dir(str(folder))
    started.listen_port = _free_port()
    started.start()
    try:
        yield f"http://127.0.0.1:{started.listen_port}"
    finally:
        # Its process would outlive this one.
        started.stop()
        shutil.rmtree(folder, ignore_errors=True)


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port: int = found.getsockname()[1]
        return port


def _is_taken(port: int) -> bool:
    with socket.socket() as tried:
        return tried.connect_ex(("127.0.0.1", port)) == 0


def _wait_for(port: int, process: subprocess.Popen[bytes]) -> None:
    ends = time.monotonic() + 120
    while not _is_taken(port):
        assert process.poll() is None, "the server has ended"
        assert time.monotonic() < ends, "the server does not answer"
        time.sleep(0.2)
