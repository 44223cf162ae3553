"""Starting and keeping processes: ports, restarts, and children that never outlive their supervisor."""

import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from secrets import token_urlsafe

from cryptography.fernet import Fernet

from service_genius_site import configuration, processes
from service_genius_site.processes import Child, Program, back_off_seconds
from service_genius_site.supervisor import answers, box, port_is_free, programs, run

SLEEPER = (
    "import signal, sys; signal.signal(signal.SIGTERM, {on_term}); print('up', flush=True); signal.pause()"
)


def until(condition: Callable[[], bool], seconds: float = 20.0) -> bool:
    deadline = time.monotonic() + seconds
    while not condition() and time.monotonic() < deadline:
        time.sleep(0.02)
    return condition()


def lives(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return False
    return state != "Z"


def program(tmp_path: Path, code: str) -> Program:
    return Program(name="child", command=(sys.executable, "-c", code), log=tmp_path / "child.log")


def test_a_listening_port_is_taken_and_one_just_closed_is_free() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
        assert not port_is_free(port)
        with socket.create_connection(("127.0.0.1", port)) as connection:
            accepted, _ = listener.accept()
            accepted.close()  # the server's end closes first, and lingers
            connection.recv(1)
    assert port_is_free(port)


def test_a_taken_port_is_named_with_the_variable_that_changes_it(tmp_path: Path, capsys) -> None:
    handlers = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)}
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = str(listener.getsockname()[1])
        code = run(configuration.read({"VAR_DIR": str(tmp_path), "EMULATOR_PORT": port, "PORT": port}))
    for number, handler in handlers.items():
        signal.signal(number, handler)
    assert code == 1
    told = capsys.readouterr().err
    assert f"Port {port} is taken" in told
    assert "PORT=" in told


def test_the_emulator_is_started_only_where_it_is_quickbooks(tmp_path: Path) -> None:
    here = configuration.read({"VAR_DIR": str(tmp_path)})
    elsewhere = configuration.read(
        {
            "VAR_DIR": str(tmp_path),
            "QBO_ENVIRONMENT": "sandbox",
            "SECRET_KEY": token_urlsafe(50),
            "TOKEN_ENCRYPTION_KEYS": Fernet.generate_key().decode(),
            "QBO_CLIENT_ID": "i",
            "QBO_CLIENT_SECRET": "s",
            "QBO_REDIRECT_URI": "https://books.example.com/settings/quickbooks/callback/",
        }
    )
    assert [started.name for started in programs(here)] == [
        "QuickBooks emulator",
        "web application",
        "worker",
    ]
    assert [started.name for started in programs(elsewhere)] == ["web application", "worker"]


def test_a_program_that_keeps_failing_is_started_ever_more_rarely() -> None:
    waits = [back_off_seconds(failures) for failures in range(1, 9)]
    assert waits == sorted(waits)
    assert (waits[0], waits[-1]) == (1.0, 30.0)


def test_a_child_that_dies_is_noticed_once_and_due_again_after_a_pause(tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setattr(processes, "BACK_OFF_SECONDS", (0.05,))
    child = Child(program(tmp_path, "raise SystemExit(3)"))
    child.start()
    pid = child.pid
    deaths: list[tuple[int, int]] = []
    assert until(lambda: bool(deaths.append(death) if (death := child.death()) else deaths))
    assert deaths == [(pid, 3)]
    assert child.death() is None
    assert until(lambda: child.due)


def test_a_child_is_asked_to_end_and_its_words_are_in_its_log(tmp_path: Path) -> None:
    child = Child(program(tmp_path, SLEEPER.format(on_term="lambda *_: sys.exit('bye')")))
    child.start()
    assert until(lambda: "up" in child.program.log.read_text())
    child.stop()
    assert "bye" in child.program.log.read_text()
    assert child.pid is None


def test_a_child_that_will_not_end_is_made_to(tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setattr(processes, "STOP_SECONDS", 0.1)
    child = Child(program(tmp_path, SLEEPER.format(on_term="signal.SIG_IGN")))
    child.start()
    pid = child.pid
    assert pid is not None
    assert until(lambda: "up" in child.program.log.read_text())
    child.stop()
    assert not lives(pid)


def test_children_end_with_a_supervisor_that_is_killed(tmp_path: Path) -> None:
    code = (
        "import signal, sys; from pathlib import Path\n"
        "from service_genius_site.processes import Child, Program\n"
        "child = Child(Program(name='c', command=(sys.executable, '-c', 'import signal; signal.pause()'),"
        f" log=Path({str(tmp_path / 'child.log')!r})))\n"
        "child.start(); print(child.pid, flush=True); signal.pause()"
    )
    supervisor = subprocess.Popen((sys.executable, "-c", code), stdout=subprocess.PIPE)
    assert supervisor.stdout is not None
    with supervisor.stdout:
        pid = int(supervisor.stdout.readline())
    assert lives(pid)
    os.kill(supervisor.pid, signal.SIGKILL)
    supervisor.wait()
    assert until(lambda: not lives(pid))


def test_the_box_is_as_wide_as_its_longest_line() -> None:
    lines = box(["short", "a much longer line"]).splitlines()[1:]
    assert len({len(line) for line in lines}) == 1


def test_a_site_that_sends_on_to_its_https_address_is_ready() -> None:
    answer = b"HTTP/1.1 301 Moved\r\nLocation: https://127.0.0.1:9/\r\nContent-Length: 0\r\n\r\n"

    def serve(listener: socket.socket) -> None:
        connection, _ = listener.accept()
        with connection:
            connection.recv(4096)
            connection.sendall(answer)

    with socket.create_server(("127.0.0.1", 0)) as listener:
        server = threading.Thread(target=serve, args=(listener,))
        server.start()
        assert answers(f"http://127.0.0.1:{listener.getsockname()[1]}/")
        server.join()
