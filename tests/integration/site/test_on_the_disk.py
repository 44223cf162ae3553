"""In which order what is stored reaches the disk and what is told leaves: the calls of the real processes.

Seen with strace. A power cut takes what was written and not synced; nothing else shows in time what it would.
"""

import os
import re
import shutil
import signal
import subprocess
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator, Sequence
from http.cookiejar import CookieJar
from pathlib import Path

import pytest
from django.db import connection as database

from service_genius_site import configuration
from service_genius_site.databases import forgetful
from service_genius_site.supervisor import programs
from tests.emulator import free_port, running_emulator
from tests.installation import WAIT_SECONDS_MAX, Installation

WRITES, SYNCS, SENDS = ("pwrite64", "write"), ("fdatasync", "fsync"), ("sendto", "write")
CALL = re.compile(r"^(?P<thread>\d+) +(?:<\.\.\. (?P<resumed>\w+) resumed>|(?P<name>\w+)\((?P<rest>.*))")

only_sqlite = pytest.mark.skipif(
    database.vendor != "sqlite", reason="PostgreSQL syncs in a process of its own"
)


@pytest.fixture
def watching(tmp_path: Path) -> Sequence[str]:
    """The program that notes the calls of another, in a file `calls`."""
    command = (
        "strace",
        "-f",
        "--seccomp-bpf",
        "-yy",
        "-s",
        "60",
        "-e",
        f"trace={','.join((*WRITES, *SYNCS, 'sendto'))}",
    )
    probe = (*command, "-o", str(tmp_path / "probe"), "true")
    if shutil.which("strace") is None or subprocess.run(probe, capture_output=True, check=False).returncode:
        pytest.skip("strace is not on this machine, or may not be used")
    return (*command, "-o", str(tmp_path / "calls"))


@pytest.fixture
def installation(tmp_path: Path) -> Iterator[Installation]:
    with running_emulator(tmp_path / "emulator.sqlite3") as emulator:
        yield Installation(tmp_path, emulator)


def unsynced_when_sent(calls: Path, what: str) -> list[bool]:
    """Of each sending of these bytes: whether the log of the database held anything the disk had not."""
    found = []
    unsynced, written = False, False
    syncing = set()
    for line in calls.read_text(errors="replace").splitlines():
        call = CALL.match(line)
        if call is None:
            continue
        thread, name, rest = call["thread"], call["name"] or call["resumed"], call["rest"] or ""
        if name in WRITES and "-wal>" in rest:
            unsynced = written = True
        elif name in SYNCS and "<unfinished" in rest:
            syncing |= {thread} if "-wal>" in rest else set()
        elif name in SYNCS and ("-wal>" in rest or thread in syncing):
            unsynced = False
            syncing.discard(thread)
        elif name in SENDS and what in rest:
            found.append(unsynced)
    assert written, "no log was seen at all"
    return found


@only_sqlite
def test_what_is_sent_is_on_the_disk_before_it_leaves(
    installation: Installation, watching: Sequence[str]
) -> None:
    installation.make_company("Summit Comfort", customers=5)
    installation.run("sync", "Summit Comfort", "--full", under=watching)
    assert unsynced_when_sent(installation.folder / "calls", "/batch?requestid=") == [False]


@only_sqlite
def test_what_is_entered_is_on_the_disk_before_the_page_says_so(
    installation: Installation, watching: Sequence[str]
) -> None:
    installation.make_company("Summit Comfort", customers=1)
    installation.run("createcachetable")
    installation.run("collectstatic", "--no-input", "--verbosity", "0")
    port = free_port()
    read = configuration.read({"VAR_DIR": str(installation.folder), "PORT": str(port)})
    (command,) = (program.command for program in programs(read) if program.name == "web application")
    with installation.log.open("ab") as log:
        web = subprocess.Popen((*watching, *command), env=installation.environ, stderr=log)
    try:
        office = Office(f"http://127.0.0.1:{port}", web)
        office.submit("/account/login/", login="alice@example.com", password="a-long-pass-phrase")
        shown = office.submit("/customers/new/", display_name="Harrow Dental")
    finally:
        watched, _ = (installation.folder / "calls").read_text(errors="replace").split(maxsplit=1)
        os.kill(int(watched), signal.SIGTERM)  # strace ends with it
        web.wait(WAIT_SECONDS_MAX)
    assert "Harrow Dental" in shown
    assert set(unsynced_when_sent(installation.folder / "calls", "HTTP/1.1 302")) == {False}


class Office:
    """A person at a browser without a screen."""

    def __init__(self, url: str, web: "subprocess.Popen[bytes]") -> None:
        self.url = url
        self.cookies = CookieJar()
        self.opener = urllib.request.build_opener(
            urllib.request.ProxyHandler({}), urllib.request.HTTPCookieProcessor(self.cookies)
        )
        while web.poll() is None:
            try:
                self.opener.open(f"{url}/account/login/").close()
            except urllib.error.URLError:
                continue
            break

    def submit(self, path: str, **fields: str) -> str:
        """Fill in the form of a page; the page that comes then."""
        with self.opener.open(self.url + path) as answer:
            page = answer.read().decode()
        (token,) = (cookie.value for cookie in self.cookies if "csrf" in cookie.name)
        once = re.findall(r'name="once" value="([^"]+)"', page)[-1]
        form = urllib.parse.urlencode({"csrfmiddlewaretoken": token, "once": once, **fields}).encode()
        with self.opener.open(self.url + path, data=form) as answer:
            return str(answer.read().decode())


@pytest.mark.skipif(database.vendor != "postgresql", reason="a setting of PostgreSQL")
@pytest.mark.django_db
def test_each_session_waits_for_the_disk_whatever_the_server_is_set_to() -> None:
    with database.cursor() as cursor:
        cursor.execute("SELECT setting, reset_val FROM pg_settings WHERE name = 'synchronous_commit'")
        assert cursor.fetchone() == ("on", "on")
        cursor.execute("SELECT current_setting('fsync')")
        off = cursor.fetchone() == ("off",)
    assert ("fsync=off" in forgetful()) == off
