"""CompanyInfo and Preferences: one object each. Preferences change through the control plane only."""

from qbo_emulator.entities.definition import COMMON_PROPERTIES, Entity, in_body

COMPANY_INFO = Entity(
    name="CompanyInfo",
    sequence="CompanyInfo",
    sort="single",
    properties={**COMMON_PROPERTIES, **in_body("CompanyName", "LegalName", "Country")},
    in_change_data_capture=False,
)

PREFERENCES = Entity(
    name="Preferences",
    sequence="Preferences",
    sort="single",
    properties=COMMON_PROPERTIES,
    in_change_data_capture=False,
)
