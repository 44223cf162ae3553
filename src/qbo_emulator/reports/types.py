"""What documents are called in reports, and in the parameter `transaction_type` (facts K4).

Purchases are of several sorts; all else is called by its entity.
"""

from collections.abc import Mapping

SORTS: Mapping[str, tuple[str, str]] = {
    "Invoice": ("Invoice", "Invoice"),
    "Payment": ("Payment", "ReceivePayment"),
    "CreditMemo": ("Credit Memo", "CreditMemo"),
    "SalesReceipt": ("Sales Receipt", "SalesReceipt"),
    "RefundReceipt": ("Refund", "CreditRefund"),
    "Estimate": ("Estimate", "Estimate"),
    "StatementCharge": ("Statement Charge", "Charge"),
    "JournalEntry": ("Journal Entry", "JournalEntry"),
    "Deposit": ("Deposit", "Deposit"),
    "Check": ("Check", "Check"),
    "Expense": ("Expense", "CashPurchase"),
    "CreditCardExpense": ("Credit Card Expense", "CreditCardCharge"),
    "CreditCardCredit": ("Credit Card Credit", "CreditCardCredit"),
    "Bill": ("Bill", "Bill"),
    "BillPayment": ("Bill Payment (Check)", "BillPaymentCheck"),
    "VendorCredit": ("Vendor Credit", "VendorCredit"),
    "Transfer": ("Transfer", "Transfer"),
}
# Entities whose documents a list of transactions holds, and the sorts whose amount goes out.
ENTITIES = (
    *("Invoice", "Payment", "CreditMemo", "SalesReceipt", "RefundReceipt", "Estimate", "StatementCharge"),
    *("JournalEntry", "Deposit", "Purchase", "Bill", "BillPayment", "VendorCredit", "Transfer"),
)
OUT = frozenset(
    ["CreditMemo", "RefundReceipt", "Check", "Expense", "CreditCardExpense", "BillPayment", "VendorCredit"]
)
