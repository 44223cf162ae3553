"""The emulator's own pages: companies, settings, faults, requests. What a program can do, a person can."""

import json
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path
from urllib.parse import urlencode

import pytest

from qbo_emulator.api.injection import KINDS
from qbo_emulator.ground.settings import CHOICES, Settings
from tests.contract.books import Books
from tests.emulator import Emulator, running_emulator, send


def _page(
    emulator: Emulator, path: str, form: dict[str, str] | None = None, **headers: str
) -> tuple[int, str]:
    status, text, _ = send(
        "GET" if form is None else "POST",
        f"{emulator.url}/{path}",
        body=None if form is None else urlencode(form).encode(),
        headers=headers,
    )
    return status, text


@pytest.fixture
def spare(tmp_path: Path) -> Iterator[Emulator]:
    """An emulator of this test's own: settings, faults and the log are shared by all companies of one."""
    with running_emulator(tmp_path / "spare.sqlite3") as running:
        yield running


def test_a_company_is_made_once_by_form_and_removed_after_a_question(spare: Emulator) -> None:
    form = {"realm_id": "9341400000000001", "company_name": "Harbor <Bakery>", "template": "sample"}
    assert [_page(spare, "", form)[0] for _ in range(2)] == [200, 200]
    _, text = _page(spare, "")
    assert text.count("Harbor &lt;Bakery&gt;</a>") == 1
    realm = form["realm_id"]
    kept = next(one["realm_id"] for one in spare.realms() if one["realm_id"] != realm)
    token = spare.grant(realm)["access_token"]
    books = Books(spare, realm, token)
    assert books.query("select count(*) from Customer") == {"totalCount": 38}
    status, text = _page(spare, f"app/{realm}/remove")
    assert (status, "Remove Harbor &lt;Bakery&gt;?" in text, "<dd>38</dd>" in text) == (200, True, True)
    assert len(spare.realms()) == 2
    assert _page(spare, f"app/{realm}/remove", {})[0] == 200
    assert [one["realm_id"] for one in spare.realms()] == [kept]
    assert _page(spare, f"app/{realm}/customers")[0] == 404
    assert books.call("GET", "item/1")[0] == 401
    _page(spare, "", form)  # the same Id again: nothing of the former company is left
    fresh = Books(spare, realm, spare.grant(realm)["access_token"])
    assert fresh.customer("Bluebird Cafe Two")["Id"] == "54"


def test_without_a_company_the_page_says_what_to_do(spare: Emulator) -> None:
    (company,) = spare.realms()
    spare.control("DELETE", f"realms/{company['realm_id']}")
    assert "There is no company, so no app has anything to connect to." in _page(spare, "")[1]
    _, text = _page(spare, "requests")
    assert "No app has asked for anything yet." in text
    assert "No fault is waiting" in _page(spare, "faults")[1]


def test_a_company_that_cannot_be_made_is_told_of(spare: Emulator) -> None:
    status, text = _page(spare, "", {"realm_id": "x", "company_name": "Kept"})
    assert (status, "is made of digits." in text, 'value="Kept"' in text) == (400, True, True)


def test_every_setting_is_on_the_page_and_can_be_set(spare: Emulator) -> None:
    _, text = _page(spare, "settings")
    for one in fields(Settings):
        assert f'name="{one.name}' in text, one.name
    last = {name: values[-1] for name, values in CHOICES.items()}
    assert _page(spare, "settings", {**last, "seed": "7", "latency.call_ms": "1.5"})[0] == 200
    present = spare.control("GET", "settings")
    assert {name: present[name] for name in last} == last
    assert (present["seed"], present["latency"]["call_ms"], present["limits"]) == (7, 1.5, False)
    status, text = _page(spare, "settings", {"seed": "many", "pkce": "checked"})
    assert (status, "is a whole number" in text, 'value="many"' in text) == (400, True, True)
    assert spare.control("GET", "settings") == present
    for wrong in ({"pkce": "maybe"}, {"latency.jitter": "nan"}, {"code_seconds": "-1"}):
        assert _page(spare, "settings", wrong)[0] == 400
    assert _page(spare, "settings", {"defaults": "1"})[0] == 200
    assert spare.control("GET", "settings")["limits"] is True


