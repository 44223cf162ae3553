"""The demo company: believable, complete, and the same on every machine."""

from datetime import date
from decimal import Decimal

import pytest
from django.db.models import Count, F

from service_genius.companies.demo import OFFICE_EMAIL, OWNER_EMAIL, PASSWORD, make_demo
from service_genius.companies.models import Company, Role, User
from service_genius.customers.models import Customer
from service_genius.estimates.models import Estimate
from service_genius.invoices.models import Invoice
from service_genius.invoices.queries import open_only, overdue_only, with_owed
from service_genius.payments.models import Payment
from service_genius.payments.queries import with_unapplied
from service_genius.work_codes.models import WorkCode

TODAY = date(2026, 3, 2)


@pytest.fixture
def demo() -> Company:
    return make_demo(today=TODAY, zone="America/Los_Angeles")


def test_the_demo_has_the_books_of_a_small_company(demo: Company):
    assert (Customer.objects.count(), WorkCode.objects.count()) == (60, 40)
    assert (Invoice.objects.count(), Payment.objects.count()) == (50, 30)
    assert Estimate.objects.count() == 6
    assert demo.revision == 186


def test_its_people_can_log_in(demo: Company):
    owner, office = User.objects.get(email=OWNER_EMAIL), User.objects.get(email=OFFICE_EMAIL)
    assert (owner.role, office.role) == (Role.OWNER, Role.OFFICE)
    assert owner.check_password(PASSWORD)
    assert office.check_password(PASSWORD)


def test_some_of_its_customers_are_those_of_quickbooks_in_another_spelling(demo: Company):
    names = set(Customer.objects.values_list("display_name", flat=True))
    assert {
        "Amelia Hartwell",
        "Bluebird Cafe",
        "Carver and Sons",
        "O'Malleys Pub",
        "Desert Rose Dental",
        "Evergreen Apartments",
        "Unit 4B",
        "Fernando Ruiz",
        "GRACE LUTHERAN CHURCH",
        "Harbor View Hotel",
        "Jasmine Patel",
        "Kowalski Plumbing Supply",
        "Northside Supply",
    } <= names
    assert Customer.objects.get(display_name="Unit 4B").full_name == "Evergreen Apartments: Unit 4B"


def test_its_dates_follow_from_today(demo: Company):
    assert Invoice.objects.filter(date=TODAY).count() >= 3
    assert not Invoice.objects.filter(date__gt=TODAY).exists()
    assert not Payment.objects.filter(date__gt=TODAY).exists()
    assert overdue_only(with_owed(Invoice.objects.all(), company=demo), today=TODAY).exists()


def test_its_payments_are_of_every_sort(demo: Company):
    payments = with_unapplied(Payment.objects.all())
    assert [payment.unapplied for payment in payments.filter(unapplied__gt=0)] == [Decimal(50)]
    assert Payment.objects.annotate(invoices=Count("allocations")).filter(invoices=2).count() == 1
    invoices = with_owed(Invoice.objects.all(), company=demo)
    assert open_only(invoices).filter(paid__gt=0).count() >= 3
    assert invoices.filter(balance=0, paid=F("total")).count() >= 20


def test_its_invoices_have_discounts_of_both_sorts_and_customers_without_tax(demo: Company):
    assert Invoice.objects.filter(discount_percent__isnull=False).exists()
    assert Invoice.objects.filter(discount_amount__isnull=False).exists()
    assert Invoice.objects.filter(tax_rate=None).exists()
    assert Invoice.objects.filter(tax__gt=0).count() > 20
