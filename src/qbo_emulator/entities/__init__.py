"""Every entity the emulator knows; one more is one more file here and one more line in this list.

What an entity may hold, and what its writes do to others. Absent on purpose: the course of a write, and HTTP.
"""

from qbo_emulator.entities.account import ACCOUNT
from qbo_emulator.entities.company import COMPANY_INFO, PREFERENCES
from qbo_emulator.entities.credit import CREDIT_MEMO
from qbo_emulator.entities.customer import CUSTOMER
from qbo_emulator.entities.definition import Entity
from qbo_emulator.entities.deposit import DEPOSIT
from qbo_emulator.entities.estimate import ESTIMATE
from qbo_emulator.entities.invoice import INVOICE
from qbo_emulator.entities.item import ITEM
from qbo_emulator.entities.journal_entry import JOURNAL_ENTRY
from qbo_emulator.entities.lists import (
    CLASS,
    DEPARTMENT,
    PAYMENT_METHOD,
    TAX_AGENCY,
    TAX_CODE,
    TAX_RATE,
    TERM,
)
from qbo_emulator.entities.others import OTHERS
from qbo_emulator.entities.payment import PAYMENT
from qbo_emulator.entities.people import EMPLOYEE, VENDOR
from qbo_emulator.entities.purchase import PURCHASE
from qbo_emulator.entities.receipts import REFUND_RECEIPT, SALES_RECEIPT

ENTITIES: tuple[Entity, ...] = (
    COMPANY_INFO,
    PREFERENCES,
    ACCOUNT,
    TAX_AGENCY,
    TAX_CODE,
    TAX_RATE,
    TERM,
    PAYMENT_METHOD,
    CLASS,
    DEPARTMENT,
    EMPLOYEE,
    VENDOR,
    CUSTOMER,
    ITEM,
    ESTIMATE,
    INVOICE,
    CREDIT_MEMO,
    PAYMENT,
    SALES_RECEIPT,
    REFUND_RECEIPT,
    DEPOSIT,
    JOURNAL_ENTRY,
    PURCHASE,
    *OTHERS,
)

_BY_NAME = {name.lower(): entity for entity in ENTITIES for name in (entity.name, entity.member)}


def entity_named(name: str) -> Entity | None:
    """Find an entity; its name is written in any case."""
    return _BY_NAME.get(name.lower())
