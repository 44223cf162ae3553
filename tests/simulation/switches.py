"""What nobody knows of QuickBooks: each seed meets another answer to it, and the promises hold all the same.

The emulator has a switch for each such rule (its COVERAGE.md). Half of the stories meet its defaults.
"""

from random import Random

from quickbooks_sync.planner.first_link import Group, Wins

#: The default first. Those that decide on what a sync sends, sees or is refused.
UNSETTLED: dict[str, tuple[object, ...]] = {
    "auto_applied_links": ("told", "untold"),
    "auto_apply_unapplied": (True, False),
    "auto_mail": ("on", "off"),
    "backfill": ("time", "token"),
    "batch_order": ("sent", "shuffled"),
    "bill_email": ("copied", "absent"),
    "changed_since": ("inclusive", "exclusive"),
    "deactivate_with_balance": ("refuse", "allow"),
    "deactivate_with_children": ("refuse", "allow"),
    "duplicate_numbers": ("refuse", "allow"),
    "fault_language": ("english", "french"),
    "inactive_customer": ("2500", "6250"),
    "item_names": ("within_parent", "everywhere"),
    "line_above_balance": ("refuse", "unapply"),
    "online_payment_default": ("company", "off"),
    "payment_other_customer": ("refuse", "unapplied"),
    "query_non_latin": ("ok", "4000"),
    "reactivated_name": ("plain", "kept"),
    "replay_faults": (False, True),
    "request_id_seen_again": ("replay", "refuse"),
    "sub_customer_to_top": ("allow", "ignore", "refuse"),
    "tax_override": ("ignored", "honoured"),
    "throttle_body": ("xml", "json"),
    "total_below_payments": ("refuse", "unapply"),
    "void_paid_invoice": ("allow", "refuse"),
    "voided_note": ("dash", "blank", "line"),
}
#: What a company may want either way, whatever is known of it.
WANTED: dict[str, dict[str, tuple[object, ...]]] = {
    "SalesFormsPrefs": {"AutoApplyCredit": (True, False), "ETransactionPaymentEnabled": (True, True, False)}
}
DEFAULTS = {name: values[0] for name, values in UNSETTLED.items()}


#: A tax code of one rate or of two, or sales tax that QuickBooks reckons itself.
TAXES = ("one rate", "one rate", "two rates", "automated")


def taxes(seed: int) -> str:
    """How QuickBooks taxes in the story of a seed."""
    return Random(f"taxes {seed}").choice(TAXES)


def who_wins(seed: int) -> dict[str, str]:
    """Who wins at a first link in the story of a seed. Prices of people here are theirs to remember."""
    chance = Random(f"who wins {seed}")
    if chance.random() < 0.5:
        return {}
    answers = {group: tuple(Wins) for group in Group} | {Group.PRICES: (Wins.OURS, Wins.NEITHER)}
    return {group.value: chance.choice(wins).value for group, wins in answers.items()}


def drawn(seed: int) -> dict[str, object]:
    """The answers of one seed; drawn apart, so that its story stays the same whatever is asked here."""
    chance = Random(f"switches {seed}")
    if chance.random() < 0.5:
        return DEFAULTS
    return {name: chance.choice(values) for name, values in UNSETTLED.items()}


def preferred(seed: int) -> dict[str, dict[str, object]]:
    """The preferences of the company of one seed."""
    chance = Random(f"preferences {seed}")
    return {
        block: {name: chance.choice(values) for name, values in members.items()}
        for block, members in WANTED.items()
    }
