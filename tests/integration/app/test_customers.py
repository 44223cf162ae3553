"""Customers: what is refused and how that is said, levels, and leaving and coming back."""

from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from service_genius.companies.models import Company, User
from service_genius.customers import balances, operations, queries
from service_genius.customers.models import Customer
from service_genius.customers.tree import LEVELS_MAX

from .conftest import Books


def create(company: Company, name: str, **values: Any) -> Customer:
    return operations.create(company=company, values={"display_name": name, **values})


@pytest.mark.parametrize(
    ("values", "field", "sentence"),
    [
        ({"display_name": ""}, "display_name", "Name is needed."),
        ({"display_name": "   "}, "display_name", "Name is needed."),
        (
            {"display_name": "x" * 501},
            "display_name",
            "Name can have up to 500 characters; this has 501. Shorten it.",
        ),
        (
            {"display_name": "Main: Office"},
            "display_name",
            "A name cannot contain a colon. Leave it out, or write a dash.",
        ),
        (
            {"phone": "5" * 31},
            "phone",
            "Phone can have up to 30 characters; this has 31. Shorten it.",
        ),
        (
            {"email": "amelia at home"},
            "email",
            (
                "“amelia at home” is not an e-mail address. Write it like name@example.com, several with a "
                "comma between them, or leave it empty."
            ),
        ),
        (
            {"notes": "x" * 2001},
            "notes",
            "Notes can have up to 2,000 characters; this has 2,001. Shorten it.",
        ),
        (
            {"billing_street": "1\n2\n3\n4\n5\n6"},
            "billing_street",
            "An address can have up to 5 lines; this has 6. Join some of them.",
        ),
        (
            {"service_street": "1\n" + "x" * 501},
            "service_street",
            "A line of an address can have up to 500 characters; this has 501. Shorten it.",
        ),
    ],
)
def test_what_cannot_be_kept_is_refused_with_the_limit_and_the_way_out(
    values: dict[str, str], field: str, sentence: str, company: Company
):
    with pytest.raises(ValidationError) as refused:
        operations.create(company=company, values={"display_name": "Somebody", **values})
    assert refused.value.message_dict == {field: [sentence]}


def test_the_longest_values_are_kept_to_the_letter(company: Company):
    values = {"display_name": "n" * 500, "phone": "5" * 30, "notes": "ü" * 2000, "billing_city": "c" * 255}
    saved = Customer.objects.get(pk=operations.create(company=company, values=values).pk)
    assert {name: getattr(saved, name) for name in values} == values


def test_spaces_around_a_value_and_foreign_line_ends_are_not_kept(company: Company):
    customer = create(company, "  Amelia  ", billing_street="1 Main Street\r\nRear\r\n")
    assert (customer.display_name, customer.billing_street) == ("Amelia", "1 Main Street\nRear")


def test_a_name_is_one_line_without_tabs(company: Company):
    assert create(company, "One\tTwo\nThree\u00a0Four").display_name == "One Two Three Four"


def test_several_addresses_stand_with_a_comma_between_them(company: Company):
    customer = create(company, "Amelia", email=" a@hartwell.test;b@hartwell.test,, ")
    assert customer.email == "a@hartwell.test, b@hartwell.test"
    with pytest.raises(ValidationError, match="“b” is not an e-mail address"):
        create(company, "Ben", email="a@hartwell.test, b")


@pytest.mark.parametrize("twin", ["Amelia Hartwell", "AMELIA hartwell", " amelia hartwell "])
def test_a_name_is_taken_whatever_its_capitals(twin: str, company: Company):
    create(company, "Amelia Hartwell")
    with pytest.raises(ValidationError, match="There already is a customer named"):
        create(company, twin)


def test_capitals_outside_ascii_are_compared_too(company: Company):
    create(company, "Björk Élan")
    with pytest.raises(ValidationError, match="There already is"):
        create(company, "BJÖRK ÉLAN")


