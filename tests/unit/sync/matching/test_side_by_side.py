"""What is said of one field of two records that stand side by side."""

from typing import Any

import pytest

from quickbooks_sync.planner.matching.side_by_side import Standing, address_standing, standing

ADDRESS = ("billing_street", "billing_city", "billing_region", "billing_postal_code")


@pytest.mark.parametrize(
    ("field", "here", "there", "stands"),
    [
        ("display_name", "Amelia Hartwell", "Amelia Hartwell", Standing.SAME),
        ("display_name", "Hartwell, Amelia", "Amelia Hartwell", Standing.ALIKE),
        ("display_name", "Smith & Sons", "Smith and Sons", Standing.ALIKE),
        ("display_name", "Amelia Hartwell", "Robert Hartwell", Standing.OTHER),
        ("display_name", "Kowalski Supply", "Kowalski Supply LLC", Standing.OTHER),
        ("display_name", "John Smith Sr", "John Smith Jr", Standing.OTHER),
        ("name", "Labor 1/2 hr", "Labor 12 hr", Standing.OTHER),
        ("phone", "(520) 521-0143", "+1 520 521 0143", Standing.ALIKE),
        ("phone", "(520) 521-0143", "(520) 521-0144", Standing.OTHER),
        ("email", "Amy@Example.com", "amy@example.com", Standing.ALIKE),
        ("email", "amy@example.com, bob@example.com", "bob@example.com", Standing.ALIKE),
        ("email", "amy@example.com", "amy@example.org", Standing.OTHER),
        ("code", "WH-1", "", Standing.ONLY_HERE),
        ("code", " ", "WH-1", Standing.ONLY_THERE),
        ("code", "", None, None),
        ("price", "900.00", "900.00", Standing.SAME),
        ("price", "900.00", "950.00", Standing.OTHER),
        ("parent", None, 7, Standing.ONLY_THERE),
    ],
)
def test_one_field(field: str, here: Any, there: Any, stands: Standing | None) -> None:
    assert standing(field, here, there) is stands


@pytest.mark.parametrize(
    ("here", "there", "stands"),
    [
        (
            ("12 Oak Street", "Bayshore", "CA", "94501"),
            ("12 Oak St.", "Bayshore", "", "94501-1234"),
            Standing.ALIKE,
        ),
        (
            ("12 Oak Street", "Bayshore", "CA", "94501"),
            ("12 Oak Street", "Bayshore", "CA", "94501"),
            Standing.SAME,
        ),
        (
            ("12 Oak Street Apt 1", "Bayshore", "", ""),
            ("12 Oak Street Apt 2", "Bayshore", "", ""),
            Standing.OTHER,
        ),
        (("12 Oak Street", "Bayshore", "", ""), ("14 Oak Street", "Bayshore", "", ""), Standing.OTHER),
        (("12 Oak Street", "Bayshore", "", ""), ("", "Bayshore", "", ""), Standing.OTHER),
        (("12 Oak Street", "Bayshore", "", ""), ("", "", "", ""), Standing.ONLY_HERE),
        (("", "", "", ""), ("", "", "", ""), None),
    ],
)
def test_an_address_is_one_thing(
    here: tuple[str, ...], there: tuple[str, ...], stands: Standing | None
) -> None:
    assert address_standing(ADDRESS, here, there) is stands
