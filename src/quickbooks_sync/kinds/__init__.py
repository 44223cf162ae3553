"""The Kinds, in the order in which they are sent: what others refer to comes first.

What a Kind is stands at the Kind. Absent on purpose: when it is sent, and what becomes of an answer.
"""

from .base import Kind as Kind
from .customer import CustomerKind
from .estimate import EstimateKind
from .invoice import InvoiceKind
from .payment import PaymentKind
from .work_code import WorkCodeKind

KINDS: tuple[Kind, ...] = (CustomerKind(), WorkCodeKind(), EstimateKind(), InvoiceKind(), PaymentKind())
KIND = {kind.name: kind for kind in KINDS}
KIND_OF_ENTITY = {kind.entity: kind for kind in KINDS}
LISTS = tuple(kind for kind in KINDS if not kind.money)
MONEY = tuple(kind for kind in KINDS if kind.money)


def one_of(kind: str) -> str:
    """What one record of a Kind is called."""
    return KIND[kind].title.removesuffix("s")


#: Looked at for the names they hold; nothing of them is synced.
NAME_ENTITIES = ("Vendor", "Employee")
