"""What is compared of a customer, worked out once.

Deliberately absent: notes, and whether it is taxed; neither tells two customers apart.
"""

from dataclasses import dataclass

from quickbooks_sync.planner.records import CustomerRecord

from . import contacts
from .contacts import Place
from .names import Name, take_apart, take_apart_both


@dataclass(frozen=True, slots=True, kw_only=True)
class Features:
    """A customer as it is compared."""

    name: Name
    """Its display name."""
    firm: Name | None = None
    """Its company name, where that is another one."""
    person: Name | None = None
    """Given and family name, where they are another one."""
    other: Name | None = None
    """The other name that stands in its display name: who trades under it, who is to be asked for."""
    other_words: str = ""
    is_person: bool = False
    """Whether its display name is that of the person with this given and family name."""
    given: str = ""
    """The first of its given names, where it is a person."""
    emails: frozenset[str] = frozenset()
    phones: frozenset[str] = frozenset()
    billing: Place | None = None
    service: Place | None = None
    parent: int | None = None
    """The local id of the customer above it, on both sides."""
    active: bool = True

    @property
    def names(self) -> tuple[Name, ...]:
        return tuple(each for each in (self.name, self.firm, self.person, self.other) if each is not None)

    @property
    def is_known(self) -> bool:
        """Whether anything is known beside the names that could agree."""
        return bool(self.phones or self.emails or self.places)

    @property
    def places(self) -> tuple[Place, ...]:
        return tuple(each for each in (self.billing, self.service) if each is not None)


def of_customer(record: CustomerRecord) -> Features:
    """What is compared of a customer."""
    called = f"{record.given_name} {record.family_name}".strip()
    person = take_apart(called, person=True) if called else None
    firm = take_apart(record.company_name) if record.company_name.strip() else None
    written = take_apart_both(record.display_name)
    if person is not None and set(person.words) & set(written.name.words):
        written = take_apart_both(record.display_name, person=True)
    name = written.name
    is_person = person is not None and _is_named(name, person)
    given = take_apart(record.given_name, person=True).words[:1] if record.given_name.strip() else ()
    return Features(
        name=name,
        firm=firm if firm is not None and firm.bag != name.bag else None,
        other=written.other,
        other_words=written.words,
        is_person=is_person,
        given="".join(given) if is_person else "",
        person=person if person is not None and person.bag != name.bag else None,
        emails=contacts.emails(record.email),
        phones=contacts.phones(record.phone, record.mobile),
        billing=contacts.place(
            street=record.billing_street, town=record.billing_city, postal_code=record.billing_postal_code
        ),
        service=contacts.place(
            street=record.service_street, town=record.service_city, postal_code=record.service_postal_code
        ),
        parent=record.parent,
        active=record.active,
    )


def _is_named(name: Name, person: Name) -> bool:
    """Whether a name is somebody's, middle names aside: Joe Smith Plumbing is a firm."""
    ends = {name.words[0], name.words[-1]}
    return ends <= set(person.words) <= set(name.words)
