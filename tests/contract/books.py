"""Raw requests to one company: no client library, nothing retried, nothing interpreted."""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlencode

from tests.emulator import Emulator, send

# Where the object has another name than its address.
WRITTEN_AS = {"CreditCardPayment": "CreditCardPaymentTxn"}


class Books:
    def __init__(self, emulator: Emulator, realm: str, access_token: str) -> None:
        self.emulator = emulator
        self.realm = realm
        self.token = access_token

    def call(
        self, method: str, path: str, body: Any = None, **arguments: str
    ) -> tuple[int, str, Mapping[str, str]]:
        query = f"?{urlencode(arguments)}" if arguments else ""
        return send(
            method,
            f"{self.emulator.url}/v3/company/{self.realm}/{path}{query}",
            body=None if body is None else json.dumps(body).encode(),
            headers={
                "Authorization": f"Bearer {self.token}",
                "Accept": "application/json",
                "Content-Type": "application/json",
            },
        )

    def post(self, entity: str, body: Any, **arguments: str) -> dict[str, Any]:
        """Write one object; the answer must be a success."""
        status, text, _ = self.call("POST", entity.lower(), body, **arguments)
        assert status == 200, text
        return dict(json.loads(text)[WRITTEN_AS.get(entity, entity)])

    def refused(self, entity: str, body: Any, **arguments: str) -> dict[str, Any]:
        """Write one object; the answer must be a business fault. Return its first error."""
        status, text, _ = self.call("POST", entity.lower(), body, **arguments)
        assert status == 400, text
        return dict(json.loads(text)["Fault"]["Error"][0])

    def get(self, entity: str, key: str) -> dict[str, Any]:
        status, text, _ = self.call("GET", f"{entity.lower()}/{key}")
        assert status == 200, text
        return dict(json.loads(text)[WRITTEN_AS.get(entity, entity)])

    def query(self, statement: str) -> dict[str, Any]:
        status, text, _ = self.call("GET", "query", query=statement)
        assert status == 200, text
        return dict(json.loads(text)["QueryResponse"])

    def query_refused(self, statement: str) -> dict[str, Any]:
        status, text, _ = self.call("GET", "query", query=statement)
        assert status == 400, text
        return dict(json.loads(text)["Fault"]["Error"][0])

    def batch(self, *items: dict[str, Any], **arguments: str) -> list[dict[str, Any]]:
        status, text, _ = self.call("POST", "batch", {"BatchItemRequest": list(items)}, **arguments)
        assert status == 200, text
        return list(json.loads(text)["BatchItemResponse"])

    def changes(self, entities: str, since: str) -> list[dict[str, Any]]:
        status, text, _ = self.call("GET", "cdc", entities=entities, changedSince=since)
        assert status == 200, text
        return list(json.loads(text)["CDCResponse"][0]["QueryResponse"])

    @contextmanager
    def switched(self, **wanted: Any) -> Iterator[None]:
        """Set switches of the emulator for a while; all its companies share them."""
        before = self.emulator.control("GET", "settings")
        self.emulator.settings(**wanted)
        try:
            yield
        finally:
            self.emulator.settings(**{name: before[name] for name in wanted})

    # Short ways to what most tests need first.

    def customer(self, name: str, **more: Any) -> dict[str, Any]:
        return self.post("Customer", {"DisplayName": name, **more})

    def service(self, name: str, **more: Any) -> dict[str, Any]:
        account = {"IncomeAccountRef": {"value": "1"}}
        return self.post("Item", {"Name": name, "Type": "Service", **account, **more})

    def invoice(self, customer: dict[str, Any], *amounts: float, **more: Any) -> dict[str, Any]:
        lines = [sale(amount) for amount in amounts]
        return self.post("Invoice", {"CustomerRef": {"value": customer["Id"]}, "Line": lines, **more})

    def payment(
        self, customer: dict[str, Any], total: float, *paid: tuple[dict[str, Any], float], **more: Any
    ) -> dict[str, Any]:
        lines = [pays(invoice, amount) for invoice, amount in paid]
        body = {"CustomerRef": {"value": customer["Id"]}, "TotalAmt": total, "Line": lines, **more}
        return self.post("Payment", body)


def sale(amount: float, **detail: Any) -> dict[str, Any]:
    return {
        "Amount": amount,
        "DetailType": "SalesItemLineDetail",
        "SalesItemLineDetail": {"ItemRef": {"value": "1"}, **detail},
    }


def taxed(amount: float, **detail: Any) -> dict[str, Any]:
    return sale(amount, TaxCodeRef={"value": "TAX"}, **detail)


def pays(invoice: dict[str, Any], amount: float) -> dict[str, Any]:
    return {"Amount": amount, "LinkedTxn": [{"TxnId": invoice["Id"], "TxnType": "Invoice"}]}
