"""What Service Genius reckons and what QuickBooks reckons are equal, for every invoice that can be drawn.

Figures here are the application's, what is sent is the sync's, and the answers are the emulator's.
"""

import datetime as dt
import json
from collections.abc import Iterator, Sequence
from decimal import Decimal
from random import Random
from typing import Any

import pytest

from qbo.payload import dumps, loads
from quickbooks_sync.kinds import KIND
from quickbooks_sync.kinds.base import Facts, Payload, References
from quickbooks_sync.kinds.tax import reckoned_otherwise
from quickbooks_sync.planner.records import TAXED_BY, Encoded, InvoiceRecord, LineRecord, encode, encode_value
from service_genius.shared.money import TaxableAmount, Totals, invoice_totals, line_amount
from tests.simulation.in_process import InProcessEmulator, new_emulator

INVOICE = KIND["invoice"]
INVOICES = 2_000
BATCH = 30
#: As authorities charge them: of one to three rates, with up to four decimals.
CODES: tuple[tuple[str, ...], ...] = (
    *(("8",), ("7.25",), ("8.875",), ("6.0625",), ("0",)),
    *(("5.5", "1.5"), ("6", "0.375"), ("4.225", "4.55"), ("2.9", "4.81")),
    *(("4", "4.5", "0.375"), ("6.25", "1.25", "0.75"), ("2.9", "1.005", "3.3333")),
)
DAY = dt.date(2026, 3, 2)


class Books:
    """A company of the emulator with a customer, an item and the tax codes."""

    def __init__(self, emulator: InProcessEmulator) -> None:
        emulator.settings(limits=False)
        self._emulator = emulator
        self._realm = emulator.new_realm("empty")
        self._token = emulator.grant(self._realm, "laws")["access_token"]
        self.customer = str(self.post("customer", {"DisplayName": "Amelia Hartwell"})["Customer"]["Id"])
        codes = [self._code(number, percents) for number, percents in enumerate(CODES)]
        self.facts = Facts(
            sales_tax="manual",
            discounts=True,
            tax_code_of_rate=dict(enumerate(codes)),
            rate_of_tax_code={code: rate for rate, code in enumerate(codes)},
            percents_of_rate={rate: tuple(map(Decimal, percents)) for rate, percents in enumerate(CODES)},
        )
        self.references = References(
            there={("customer", 1): self.customer, ("work_code", 1): "1"},
            here={("customer", self.customer): 1, ("work_code", "1"): 1},
        )

    def _code(self, number: int, percents: Sequence[str]) -> str:
        details = [
            {"TaxRateName": f"Rate {number}.{place}", "RateValue": float(percent), "TaxAgencyId": "1"}
            for place, percent in enumerate(percents)
        ]
        wanted = {"TaxCode": f"Code {number}", "TaxRateDetails": details}
        return str(self.post("taxservice/taxcode", wanted)["TaxCodeId"])

    def post(self, path: str, body: Any) -> Payload:
        answered = self._emulator.client.open(
            f"/v3/company/{self._realm}/{path}",
            method="POST",
            data=body if isinstance(body, str) else json.dumps(body),
            headers={
                "Authorization": f"Bearer {self._token}",
                "Accept": "application/json",
                "Content-Type": "application/json",
            },
        )
        assert answered.status_code == 200, answered.get_data(as_text=True)
        return dict(loads(answered.get_data(as_text=True)))

    def written(self, operation: str, payloads: Sequence[Payload]) -> Iterator[Payload]:
        """What the books hold after these writes, in their order."""
        for start in range(0, len(payloads), BATCH):
            items = [
                {"bId": str(place), "operation": operation, "Invoice": payload}
                for place, payload in enumerate(payloads[start : start + BATCH])
            ]
            answer = self.post("batch", dumps({"BatchItemRequest": items}))
            for item in answer["BatchItemResponse"]:
                yield item["Invoice"]

    def sent(self, record: Encoded, *, base: Payload | None = None) -> Payload:
        payload = INVOICE.to_there(
            record,
            only=None if base is None else TAXED_BY,
            base=base or {},
            references=self.references,
            facts=self.facts,
            marker="4F0C9A77E1",
        )
        head = {"Id": base["Id"], "SyncToken": base["SyncToken"], "sparse": True} if base else {}
        return {**head, **payload}


