"""Purchase: a cheque, an expense, or what a credit card paid.

Stored by the general rules, but for what concerns customers (facts E18): a line on Accounts Receivable is a
refund, and raises what its customer owes.
"""

from dataclasses import replace

from qbo_emulator.entities import others, receivables
from qbo_emulator.ground.values import Json
from qbo_emulator.storage.realm import Realm

NAME = "Purchase"


def complete(realm: Realm, wanted: Json, stored: Json | None) -> Json:
    body = others.complete_transaction(realm, wanted, stored)
    receivables.check(realm, NAME, body)
    return body


def settle(realm: Realm, before: Json | None, after: Json | None) -> None:
    others.settle(realm, before, after)
    receivables.settle(realm, NAME, before, after)


PURCHASE = replace(others.transaction(NAME), complete=complete, settle=settle)
