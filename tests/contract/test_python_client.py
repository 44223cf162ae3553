"""python-quickbooks, unmodified, keeps every entity it has a class for and the emulator works with."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

import pytest
from quickbooks import QuickBooks
from quickbooks.batch import batch_create, batch_delete, batch_update
from quickbooks.cdc import change_data_capture
from quickbooks.exceptions import (
    AuthorizationException,
    ObjectNotFoundException,
    QuickbooksException,
    UnsupportedException,
    ValidationException,
)
from quickbooks.objects.account import Account
from quickbooks.objects.attachable import Attachable
from quickbooks.objects.bill import Bill
from quickbooks.objects.billpayment import BillPayment
from quickbooks.objects.budget import Budget
from quickbooks.objects.company_info import CompanyInfo
from quickbooks.objects.companycurrency import CompanyCurrency
from quickbooks.objects.creditcardpayment_entity import CreditCardPayment
from quickbooks.objects.creditmemo import CreditMemo
from quickbooks.objects.customer import Customer
from quickbooks.objects.customertype import CustomerType
from quickbooks.objects.department import Department
from quickbooks.objects.employee import Employee
from quickbooks.objects.estimate import Estimate
from quickbooks.objects.exchangerate import ExchangeRate
from quickbooks.objects.invoice import Invoice
from quickbooks.objects.item import Item
from quickbooks.objects.journalentry import JournalEntry
from quickbooks.objects.payment import Payment, PaymentLine
from quickbooks.objects.paymentmethod import PaymentMethod
from quickbooks.objects.preferences import Preferences
from quickbooks.objects.purchase import Purchase
from quickbooks.objects.purchaseorder import PurchaseOrder
from quickbooks.objects.refundreceipt import RefundReceipt
from quickbooks.objects.salesreceipt import SalesReceipt
from quickbooks.objects.taxagency import TaxAgency
from quickbooks.objects.taxcode import TaxCode
from quickbooks.objects.taxrate import TaxRate
from quickbooks.objects.term import Term
from quickbooks.objects.timeactivity import TimeActivity
from quickbooks.objects.trackingclass import Class
from quickbooks.objects.transfer import Transfer
from quickbooks.objects.vendor import Vendor
from quickbooks.objects.vendorcredit import VendorCredit

from tests.contract.books import Books
from tests.contract.python_client import (
    account,
    buyer,
    client,
    deposit,
    form,
    having,
    journal_entry,
    link,
    other,
)

__all__ = ["client"]


# What is made, and the member that is changed afterwards.
KEPT: dict[str, tuple[Callable[[QuickBooks], Any], dict[str, Any]]] = {
    "Customer": (lambda _: having(Customer(), DisplayName="New"), {"Notes": "changed"}),
    "Vendor": (lambda _: having(Vendor(), DisplayName="New"), {"AcctNum": "7"}),
    "Employee": (lambda _: having(Employee(), GivenName="New", FamilyName="Hand"), {"EmployeeNumber": "7"}),
    "Item": (
        lambda client: having(Item(), Name="New", Type="Service", IncomeAccountRef=account(client, 1)),
        {"Description": "changed"},
    ),
    "Account": (lambda _: having(Account(), Name="New", AccountType="Bank"), {"AcctNum": "7"}),
    "Term": (lambda _: having(Term(), Name="New", DueDays=9), {"DueDays": 8}),
    "PaymentMethod": (lambda _: having(PaymentMethod(), Name="New"), {"Type": "CREDIT_CARD"}),
    "Class": (lambda _: having(Class(), Name="New"), {"Name": "Newer"}),
    "Department": (lambda _: having(Department(), Name="New"), {"Name": "Newer"}),
    "Estimate": (lambda client: form(Estimate(), client), {"PrivateNote": "changed"}),
    "Invoice": (lambda client: form(Invoice(), client), {"PrivateNote": "changed"}),
    "CreditMemo": (lambda client: form(CreditMemo(), client), {"PrivateNote": "changed"}),
    "SalesReceipt": (lambda client: form(SalesReceipt(), client), {"PrivateNote": "changed"}),
    "RefundReceipt": (
        lambda client: form(RefundReceipt(), client, DepositToAccountRef=account(client, 35)),
        {"PrivateNote": "changed"},
    ),
    "Payment": (
        lambda client: having(Payment(), CustomerRef=buyer(client).to_ref(), TotalAmt=5),
        {"PrivateNote": "changed"},
    ),
    "Attachable": (lambda _: having(Attachable(), Note="New"), {"Note": "changed"}),
    "CompanyCurrency": (lambda _: having(CompanyCurrency(), Code="EUR", Name="Euro"), {"Name": "changed"}),
    "Deposit": (deposit, {"PrivateNote": "changed"}),
    "JournalEntry": (journal_entry, {"PrivateNote": "changed"}),
    **{
        cls.qbo_object_name: (partial(other, cls), {"PrivateNote": "changed"})
        for cls in (
            *(Bill, BillPayment, CreditCardPayment, Purchase, PurchaseOrder, TimeActivity),
            *(Transfer, VendorCredit),
        )
    },
}


@pytest.mark.parametrize("entity", KEPT)
def test_it_makes_reads_changes_queries_and_counts(client: QuickBooks, entity: str) -> None:
    make, change = KEPT[entity]
    made = make(client)
    made.save(qb=client)
    cls = type(made)
    read = cls.get(int(made.Id), qb=client)
    assert read.SyncToken == "0"
    having(read, **change).save(qb=client)
    (found,) = cls.where(f"Id = '{made.Id}'", qb=client)
    assert found.SyncToken == "1"
    assert {name: getattr(found, name) for name in change} == change
    assert cls.count(f"Id = '{made.Id}'", qb=client) == 1
    if hasattr(found, "delete"):
        assert found.delete(qb=client)[cls.qbo_json_object_name or entity]["status"] == "Deleted"
        with pytest.raises(ObjectNotFoundException):
            cls.get(int(made.Id), qb=client)


def test_it_lists_the_items_with_every_member(client: QuickBooks) -> None:
    """It asks for `*, Sku`."""
    assert all(item.Type and item.IncomeAccountRef for item in Item.all(qb=client))


@pytest.mark.parametrize("cls", [CompanyInfo, TaxCode, TaxRate, TaxAgency])
def test_it_lists_what_is_only_read(client: QuickBooks, cls: Any) -> None:
    assert cls.all(qb=client)


@pytest.mark.parametrize(
    "cls",
    [
        *(Attachable, Bill, BillPayment, Budget, CompanyCurrency, CustomerType, ExchangeRate, JournalEntry),
        *(Purchase, PurchaseOrder, TimeActivity, Transfer, VendorCredit),
    ],
)
def test_it_finds_what_was_loaded_of_all_the_rest(client: QuickBooks, books: Books, cls: Any) -> None:
    assert cls.all(qb=client) == []
    books.emulator.load(books.realm, {cls.qbo_object_name: [{"Id": "77", "SyncToken": "0"}]})
    assert [one.Id for one in cls.all(qb=client)] == ["77"]
    assert cls.count(qb=client) == 1


def test_it_reads_the_preferences(client: QuickBooks) -> None:
    assert Preferences.get(qb=client).SalesFormsPrefs.CustomTxnNumbers is True


def test_it_pays_an_invoice_with_money_and_a_credit_memo(client: QuickBooks, books: Books) -> None:
    books.emulator.preferences(books.realm, SalesFormsPrefs={"AutoApplyCredit": False})
    invoice = form(Invoice(), client).save(qb=client)
    memo = form(CreditMemo(), client).save(qb=client)
    invoice_line = having(PaymentLine(), Amount=100, LinkedTxn=[invoice.to_linked_txn()])
    memo_line = having(PaymentLine(), Amount=40, LinkedTxn=[link(memo, "CreditMemo")])
    payment = having(Payment(), CustomerRef=buyer(client).to_ref(), TotalAmt=60)
    having(payment, Line=[invoice_line, memo_line]).save(qb=client)
    assert Invoice.get(int(invoice.Id), qb=client).Balance == 0
    assert CreditMemo.get(int(memo.Id), qb=client).RemainingCredit == 60
    payment.void(qb=client)
    assert Invoice.get(int(invoice.Id), qb=client).Balance == 100


@pytest.mark.parametrize("number", [25, 30, 31])
def test_it_makes_changes_and_deletes_by_batch(client: QuickBooks, number: int) -> None:
    made = batch_create([form(Invoice(), client) for _ in range(number)], qb=client)
    assert (len(made.successes), made.faults) == (number, [])
    invoices = Invoice.all(max_results=1000, qb=client)
    changed = batch_update([having(one, PrivateNote="changed") for one in invoices], qb=client)
    assert (len(changed.successes), changed.faults) == (number, [])
    gone = batch_delete(Invoice.all(max_results=1000, qb=client), qb=client)
    assert (len(gone.successes), gone.faults) == (number, [])
    assert Invoice.count(qb=client) == 0


def test_a_fault_in_a_batch_stands_at_its_item(client: QuickBooks) -> None:
    same = [having(Customer(), DisplayName="Same") for _ in range(2)]
    made = batch_create(same, qb=client)
    assert len(made.successes) == 1
    ((fault,),) = [one.Error for one in made.faults]
    assert fault.code == "6240"


def test_it_captures_changes(client: QuickBooks) -> None:
    invoice = form(Invoice(), client).save(qb=client)
    Invoice.get(int(invoice.Id), qb=client).delete(qb=client)
    since = datetime.now(UTC) - timedelta(hours=1)
    changes = change_data_capture([Invoice, Customer], since.isoformat(), qb=client)
    assert [one.status for one in changes.Invoice._object_list] == ["Deleted"]
    assert "Buyer" in [one.DisplayName for one in changes.Customer._object_list]


def test_it_knows_the_faults_by_their_kind(client: QuickBooks, books: Books) -> None:
    having(Customer(), DisplayName="Taken").save(qb=client)
    with pytest.raises(QuickbooksException) as duplicate:
        having(Customer(), DisplayName="Taken").save(qb=client)
    assert duplicate.value.error_code == 6240
    with pytest.raises(ValidationException) as missing:
        having(Invoice(), CustomerRef=buyer(client).to_ref()).save(qb=client)
    assert missing.value.error_code == 2020
    with pytest.raises(ValidationException) as query:
        Customer.where("Nonsense = 'x'", qb=client)
    assert query.value.error_code == 4001
    with pytest.raises(UnsupportedException):
        TaxAgency.all(qb=client)[0].save(qb=client)
    books.emulator.fault("unauthorized")
    with pytest.raises(AuthorizationException):
        Customer.all(qb=client)