@pytest.fixture(scope="module")
def books() -> Iterator[Books]:
    emulator = new_emulator()
    yield Books(emulator)
    emulator.application.extensions["gateway"].store.close()


def drawn_line(chance: Random) -> LineRecord:
    """Something sold; at times nothing of it, something taken back, or no tax on it."""
    quantity = Decimal(chance.choice([0, 1, 1, 2, -1, chance.randrange(1, 40_000)]))
    quantity = quantity / 1000 if quantity > 100 else quantity
    price = Decimal(chance.randrange(1, 90_000)) / chance.choice([100, 100, 1000])
    return LineRecord(
        work_code=1,
        description="",
        quantity=quantity,
        unit_price=price,
        amount=line_amount(quantity=quantity, unit_price=price),
        taxable=chance.random() < 0.7,
    )


def drawn(chance: Random, number: int) -> tuple[InvoiceRecord, Totals]:
    """An invoice and its totals; one below zero is no invoice."""
    while True:
        lines = tuple(drawn_line(chance) for _ in range(chance.randint(1, 5)))
        rate = chance.randrange(len(CODES))
        discount = chance.choice([None, None, "percent", "amount"])
        record = InvoiceRecord(
            number=str(number),
            customer=1,
            date=DAY,
            due_date=DAY,
            lines=lines,
            discount_percent=Decimal(chance.randrange(1, 400)) / 10 if discount == "percent" else None,
            discount_amount=Decimal(chance.randrange(1, 5_000)) / 100 if discount == "amount" else None,
            tax_rate=rate,
        )
        totals = invoice_totals(
            lines=[TaxableAmount(amount=line.amount, taxable=line.taxable) for line in lines],
            discount_percent=record.discount_percent,
            discount_amount=record.discount_amount,
            tax_percents=[Decimal(percent) for percent in CODES[rate]],
        )
        # QuickBooks takes no discount below zero.
        if totals.total >= 0 and totals.discount >= 0:
            return record, totals


def here(totals: Totals) -> dict[str, Decimal]:
    return {"total": totals.total, "tax": totals.tax}


def there(payload: Payload) -> dict[str, Decimal]:
    return {name: Decimal(value) for name, value in INVOICE.totals_there(payload).items()}


def test_every_invoice_is_equal_to_the_cent_when_it_is_sent_and_when_it_is_edited(books: Books) -> None:
    chance = Random("sales tax")
    first = [drawn(chance, number) for number in range(INVOICES)]
    for record, totals in first:
        known = {name: encode_value(total) for name, total in here(totals).items()}
        assert not list(reckoned_otherwise(encode(record), known, books.facts))
    made = list(books.written("create", [books.sent(encode(record)) for record, _ in first]))
    assert [there(payload) for payload in made] == [here(totals) for _, totals in first]

    edited = [drawn(chance, number) for number in range(0, INVOICES, 5)]
    payloads = [
        books.sent(encode(record), base=base) for (record, _), base in zip(edited, made[::5], strict=True)
    ]
    after = list(books.written("update", payloads))
    assert [there(payload) for payload in after] == [here(totals) for _, totals in edited]


def test_many_of_them_come_out_otherwise_if_a_code_counts_as_one_rate() -> None:
    """Else the law above would say nothing."""
    chance = Random("sales tax")
    records = [drawn(chance, number) for number in range(INVOICES)]
    otherwise = 0
    for record, totals in records:
        lines = [TaxableAmount(amount=line.amount, taxable=line.taxable) for line in record.lines]
        percents = [Decimal(percent) for percent in CODES[record.tax_rate or 0]]
        whole = invoice_totals(
            lines=lines,
            discount_percent=record.discount_percent,
            discount_amount=record.discount_amount,
            tax_percents=[sum(percents, Decimal(0))],
        )
        otherwise += whole.tax != totals.tax
    assert otherwise > INVOICES // 20
