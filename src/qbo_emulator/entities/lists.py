"""Short lists the emulator answers with but does not let a client write: accounts, terms, taxes, staff."""

from qbo_emulator.entities.definition import COMMON_PROPERTIES, Entity, Properties, in_body

_LIST_PROPERTIES: Properties = {**COMMON_PROPERTIES, "Name": "name", "Active": "active"}

ACCOUNT = Entity(
    name="Account",
    sequence="Account",
    sort="list",
    properties={
        **_LIST_PROPERTIES,
        "FullyQualifiedName": "full_name",
        "ParentRef": "parent",
        **in_body(
            "AccountType", "AccountSubType", "Classification", "AcctNum", "CurrentBalance", "SubAccount"
        ),
    },
)

TAX_CODE = Entity(
    name="TaxCode",
    sequence="TaxCode",
    sort="list",
    properties={**_LIST_PROPERTIES, **in_body("Description", "Taxable", "TaxGroup", "Hidden")},
    in_change_data_capture=False,
)

TAX_RATE = Entity(
    name="TaxRate",
    sequence="TaxRate",
    sort="list",
    properties={**_LIST_PROPERTIES, **in_body("RateValue", "Description")},
    in_change_data_capture=False,
)

TERM = Entity(
    name="Term", sequence="Term", sort="list", properties={**_LIST_PROPERTIES, **in_body("Type", "DueDays")}
)

PAYMENT_METHOD = Entity(
    name="PaymentMethod",
    sequence="PaymentMethod",
    sort="list",
    properties={**_LIST_PROPERTIES, **in_body("Type")},
)

EMPLOYEE = Entity(
    name="Employee",
    sequence="person",
    sort="list",
    name_family="person",
    properties={
        **COMMON_PROPERTIES,
        "DisplayName": "name",
        "Active": "active",
        **in_body("GivenName", "FamilyName", "PrintOnCheckName"),
    },
)
