"""CompanyInfo and Preferences (facts E7, E8): one object each, which clients change and never make."""

from qbo_emulator.entities.customer import ADDRESS_LENGTHS, check_email
from qbo_emulator.entities.definition import COMMON_PROPERTIES, Entity, in_body
from qbo_emulator.entities.preferences import BLOCKS, merged, read_block
from qbo_emulator.ground import refusals
from qbo_emulator.ground.shape import ADDRESS, EMAIL, PHONE, SYSTEM, WEB, members
from qbo_emulator.ground.values import Json
from qbo_emulator.storage.realm import Realm

ADDRESSES = ("CompanyAddr", "LegalAddr", "CustomerCommunicationAddr")


def complete_company(_realm: Realm, wanted: Json, _stored: Json | None) -> Json:
    if not wanted.get("CompanyName", "").strip():
        raise refusals.missing("CompanyName")
    check_email(wanted, "Email")
    return wanted


def settle_company(realm: Realm, _before: Json | None, after: Json | None) -> None:
    """Call the company by its new name, on the pages too."""
    if after is not None:
        realm.rename(after["CompanyName"])


def complete_preferences(_realm: Realm, wanted: Json, stored: Json | None) -> Json:
    """Merge block by block, since a company is never without a preference; an empty text takes one away."""
    present = {name: value for name, value in (stored or {}).items() if name not in SYSTEM}
    blocks = {name: value for name, value in wanted.items() if isinstance(value, dict)}
    return merged(present, {name: read_block(name, block) for name, block in blocks.items()})


COMPANY_INFO = Entity(
    name="CompanyInfo",
    sequence="CompanyInfo",
    sort="single",
    members={
        **SYSTEM,
        **members(
            text="CompanyName LegalName Country SupportedLanguages FiscalYearStartMonth EmployerId "
            "MultiByteCharacters DefaultTimeZone",
            date="CompanyStartDate",
            anything="NameValue CompanyEmailAddr OtherAddr CustomerCommunicationEmailAddr LegalEntity",
            CompanyAddr=ADDRESS,
            LegalAddr=ADDRESS,
            CustomerCommunicationAddr=ADDRESS,
            PrimaryPhone=PHONE,
            Email=EMAIL,
            WebAddr=WEB,
        ),
    },
    read_only=frozenset(
        {"Country", "SupportedLanguages", "FiscalYearStartMonth", "CompanyStartDate", "NameValue"}
    ),
    lengths={
        "CompanyName": 1024,
        "LegalName": 1024,
        "PrimaryPhone.FreeFormNumber": 30,
        "WebAddr.URI": 1000,
        **{f"{address}.{line}": limit for address in ADDRESSES for line, limit in ADDRESS_LENGTHS.items()},
    },
    complete=complete_company,
    settle=settle_company,
    creatable=False,
    properties={**COMMON_PROPERTIES, **in_body("CompanyName", "LegalName", "Country")},
)

PREFERENCES = Entity(
    name="Preferences",
    sequence="Preferences",
    sort="single",
    members={**SYSTEM, **members(anything=BLOCKS)},
    complete=complete_preferences,
    creatable=False,
    properties=COMMON_PROPERTIES,
)
