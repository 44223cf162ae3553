"""Whoever sends half a request holds a thread of the web application no longer than a few seconds."""

import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from service_genius_site import serving
from tests.emulator import free_port

#: Shorter than the product's own, so that the test need not wait as long.
BRIEFLY = """
from service_genius_site import serving
serving.SILENT_SECONDS_MAX = 1
from service_genius_site.serving import *
"""
APPLICATION = """
def application(environ, start):
    start("200 OK", [("Content-Length", "4")])
    return [b"page"]
"""
ANSWER_SECONDS_MAX = 60


@pytest.fixture
def port(tmp_path: Path) -> Iterator[int]:
    (tmp_path / "briefly.py").write_text(BRIEFLY)
    (tmp_path / "small.py").write_text(APPLICATION)
    port = free_port()
    command = (sys.executable, "-m", "gunicorn", "small:application", "--bind", f"127.0.0.1:{port}")
    process = subprocess.Popen(
        (*command, "--config", "python:briefly"),
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(tmp_path)},
    )
    yield port
    process.terminate()
    process.wait(30)


def connected(port: int) -> socket.socket:
    while True:
        try:
            return socket.create_connection(("127.0.0.1", port), timeout=ANSWER_SECONDS_MAX)
        except ConnectionRefusedError:
            continue


def test_more_half_requests_than_threads_do_not_keep_a_page_from_coming(port: int) -> None:
    with ExitStack() as held:
        for _ in range(2 * serving.threads):
            half = held.enter_context(connected(port))
            half.sendall(b"POST / HTTP/1.1\r\nHost: h\r\nContent-Le")
        asking = held.enter_context(connected(port))
        asking.sendall(b"GET / HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n")
        with asking.makefile("rb") as answer:
            assert b"page" in answer.read()