def test_a_fault_is_asked_for_on_the_page_and_strikes(spare: Emulator) -> None:
    spare.settings(limits=False)
    realm = spare.new_realm()
    books = Books(spare, realm, spare.grant(realm)["access_token"])
    form = {
        "fault": "refuse",
        "entity": "Customer",
        "operation": "create",
        "code": "6190",
        "times": "1",
        "nth": "1",
    }
    assert _page(spare, "faults", form)[0] == 200
    assert "create Customer" in _page(spare, "faults")[1]
    assert books.refused("Customer", {"DisplayName": "A"})["code"] == "6190"
    assert "No fault is waiting" in _page(spare, "faults")[1]
    for kind in KINDS:
        asked = {
            "fault": kind,
            "path": "nowhere",
            "code": "3200" if kind == "unauthorized" else "",
            "seconds": "0.5",
        }
        assert _page(spare, "faults", asked)[0] == 200
    _, text = _page(spare, "faults")
    assert all(f"<td>{kind}" in text for kind in KINDS)
    assert _page(spare, "faults", {"clear": "1"})[0] == 200
    assert "No fault is waiting" in _page(spare, "faults")[1]


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"fault": "nothing"}, "is one of refuse"),
        ({"times": "0"}, "is a whole number from 1."),
        ({"nth": "first"}, "is a whole number from 1."),
        ({"seconds": "NaN"}, "is a number from 0"),
        ({"status": "200"}, "from 500."),
    ],
)
def test_a_fault_that_cannot_be_is_told_of(emulator: Emulator, wrong: dict[str, str], said: str) -> None:
    status, text = _page(emulator, "faults", {"fault": "delay", "path": "kept/as/typed", **wrong})
    assert (status, said in text, "kept/as/typed" in text) == (400, True, True)


def test_the_log_shows_what_was_asked_newest_first_in_parts(spare: Emulator) -> None:
    spare.settings(limits=False)
    realm = spare.new_realm(company_name="Logged")
    books = Books(spare, realm, spare.grant(realm)["access_token"])
    for number in range(60):
        books.query(f"select * from Customer where Id = '{number}'")
    books.batch({"bId": "1", "operation": "create", "Customer": {"DisplayName": "A"}}, requestid="once")
    books.refused("Customer", {"DisplayName": "A"})
    _, text = _page(spare, "requests")
    assert text.index("batch of 1") < text.index("query Customer")
    assert "62 requests" in text
    assert all(
        words in text for words in ("once", "Logged", "Page 1 of 2", "<dt>Items of batches</dt><dd>1</dd>")
    )
    _, text = _page(spare, "requests?page=2")
    assert ("Page 2 of 2" in text, "Id = &#39;0&#39;" in text) == (True, True)
    _, text = _page(spare, f"requests?trouble=1&realm={realm}")
    assert ("1 request<" in text, "create Customer" in text) == (True, True)
    assert "No request fits." in _page(spare, "requests?realm=1")[1]


@pytest.mark.parametrize("path", ["", "settings", "faults", "app/{}/remove"])
def test_a_form_of_another_site_changes_nothing(books: Books, path: str) -> None:
    emulator = books.emulator
    before = json.dumps([emulator.realms(), emulator.control("GET", "settings")])
    form = {"realm_id": "77", "company_name": "Evil", "defaults": "1", "fault": "reset"}
    status, _ = _page(emulator, path.format(books.realm), form, Origin="https://elsewhere.example")
    assert status == 403
    assert json.dumps([emulator.realms(), emulator.control("GET", "settings")]) == before
