"""What a client asks of a report (facts K2): dates, basis, customers; and what of it this emulator lacks."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from qbo_emulator.ground import refusals
from qbo_emulator.storage.realm import Realm

DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
BASES = {"accrual": "Accrual", "cash": "Cash"}
# Documented for a report of receivables, and not carried out: refused, never passed over in silence.
_DOCUMENTED = (
    "arpaid date_macro department term shipvia start_duedate end_duedate columns sort_by sort_order group_by "
    "summarize_column_by aging_period num_periods past_due start_createdate end_createdate "
    "start_moddate end_moddate qzurl class vendor account memo docnum name"
)
ABSENT = frozenset(_DOCUMENTED.split())


@dataclass(frozen=True, kw_only=True)
class Asked:
    """The parameters of one report, checked; what nobody knows is passed over."""

    name: str
    realm: Realm
    arguments: Mapping[str, str]

    def check(self, *, takes: frozenset[str] = frozenset()) -> None:
        for name in sorted(self.arguments):
            if name in ABSENT - takes:
                raise refusals.unsupported(f"report parameter {name}")

    @property
    def basis(self) -> str:
        chosen = self.arguments.get("accounting_method", "")
        if not chosen:
            default = self.realm.preferences.get("ReportPrefs", {}).get("ReportBasis", "Accrual")
            return str(default)
        if chosen.lower() not in BASES:
            raise refusals.invalid_enumeration(chosen, "accounting_method")
        return BASES[chosen.lower()]

    @property
    def report_date(self) -> str:
        return self.day("report_date") or self.realm.today

    @property
    def customers(self) -> frozenset[str]:
        """The ids of the customers asked for; none is all of them."""
        return frozenset(one.strip() for one in self.arguments.get("customer", "").split(",") if one.strip())

    def day(self, name: str) -> str:
        written = self.arguments.get(name, "")
        if not written:
            return ""
        if not DAY.fullmatch(written):
            raise refusals.invalid_date_format(written, name)
        try:
            return date.fromisoformat(written).isoformat()
        except ValueError:
            raise refusals.invalid_date(written, name) from None

    def chosen(self, name: str, *values: str) -> str:
        """Return one of some words, the first one by default; their case does not count."""
        written = self.arguments.get(name, "") or values[0]
        for value in values:
            if value.lower() == written.lower():
                return value
        raise refusals.invalid_enumeration(written, name)
