"""What the demo company has: people, places and services, all invented, read from data/demo.json."""

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

METHODS = ("Check", "Credit Card", "Check", "Cash", "Bank Transfer")

_DATA: dict[str, list[list[Any]]] = json.loads(
    (Path(__file__).parent / "data" / "demo.json").read_text(encoding="utf-8")
)


def customers() -> list[dict[str, Any]]:
    return [
        {
            "display_name": name,
            "company_name": company,
            "given_name": given,
            "family_name": family,
            "email": email,
            "phone": phone,
            **_address("billing", street, city, zip_code),
            **_address("service", street, city, zip_code),
            "taxable": taxable,
        }
        for name, company, given, family, email, phone, street, city, zip_code, taxable in _DATA["customers"]
    ]


def sub_customers() -> list[dict[str, Any]]:
    """The apartments of a customer; their parents stand there by name."""
    return [
        {
            "display_name": name,
            "parent": parent,
            "notes": notes,
            **_address("service", f"5 Evergreen Court, {name}", "Millbrook", "94030"),
        }
        for name, parent, notes in _DATA["sub_customers"]
    ]


def work_codes() -> list[dict[str, Any]]:
    return [
        {
            "category": category,
            "code": code,
            "name": name,
            "description": description,
            "price": Decimal(price),
            "taxable": taxable,
        }
        for category, code, name, description, price, taxable in _DATA["work_codes"]
    ]


def _address(sort: str, street: str, city: str, postal_code: str) -> dict[str, str]:
    return {
        f"{sort}_street": street,
        f"{sort}_city": city,
        f"{sort}_region": "CA",
        f"{sort}_postal_code": postal_code,
    }
