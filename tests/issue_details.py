"""Details of one Issue of every reason, as the planner and the faults put them."""

from quickbooks_sync.planner.actions import Reason

#: What the planner and the faults put into `details`, reason by reason.
DETAILS: dict[Reason, dict[str, object]] = {
    Reason.LIKELY_PAIR: {
        "candidates": [
            {"remote_id": "7", "name": "Desert Rose LLC"},
            {"remote_id": "8", "name": "Desert Rose"},
        ]
    },
    Reason.NAME_TAKEN: {"name": "Northside", "proposal": "Northside (customer)", "holder": "Vendor"},
    Reason.CANNOT_HOLD: {"field": "E-mail", "what": "is too long", "way_out": "Shorten the e-mail."},
    Reason.REFUSED_THERE: {"faults": [{"code": "2050"}, {"code": "6240"}]},
    Reason.REFUSED_HERE: {"fields": {"name": ["This name is taken."]}},
    Reason.CHANGED_THERE: {"fields": ["price", "unit_price"]},
    Reason.EDITED_ON_BOTH: {"fields": ["due_date"]},
    Reason.REMOVED_THERE: {"how": "deactivated"},
    Reason.MERGED_THERE: {"name": "Amelia Hartwell", "here": True},
    Reason.MERGED_HERE: {"name": "Amelia Hartwell", "left": 3},
    Reason.CANNOT_REMOVE: {},
    Reason.EDITED_AFTER_PAYMENT: {"fields": ["lines", "memo", "due_date"]},
    Reason.NUMBER_TAKEN: {"number": "A-7"},
    Reason.LOOK_ALIKE: {"what": "number A-7", "holder": "Customer", "holder_id": "7"},
    Reason.OLDER_INVOICE: {"number": "A-7", "invoice": 1, "candidates": []},
    Reason.ALREADY_PAID: {"number": "A-7", "open": "10.00", "applied": "25.00"},
    Reason.TAX_NOT_MAPPED: {"rate": "Phoenix"},
    Reason.SALES_TAX_OFF: {},
    Reason.TAX_RECKONED: {"rate": "Phoenix", "percents": ["5.5", "1.5"], "here": "6.23", "there": "6.24"},
    Reason.AUTOMATED_TAX: {
        "fields": ["tax", "total"],
        "sent": {"tax": "8.01", "total": "108.01"},
        "stored": {"tax": "8.02", "total": "108.02"},
    },
    Reason.DISCOUNTS_OFF: {},
    Reason.ESTIMATES_OFF: {},
    Reason.NO_ACCOUNT: {"sort": "income"},
    Reason.BOOKS_CLOSED: {"date": "2026-02-05", "until": "2026-03-31", "removal": False},
    Reason.INACTIVE_THERE: {"kind": "customer", "local_id": 1, "name": "Amelia Hartwell"},
    Reason.INACTIVE_HERE: {"kind": "customer", "local_id": 1, "name": "Amelia Hartwell"},
    Reason.STORED_DIFFERENTLY: {"fields": ["tax"], "sent": {"tax": "8.01"}, "stored": {"tax": "8.02"}},
    Reason.IN_DOUBT: {
        "candidates": [{"remote_id": "7", "name": "A"}, {"remote_id": "8", "name": "A"}],
        "gone": 0,
        "why": "lost",
    },
    Reason.ONLY_THERE: {"candidates": [{"local_id": "3", "name": "Invoice 1001"}]},
    Reason.PAY_LINK: {},
    Reason.CREDIT_APPLIED: {"number": "A-7", "credit": "30.00", "open": "10.00", "applied": "25.00"},
}