def test_two_companies_may_have_a_customer_of_the_same_name(books: Books, charlie: User):
    assert create(charlie.company, books.customer.display_name).pk


def test_the_same_name_may_stand_under_two_customers_but_not_twice_under_one(company: Company):
    first, second = create(company, "First"), create(company, "Second")
    create(company, "Unit 4B", parent=first.pk)
    create(company, "Unit 4B", parent=second.pk)
    create(company, "Unit 4B")
    with pytest.raises(ValidationError, match="There already is"):
        create(company, "unit 4b", parent=first.pk)


def test_the_name_of_an_inactive_customer_is_free(books: Books, company: Company):
    operations.deactivate(company=company, id=books.customer.pk)
    successor = create(company, "Amelia Hartwell")
    with pytest.raises(ValidationError, match="There already is"):
        operations.reactivate(company=company, id=books.customer.pk)
    operations.update(company=company, id=successor.pk, values={"display_name": "Amelia Hartwell Jr"})
    assert operations.reactivate(company=company, id=books.customer.pk).active


def test_a_customer_with_active_sub_customers_stays_active(company: Company):
    parent = create(company, "Evergreen Apartments")
    child = create(company, "Unit 4B", parent=parent.pk)
    with pytest.raises(ValidationError, match="Deactivate its sub-customers first"):
        operations.deactivate(company=company, id=parent.pk)
    operations.deactivate(company=company, id=child.pk)
    assert not operations.deactivate(company=company, id=parent.pk).active


def test_customers_stand_on_five_levels_and_no_more(company: Company):
    lowest = create(company, "Level 1")
    for level in range(2, LEVELS_MAX + 1):
        lowest = create(company, f"Level {level}", parent=lowest.pk)
    assert Customer.objects.get(pk=lowest.pk).full_name == "Level 1: Level 2: Level 3: Level 4: Level 5"
    with pytest.raises(ValidationError, match="up to 5 levels"):
        create(company, "Level 6", parent=lowest.pk)
    top = create(company, "Above all")
    with pytest.raises(ValidationError, match="up to 5 levels"):
        operations.update(
            company=company, id=Customer.objects.get(display_name="Level 1").pk, values={"parent": top.pk}
        )


def test_a_customer_never_stands_below_itself(company: Company):
    parent = create(company, "Parent")
    child = create(company, "Child", parent=parent.pk)
    for above in (parent.pk, child.pk):
        with pytest.raises(ValidationError, match="below itself"):
            operations.update(company=company, id=parent.pk, values={"parent": above})


def test_a_parent_of_another_company_does_not_exist(books: Books, charlie: User):
    with pytest.raises(ValidationError, match="does not exist"):
        create(charlie.company, "Unit 4B", parent=books.customer.pk)


def test_the_balance_is_what_was_invoiced_less_what_was_paid_and_the_credit(books: Books, company: Company):
    [customer] = balances.with_balance(Customer.objects.filter(company=company), company=company)
    assert (customer.invoiced, customer.paid, customer.credit) == (Decimal(108), Decimal(30), Decimal(20))
    assert customer.balance == Decimal(58)


def test_a_customer_is_found_by_the_name_a_person_types(company: Company):
    parent = create(company, "Evergreen Apartments")
    child = create(company, "Unit 4B", parent=parent.pk)

    def found(name: str) -> Customer | None:
        return queries.by_full_name(company=company, name=name)

    assert found("evergreen apartments") == parent
    assert found("Evergreen Apartments:unit 4b") == child
    assert found(" Evergreen Apartments : Unit 4B ") == child
    assert found("Unit 4B") == child  # its own name, as its page is headed
    assert found("") is None
    assert queries.choices(company=company, search="ever") == [
        "Evergreen Apartments",
        "Evergreen Apartments: Unit 4B",
    ]
    create(company, "Unit 4B", parent=create(company, "Oakridge Dental").pk)
    assert found("Unit 4B") is None  # two have it
