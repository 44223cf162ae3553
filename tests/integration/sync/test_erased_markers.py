"""A backup is restored, and somebody there has erased a marker since: what may be ours is named."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from quickbooks_sync.models import Issue
from quickbooks_sync.recovery import restored
from quickbooks_sync.resolving import resolve
from quickbooks_sync.resolving.offers import answers_of
from quickbooks_sync.wording.reasons import issue_sentence
from service_genius.customers import operations as customers
from service_genius.invoices import operations as invoices
from service_genius.payments import operations as payments
from service_genius.work_codes import operations as work_codes
from tests.integration.sync.restoring import answered, forget, invoice, payment
from tests.world import World

OLDER = date(2026, 2, 2)


def test_an_original_without_its_marker_is_named_beside_an_edited_copy_that_bears_it(selling: World) -> None:
    invoice(selling, "1001")
    forget(selling, selling.sync)
    [sent] = selling.there("Invoice")
    body = {name: sent[name] for name in ("Line", "CustomerRef", "PrivateNote", "TxnDate")}
    copy = selling.post("invoice", {**body, "DocNumber": "C-98"})
    copy = selling.post("invoice", {**copy, "DueDate": "2026-05-05"})
    selling.post("invoice", {**sent, "PrivateNote": ""})

    answered(selling)

    [asked] = Issue.objects.all()
    assert asked.reason == "in_doubt"
    assert {each["remote_id"] for each in asked.details["candidates"]} == {sent["Id"], copy["Id"]}


@pytest.mark.parametrize("renamed", [False, True])
@pytest.mark.parametrize("enter", [invoice, payment])
def test_what_bears_no_marker_any_more_is_named_though_its_customer_was_forgotten_too(
    world: World,
    enter: Callable[[World, str], Any],
    renamed: bool,  # noqa: FBT001
) -> None:
    work_codes.create(company=world.company, values={"name": "Service Call", "price": Decimal(100)})
    world.full()
    ben = customers.create(company=world.company, values={"display_name": "Ben Cole"})
    one = enter(world, "77")
    forget(world, world.sync)
    restored.begin_new_epoch()
    entity = type(one).__name__
    [sent] = world.there(entity)
    world.post(entity.lower(), {**sent, "PrivateNote": "Ask for the receipt"})
    if renamed:
        customers.update(company=world.company, id=ben.pk, values={"display_name": "Benjamin Cole"})

    answered(world)
    world.sync()

    assert len(world.there(entity)) == 1
    asked = Issue.objects.filter(link__kind=entity.lower(), reason="in_doubt")
    named = [each["remote_id"] for issue in asked for each in issue.details["candidates"]]
    assert named == [sent["Id"]]


@pytest.mark.parametrize("name", ["Ben Cole", "Benjamin Cole"])
def test_what_bears_no_marker_is_no_question_at_the_invoice_of_another_customer(
    selling: World, name: str
) -> None:
    ben = customers.create(company=selling.company, values={"display_name": "Ben Cole"})
    invoice(selling, "77", "Ben")
    forget(selling, selling.sync)
    restored.begin_new_epoch()
    [sent] = selling.there("Invoice")
    selling.post("invoice", {**sent, "PrivateNote": ""})
    customers.update(company=selling.company, id=ben.pk, values={"display_name": name})
    invoice(selling, "78", "Amelia")

    answered(selling)

    assert {label for label in selling.issues() if "Invoice" in label} == {"Invoice 77"}
    assert [row["DocNumber"] for row in selling.there("Invoice")] == ["77", "78"]


@pytest.mark.parametrize("enter", [invoice, payment])
def test_what_is_voided_after_a_restore_is_named_though_its_marker_was_erased(
    selling: World, enter: Callable[[World, str], Any]
) -> None:
    one = enter(selling, "77")
    forget(selling, selling.sync)
    restored.begin_new_epoch()
    entity = type(one).__name__
    [sent] = selling.there(entity)
    selling.post(entity.lower(), {**sent, "PrivateNote": ""})
    void = invoices.void if enter is invoice else payments.void
    void(company=selling.company, id=one.pk)

    answered(selling)

    assert list(selling.issues().values()) == ["in_doubt"]
    asked = Issue.objects.get()
    assert [each["remote_id"] for each in asked.details["candidates"]] == [sent["Id"]]
    assert "the one that you choose is to become void there, too" in issue_sentence(asked)
    resolve.carry_out(asked, "same", value=sent["Id"])
    selling.sync()
    assert [row["TotalAmt"] for row in selling.there(entity)] == [0]
    assert selling.issues() == {}


def test_what_is_void_here_and_none_of_those_there_is_not_sent(selling: World) -> None:
    one = invoice(selling, "77")
    forget(selling, selling.sync)
    restored.begin_new_epoch()
    [sent] = selling.there("Invoice")
    selling.post("invoice", {**sent, "PrivateNote": ""})
    invoices.void(company=selling.company, id=one.pk)
    answered(selling)
    asked = Issue.objects.get()

    none_of_these, _ = answers_of(asked)
    assert none_of_these.label == "It is none of these"
    told = resolve.carry_out(asked, none_of_these.what, value="")

    assert told == "“Invoice 77” is kept as a record of its own."
    assert selling.sync().calls["write_batches"] == 0
    assert [row["TotalAmt"] for row in selling.there("Invoice")] == [sent["TotalAmt"]]
    assert selling.issues() == {}


def test_what_was_voided_before_it_was_ever_sent_is_asked_about_only_if_it_shares_something(
    selling: World,
) -> None:
    old = invoice(selling, "76")
    invoices.update(company=selling.company, id=old.pk, values={"date": OLDER, "due_date": OLDER})
    invoices.void(company=selling.company, id=old.pk)
    invoice(selling, "77")
    forget(selling, selling.sync)
    restored.begin_new_epoch()
    [sent] = selling.there("Invoice")
    selling.post("invoice", {**sent, "PrivateNote": ""})

    answered(selling)

    assert selling.issues() == {"Invoice 77": "in_doubt"}
