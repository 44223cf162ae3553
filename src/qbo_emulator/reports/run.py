"""Answer a report: which there are, and what a name gets that is none (facts K1, K2)."""

from collections.abc import Callable, Mapping

from qbo_emulator.ground import refusals
from qbo_emulator.ground.values import encode
from qbo_emulator.reports.asked import Asked
from qbo_emulator.reports.form import Report
from qbo_emulator.reports.receivables import (
    aged_receivables,
    customer_balance,
    customer_balance_detail,
)
from qbo_emulator.reports.transactions import transaction_list
from qbo_emulator.storage.realm import Realm
from qbo_emulator.storage.store import Store

REPORTS: dict[str, Callable[[Asked], Report]] = {
    "CustomerBalance": customer_balance,
    "CustomerBalanceDetail": customer_balance_detail,
    "AgedReceivables": aged_receivables,
    "TransactionList": transaction_list,
}
# Of the modern service, and not made here; who answers calls refuses them as what is not there.
_OTHERS = (
    "AccountListDetail AgedPayables AgedPayableDetail AgedReceivableDetail BalanceSheet CashFlow "
    "ClassSales CustomerIncome CustomerSales DepartmentSales GeneralLedger InventoryValuationSummary "
    "InventoryValuationDetail ItemSales JournalReport ProfitAndLoss ProfitAndLossDetail TaxSummary "
    "TransactionListByCustomer TransactionListByVendor TransactionListWithSplits TrialBalance "
    "VendorBalance VendorBalanceDetail VendorExpenses"
)
ABSENT = frozenset(_OTHERS.split())


def answer(store: Store, realm: str, name: str, arguments: Mapping[str, str]) -> str:
    """Return the JSON of a report."""
    if name not in REPORTS:
        raise refusals.no_such_report(name)
    with store.reading() as connection:
        view = Realm(store=store, connection=connection, realm_id=realm)
        report = REPORTS[name](Asked(name=name, realm=view, arguments=arguments))
        return encode(report.as_json(seconds=store.clock.seconds()))
