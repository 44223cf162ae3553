"""Emulator, sandbox and production differ in addresses and in how late a write may still happen."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from qbo import environment
from qbo.errors import TryAgain

from .server import reply, serving

DOCUMENT = (
    b'{"issuer":"https://op","authorization_endpoint":"https://a/connect/oauth2",'
    b'"token_endpoint":"https://t/bearer","userinfo_endpoint":"https://u/userinfo",'
    b'"revocation_endpoint":"https://r/revoke","jwks_uri":"https://j"}'
)


@pytest.fixture(autouse=True)
def _nothing_remembered() -> Iterator[None]:
    environment.discover.cache_clear()
    yield
    environment.discover.cache_clear()


def point_discovery_at(monkeypatch: pytest.MonkeyPatch, url: str) -> None:
    sandbox = replace(environment.INTUIT["sandbox"], discovery_url=url)
    monkeypatch.setitem(environment.INTUIT, "sandbox", sandbox)


def test_the_emulator_stands_under_intuits_own_paths() -> None:
    here = environment.emulator("http://127.0.0.1:8001/")
    assert here.api_url == "http://127.0.0.1:8001"
    assert here.token_url == "http://127.0.0.1:8001/oauth2/v1/tokens/bearer"
    assert here.late_commit_seconds == 5


def test_intuits_addresses_come_from_its_discovery_document_and_are_asked_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with serving(reply(DOCUMENT)) as server:
        point_discovery_at(monkeypatch, server.url)
        found = environment.discover("sandbox")
        assert environment.discover("sandbox") is found
    assert found.authorization_url == "https://a/connect/oauth2"
    assert (found.token_url, found.revocation_url) == ("https://t/bearer", "https://r/revoke")
    assert found.userinfo_url == "https://u/userinfo"
    assert found.api_url == "https://sandbox-quickbooks.api.intuit.com"
    assert found.write_timeout_seconds < found.late_commit_seconds == 130


@pytest.mark.parametrize("body", [b"<html>", b"{}", b"[]"])
def test_a_discovery_document_that_cannot_be_read_is_asked_for_again(
    monkeypatch: pytest.MonkeyPatch, body: bytes
) -> None:
    with serving(reply(body), reply(DOCUMENT)) as server:
        point_discovery_at(monkeypatch, server.url)
        with pytest.raises(TryAgain):
            environment.discover("sandbox")
        assert environment.discover("sandbox").token_url == "https://t/bearer"


def address(name: str, entity: str) -> str:
    root = "http://127.0.0.1:8001"
    return environment.record_url(name, emulator_url=root, realm_id="46", entity=entity, id="7")


def test_a_person_opens_a_record_where_quickbooks_shows_it() -> None:
    assert address("emulator", "Customer") == "http://127.0.0.1:8001/app/46/customer/7"
    expected = {
        "Customer": "https://qbo.intuit.com/app/customerdetail?nameId=7",
        "Item": "https://qbo.intuit.com/app/items",
        "Invoice": "https://qbo.intuit.com/app/invoice?txnId=7",
        "Payment": "https://qbo.intuit.com/app/recvpayment?txnId=7",
    }
    assert {entity: address("production", entity) for entity in expected} == expected
