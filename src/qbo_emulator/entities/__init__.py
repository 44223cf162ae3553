"""Every entity the emulator knows; one more is one more file here and one more line in this list."""

from qbo_emulator.entities.company import COMPANY_INFO, PREFERENCES
from qbo_emulator.entities.customer import CUSTOMER
from qbo_emulator.entities.definition import Entity
from qbo_emulator.entities.invoice import INVOICE
from qbo_emulator.entities.item import ITEM
from qbo_emulator.entities.lists import ACCOUNT, EMPLOYEE, PAYMENT_METHOD, TAX_CODE, TAX_RATE, TERM
from qbo_emulator.entities.other_sales import CREDIT_MEMO, ESTIMATE, REFUND_RECEIPT, SALES_RECEIPT
from qbo_emulator.entities.payment import PAYMENT
from qbo_emulator.entities.vendor import VENDOR

ENTITIES: tuple[Entity, ...] = (
    COMPANY_INFO,
    PREFERENCES,
    ACCOUNT,
    TAX_CODE,
    TAX_RATE,
    TERM,
    PAYMENT_METHOD,
    EMPLOYEE,
    VENDOR,
    CUSTOMER,
    ITEM,
    INVOICE,
    PAYMENT,
    SALES_RECEIPT,
    CREDIT_MEMO,
    REFUND_RECEIPT,
    ESTIMATE,
)

_BY_NAME = {entity.name.lower(): entity for entity in ENTITIES}


def entity_named(name: str) -> Entity | None:
    """Find an entity; its name is written in any case."""
    return _BY_NAME.get(name.lower())
