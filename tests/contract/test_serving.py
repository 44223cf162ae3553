"""The server itself: TLS, many connections, and a death in the middle of writing (facts B8, F)."""

import http.client
import json
import ssl
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from tests.contract.books import Books, pays
from tests.contract.https import make_certificate, serving_https
from tests.emulator import Emulator, running_emulator

SENDERS = 4
BATCHES = 12
PAYMENTS = 8  # in a batch, beside as many new customers
INVOICE_TOTAL = 50
PAID = 20


def test_what_was_answered_survives_a_kill(tmp_path: Path) -> None:
    data = tmp_path / "emulator.sqlite3"
    with running_emulator(data) as first:
        realm = first.new_realm()
        grant = first.grant(realm)
        Books(first, realm, grant["access_token"]).customer("Kept", Notes=json.dumps("ü"))
        _kill(first)
    with running_emulator(data) as second:
        books = Books(second, realm, grant["access_token"])
        assert books.query("select * from Customer")["Customer"][0]["Notes"] == '"\\u00fc"'


def _kill(emulator: Emulator) -> None:
    assert emulator.process is not None
    emulator.process.kill()
    emulator.process.wait()


class Stream:
    """Batches from several senders at once, each under a request id of its own, until the server dies."""

    def __init__(self, buyer: dict[str, Any], invoices: list[dict[str, Any]]) -> None:
        self.batches = {
            f"batch-{number}": self._items(number, buyer, invoices[number * PAYMENTS :][:PAYMENTS])
            for number in range(BATCHES)
        }
        self.answered: dict[str, list[dict[str, Any]]] = {}

    @staticmethod
    def _items(number: int, buyer: dict[str, Any], invoices: list[dict[str, Any]]) -> list[dict[str, Any]]:
        items: list[dict[str, Any]] = []
        for place, invoice in enumerate(invoices):
            payment = {"CustomerRef": {"value": buyer["Id"]}, "TotalAmt": PAID, "Line": [pays(invoice, PAID)]}
            items.append({"bId": f"p{place}", "operation": "create", "Payment": payment})
            customer = {"DisplayName": f"New {number}-{place}"}
            items.append({"bId": f"c{place}", "operation": "create", "Customer": customer})
        return items

    def run(self, books: Books, *, kill_after: int) -> None:
        """Send what was not answered yet; kill the server at the answer of that number."""
        waiting = [name for name in self.batches if name not in self.answered]
        lock = threading.Lock()
        seen = 0

        def send() -> None:
            nonlocal seen
            while True:
                with lock:
                    if not waiting:
                        return
                    name = waiting.pop(0)
                try:
                    answer = books.batch(*self.batches[name], requestid=name)
                except (http.client.HTTPException, OSError):
                    return
                with lock:
                    self.answered[name] = answer
                    seen += 1
                    if seen == kill_after and books.emulator.process is not None:
                        books.emulator.process.kill()

        senders = [threading.Thread(target=send) for _ in range(SENDERS)]
        for sender in senders:
            sender.start()
        for sender in senders:
            sender.join()
        _kill(books.emulator)


def _balances_agree(books: Books) -> None:
    """Every payment that is there has moved its invoice, and the customer owes the rest."""
    records = books.emulator.dump(books.realm)
    paid: dict[str, float] = {}
    for payment in records.get("Payment", []):
        for line in payment["Line"]:
            key = line["LinkedTxn"][0]["TxnId"]
            paid[key] = paid.get(key, 0) + line["Amount"]
    for invoice in records["Invoice"]:
        assert invoice["Balance"] == INVOICE_TOTAL - paid.get(invoice["Id"], 0)
        linked = [one["TxnType"] for one in invoice.get("LinkedTxn", [])]
        assert linked == (["Payment"] if invoice["Id"] in paid else [])
    buyer = next(one for one in records["Customer"] if one["DisplayName"] == "Buyer")
    assert buyer["Balance"] == sum(one["Balance"] for one in records["Invoice"])


def test_a_stream_of_batches_killed_again_and_again_leaves_nothing_half_done(tmp_path: Path) -> None:
    """Facts B8, F: each item whole or absent.

    Its request id then gives the same answer, and nothing twice.
    """
    data = tmp_path / "emulator.sqlite3"
    with running_emulator(data) as first:
        first.settings(limits=False)
        realm = first.new_realm()
        grant = first.grant(realm)
        books = Books(first, realm, grant["access_token"])
        buyer = books.customer("Buyer")
        invoices = [books.invoice(buyer, INVOICE_TOTAL) for _ in range(BATCHES * PAYMENTS)]
        stream = Stream(buyer, invoices)
        stream.run(books, kill_after=2)
    for kill_after in (1, 3):
        with running_emulator(data) as next_one:
            books = Books(next_one, realm, grant["access_token"])
            _balances_agree(books)
            stream.run(books, kill_after=kill_after)
    with running_emulator(data) as last:
        books = Books(last, realm, grant["access_token"])
        _balances_agree(books)
        for name, items in stream.batches.items():
            replayed = books.batch(*items, requestid=name)
            assert [next(iter(one)) for one in replayed] == ["Payment", "Customer"] * PAYMENTS
            assert replayed == stream.answered.get(name, replayed)
        records = books.emulator.dump(realm)
        assert len(records["Payment"]) == BATCHES * PAYMENTS
        assert len(records["Customer"]) == BATCHES * PAYMENTS + 1
        assert {one["Balance"] for one in records["Invoice"]} == {INVOICE_TOTAL - PAID}
        _balances_agree(books)


def test_hundreds_of_connections_may_stay_open(books: Books) -> None:
    """They wait without holding up the others, and each can be used again."""
    url = urlsplit(books.emulator.url)
    headers = {"Authorization": f"Bearer {books.token}", "Accept": "application/json"}
    connections = [http.client.HTTPConnection(url.hostname or "", url.port, timeout=60) for _ in range(300)]
    try:
        for _ in range(2):
            for connection in connections:
                connection.request("GET", f"/v3/company/{books.realm}/item/1", headers=headers)
            for connection in connections:
                answer = connection.getresponse()
                answer.read()
                assert answer.status == 200
        assert books.call("GET", "item/1")[0] == 200
    finally:
        for connection in connections:
            connection.close()


@pytest.fixture
def secure(tmp_path: Path) -> Iterator[http.client.HTTPSConnection]:
    """A connection to an emulator that serves https."""
    certificate = make_certificate(tmp_path, names=())
    with serving_https(tmp_path, certificate) as port:
        trusting = ssl.create_default_context(cafile=certificate.path)
        connection = http.client.HTTPSConnection("127.0.0.1", port, context=trusting, timeout=30)
        yield connection
        connection.close()


def test_it_serves_https_and_says_so_in_its_addresses(secure: http.client.HTTPSConnection) -> None:
    """Facts A1: the discovery document names https addresses."""
    secure.request("GET", "/.well-known/openid_configuration")
    document = json.loads(secure.getresponse().read())
    root = f"https://127.0.0.1:{secure.port}"
    assert document["token_endpoint"] == f"{root}/oauth2/v1/tokens/bearer"
    assert document["issuer"] == f"{root}/op/v1"
    secure.request("GET", "/v3/company/1/customer/1", headers={"Accept": "application/json"})
    answer = secure.getresponse()
    assert (answer.status, json.loads(answer.read())["fault"]["type"]) == (401, "AUTHENTICATION")
