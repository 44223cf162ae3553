"""What is said of one field of two records that stand side by side."""

from typing import Any

import pytest

from quickbooks_sync.planner.matching.side_by_side import FieldStanding, address_standing, standing

ADDRESS = ("billing_street", "billing_city", "billing_region", "billing_postal_code")


@pytest.mark.parametrize(
    ("field", "here", "there", "stands"),
    [
        ("display_name", "Amelia Hartwell", "Amelia Hartwell", FieldStanding.SAME),
        ("display_name", "Hartwell, Amelia", "Amelia Hartwell", FieldStanding.ALIKE),
        ("display_name", "Smith & Sons", "Smith and Sons", FieldStanding.ALIKE),
        ("display_name", "Amelia Hartwell", "Robert Hartwell", FieldStanding.OTHER),
        ("display_name", "Kowalski Supply", "Kowalski Supply LLC", FieldStanding.OTHER),
        ("display_name", "John Smith Sr", "John Smith Jr", FieldStanding.OTHER),
        ("name", "Labor 1/2 hr", "Labor 12 hr", FieldStanding.OTHER),
        ("phone", "(520) 521-0143", "+1 520 521 0143", FieldStanding.ALIKE),
        ("phone", "(520) 521-0143", "(520) 521-0144", FieldStanding.OTHER),
        ("email", "Amy@Example.com", "amy@example.com", FieldStanding.ALIKE),
        ("email", "amy@example.com, bob@example.com", "bob@example.com", FieldStanding.ALIKE),
        ("email", "amy@example.com", "amy@example.org", FieldStanding.OTHER),
        ("code", "WH-1", "", FieldStanding.ONLY_HERE),
        ("code", " ", "WH-1", FieldStanding.ONLY_THERE),
        ("code", "", None, None),
        ("price", "900.00", "900.00", FieldStanding.SAME),
        ("price", "900.00", "950.00", FieldStanding.OTHER),
        ("parent", None, 7, FieldStanding.ONLY_THERE),
    ],
)
def test_one_field(field: str, here: Any, there: Any, stands: FieldStanding | None) -> None:
    assert standing(field, here, there) is stands


@pytest.mark.parametrize(
    ("here", "there", "stands"),
    [
        (
            ("12 Oak Street", "Bayshore", "CA", "94501"),
            ("12 Oak St.", "Bayshore", "", "94501-1234"),
            FieldStanding.ALIKE,
        ),
        (
            ("12 Oak Street", "Bayshore", "CA", "94501"),
            ("12 Oak Street", "Bayshore", "CA", "94501"),
            FieldStanding.SAME,
        ),
        (
            ("12 Oak Street Apt 1", "Bayshore", "", ""),
            ("12 Oak Street Apt 2", "Bayshore", "", ""),
            FieldStanding.OTHER,
        ),
        (("12 Oak Street", "Bayshore", "", ""), ("14 Oak Street", "Bayshore", "", ""), FieldStanding.OTHER),
        (("12 Oak Street", "Bayshore", "", ""), ("", "Bayshore", "", ""), FieldStanding.OTHER),
        (("12 Oak Street", "Bayshore", "", ""), ("", "", "", ""), FieldStanding.ONLY_HERE),
        (("", "", "", ""), ("", "", "", ""), None),
    ],
)
def test_an_address_is_one_thing(
    here: tuple[str, ...], there: tuple[str, ...], stands: FieldStanding | None
) -> None:
    assert address_standing(ADDRESS, here, there) is stands
