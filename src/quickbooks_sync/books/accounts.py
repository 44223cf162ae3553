"""Who belongs to which account: a customer with all below it, as QuickBooks has them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from quickbooks_sync.access.connection import facts_of
from quickbooks_sync.kinds import KINDS
from quickbooks_sync.kinds.base import reference
from quickbooks_sync.models import Connection, Link, Remote
from service_genius.customers.models import Customer
from service_genius.shared.money import cents

#: Those that owe.
OWING = next(kind for kind in KINDS if kind.owes)
#: Begins the key of an account that QuickBooks does not have.
ONLY_HERE = "here:"
ZERO = Decimal(0)


@dataclass(frozen=True, kw_only=True)
class Accounts:
    """The accounts of both sides."""

    of_remote: Mapping[str, str]
    """Remote id of a customer -> key of its account."""
    of_local: Mapping[int, str]
    owed: Mapping[str, Decimal]
    """By key: what QuickBooks says the account owes."""
    foreign: frozenset[str]
    """Keys of accounts that are kept in another currency: nothing of them is compared."""

    def there(self, remote_id: str) -> str:
        """The account of a customer in QuickBooks; one that was never seen is its own."""
        return self.of_remote.get(remote_id, remote_id)


def read(connection: Connection) -> Accounts:
    """The accounts as both sides have them now; QuickBooks as last seen."""
    rows = Remote.objects.filter(connection=connection, entity=OWING.entity)
    found = list(rows.values_list("remote_id", "parent_id_there", "balance", "deleted"))
    of_remote = _roots({remote_id: parent for remote_id, parent, *_ in found})
    owed: dict[str, Decimal] = {}
    for remote_id, _, balance, deleted in found:
        key = of_remote[remote_id]
        owed[key] = owed.get(key, ZERO) + (ZERO if deleted else cents(balance or ZERO))
    of_local = _local(connection, of_remote)
    foreign = _foreign(connection, of_remote, of_local)
    return Accounts(
        of_remote=of_remote,
        of_local=of_local,
        owed={key: amount for key, amount in owed.items() if key not in foreign},
        foreign=foreign,
    )


def _roots(parents: Mapping[str, str]) -> dict[str, str]:
    """Each with the topmost above it."""
    roots: dict[str, str] = {}
    for each in parents:
        path = [each]
        while (above := parents.get(path[-1], "")) and above in parents and above not in path:
            path.append(above)
        roots |= dict.fromkeys(path, path[-1])
    return roots


def _local(connection: Connection, of_remote: Mapping[str, str]) -> dict[int, str]:
    """The account of each customer here: its counterpart's, else that of who is above it, else its own."""
    links = Link.objects.filter(
        connection=connection, kind=OWING.name, local_id__isnull=False, remote__isnull=False
    )
    counterpart = dict(links.values_list("local_id", "remote__remote_id"))
    parents = dict(Customer.objects.filter(company=connection.company_id).values_list("pk", "parent"))
    found: dict[int, str] = {}
    for pk in parents:
        at: int | None = pk
        top = pk
        while at is not None and at not in counterpart:
            top, at = at, parents.get(at)
        found[pk] = of_remote.get(counterpart[at], counterpart[at]) if at is not None else f"{ONLY_HERE}{top}"
    return found


def _foreign(
    connection: Connection, of_remote: Mapping[str, str], of_local: Mapping[int, str]
) -> frozenset[str]:
    """Accounts in another currency: it stands at a customer here; of the others their objects tell."""
    abroad = Customer.objects.filter(company=connection.company_id).exclude(currency="")
    found = {of_local[pk] for pk in abroad.values_list("pk", flat=True)}
    rows = Remote.objects.filter(connection=connection, entity=OWING.entity, link__local_id=None)
    home = facts_of(connection).home_currency
    found |= {
        of_remote[remote.remote_id]
        for remote in rows.exclude(balance=None).exclude(balance=ZERO)
        if reference(remote.payload, "CurrencyRef") not in {"", home}
    }
    return frozenset(found)


def names(connection: Connection, keys: Iterable[str]) -> dict[str, str]:
    """What the accounts are called: as here where they are here, else as in QuickBooks."""
    wanted = list(keys)
    local = {int(key.removeprefix(ONLY_HERE)): key for key in wanted if key.startswith(ONLY_HERE)}
    rows = Customer.objects.filter(company=connection.company_id, pk__in=local)
    called = {local[pk]: name for pk, name in rows.values_list("pk", "display_name")}
    remotes = Remote.objects.filter(connection=connection, entity=OWING.entity, remote_id__in=wanted)
    return called | dict(remotes.values_list("remote_id", "name"))
