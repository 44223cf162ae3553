"""Every reason for which a person is needed, with the words on its card.

`tests/architecture/test_reasons.py` compares this with the product's own, and sees that a browser test
brings each of them about.
"""

TITLES = {
    "likely_pair": "May be the same",
    "name_taken": "Name is taken",
    "cannot_hold": "QuickBooks cannot hold it",
    "refused_there": "Refused by QuickBooks",
    "refused_here": "Cannot be taken",
    "changed_there": "Changed in QuickBooks",
    "edited_on_both": "Changed on both sides",
    "removed_there": "Removed in QuickBooks",
    "merged_there": "Merged in QuickBooks",
    "merged_here": "Merged here",
    "cannot_remove": "Cannot be removed",
    "edited_after_payment": "Changed after payment",
    "number_taken": "Number is taken",
    "look_alike": "Entered twice?",
    "already_paid": "Paid already?",
    "older_invoice": "Older invoice",
    "tax_not_mapped": "Tax rate not chosen",
    "sales_tax_off": "Sales tax is off",
    "tax_reckoned": "Tax comes out otherwise",
    "automated_tax": "QuickBooks' own tax",
    "discounts_off": "Discounts are off",
    "estimates_off": "Estimates are off",
    "no_account": "No account chosen",
    "books_closed": "Books are closed",
    "inactive_there": "Inactive in QuickBooks",
    "inactive_here": "Inactive here",
    "stored_differently": "Another total",
    "in_doubt": "Is it there already?",
    "only_there": "Only in QuickBooks",
    "credit_applied": "Credit was applied",
    "pay_link": "Pay link?",
}
