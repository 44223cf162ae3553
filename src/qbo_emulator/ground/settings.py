"""The emulator's own switches, set through the control plane and kept in the data file.

Where nobody knows for certain what QuickBooks does, the rule is a switch here, and its default is the
behaviour that asks more of a client.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields, replace
from typing import Any, Literal, get_args, get_origin, get_type_hints


@dataclass(frozen=True, kw_only=True)
class Latency:
    """How long a call takes: per call, per batch item, and the share of it that varies at random."""

    call_ms: float = 0
    item_ms: float = 0
    jitter: float = 0


@dataclass(frozen=True, kw_only=True)
class Settings:
    latency: Latency = field(default_factory=Latency)
    limits: bool = True
    seed: int = 0
    clients: Literal["any", "registered"] = "any"
    # Request ids of single calls, and of batches.
    request_ids: Literal["honoured", "ignored"] = "honoured"
    batch_request_ids: Literal["honoured", "ignored"] = "honoured"
    # What a request id gets that was seen before: its first answer, or 600.
    request_id_seen_again: Literal["replay", "refuse"] = "replay"
    # How long an answer is kept under its request id; 0 is for ever.
    request_id_hours: int = 0
    # Whether a fault is remembered under its request id too, or the request is carried out again.
    replay_faults: bool = False
    # Texts of faults are in the language of the company; codes and tokens such as Id= are not.
    fault_language: Literal["english", "french"] = "english"
    throttle_body: Literal["xml", "json"] = "xml"
    # What a client gets that does not ask for JSON, and one that does not say it sends JSON.
    answers_without_accept: Literal["xml", "json"] = "xml"
    content_types: Literal["checked", "ignored"] = "checked"
    # Metered reads a month over all companies, then 429 for reads; 0 is no end.
    monthly_reads: int = 0
    # After how long a call is cut off with 504 and goes on by itself; 0 is never.
    time_out_seconds: int = 120
    # Whether a void is understood only as it is documented for the entity.
    void_forms: Literal["documented", "any"] = "documented"
    batch_order: Literal["sent", "shuffled"] = "sent"
    changed_since: Literal["inclusive", "exclusive"] = "inclusive"
    changed_since_too_old: Literal["refuse", "answer"] = "refuse"
    max_results_above_1000: Literal["refuse", "clamp"] = "refuse"
    start_position_zero: Literal["refuse", "first"] = "refuse"
    order_by_with_blank: bool = True
    # Whether letters beyond Latin-1 can stand in a query, or are 4000 as they were until 2022.
    query_non_latin: Literal["ok", "4000"] = "ok"
    # Whether an object with an e-mail address that is none, kept from long ago, breaks what would show it.
    invalid_stored_email: Literal["served", "4002"] = "served"
    deactivate_with_balance: Literal["refuse", "allow"] = "refuse"
    # Whether a customer or item with active ones below it can be made inactive; those stay as they are.
    deactivate_with_children: Literal["refuse", "allow"] = "refuse"
    # The name of an object that is made active again: without its suffix, if that is free, or as it was.
    reactivated_name: Literal["plain", "kept"] = "plain"
    # What becomes of a new sub-customer's ParentRef without `Job: true`.
    parent_without_job: Literal["ignored", "honoured", "refused"] = "ignored"
    # What `Job: false` or a ParentRef left out does to a sub-customer.
    sub_customer_to_top: Literal["allow", "ignore", "refuse"] = "allow"
    # What a customer or an item is when it was merged into another.
    merged_record: Literal["gone", "inactive"] = "gone"
    # The code for a transaction of a customer who is not active.
    inactive_customer: Literal["2500", "6250"] = "2500"
    # How far the name of an item has to be the only one.
    item_names: Literal["within_parent", "everywhere"] = "within_parent"
    # Whether a form that names no e-mail address gets its customer's.
    bill_email: Literal["copied", "absent"] = "copied"
    bundles: Literal["read_only", "writable"] = "read_only"
    # What lowering an invoice below its payments does: refused, or the rest of the payments is unapplied.
    total_below_payments: Literal["refuse", "unapply"] = "refuse"
    # What a payment's line above the open balance does: refused, or the rest of it stays unapplied.
    line_above_balance: Literal["refuse", "unapply"] = "refuse"
    # What a payment's line to another customer's invoice does: refused, or its money stays unapplied.
    payment_other_customer: Literal["refuse", "unapplied"] = "refuse"
    # Whether payments without lines pay open invoices where the company's preferences say so.
    auto_apply_payments: bool = False
    # Whether AutoApplyCredit applies what is left of payments to a new invoice, and not credit memos alone.
    auto_apply_unapplied: bool = True
    # Whether the answer to a new invoice names the payments that were applied to it so.
    auto_applied_links: Literal["told", "untold"] = "told"
    void_paid_invoice: Literal["allow", "refuse"] = "allow"
    # What stands between "Voided" and an earlier note.
    voided_note: Literal["dash", "blank", "line"] = "dash"
    # Whether a company with its own numbers refuses one that is used already.
    duplicate_numbers: Literal["refuse", "allow"] = "refuse"
    # What an invoice's ways of online payment are that a client leaves out, when it makes the invoice and
    # whenever it updates it: those of the company's setting, or off and then as they were.
    online_payment_default: Literal["company", "off"] = "company"
    # Whether QuickBooks mails an invoice by itself that a client has made payable online.
    auto_mail: Literal["on", "off"] = "on"
    # What moves beside the time when Intuit writes new members into old objects: nothing, or the SyncToken.
    backfill: Literal["time", "token"] = "time"
    # Whether the tax total a client names counts where the company's tax is automated: documents say that it
    # does, and what was seen lately is that it does not.
    tax_override: Literal["ignored", "honoured"] = "ignored"
    # How the books were closed: with a password (6210) or without one (6200).
    closed_books: Literal["password", "warning"] = "password"
    # Rows of a report: whether one can rely on their order; what is written for nothing; how columns are
    # titled; whether customers who owe nothing are there; what a report holds that has nothing to say.
    report_row_order: Literal["shuffled", "by_name"] = "shuffled"
    report_empty: Literal["blank", "zero"] = "blank"
    report_column_titles: Literal["title", "capital"] = "title"
    report_zero_balances: Literal["left_out", "shown"] = "left_out"
    report_no_data: Literal["no_rows", "total"] = "no_rows"
    # How many cells a report shows; of more, a text instead of the rest. 0 is no end.
    report_cell_limit: int = 400_000
    # How many days a list of transactions may span before it is given up (504, code 6002); 0 is no end.
    report_days_max: int = 0
    # Whether the discovery document names Intuit's hosts or this server.
    discovery_hosts: Literal["own", "intuit"] = "own"
    premium_scopes: Literal["refuse", "grant"] = "refuse"
    oauth_state: Literal["required", "optional"] = "required"
    pkce: Literal["ignored", "checked"] = "ignored"
    code_seconds: int = 600
    invalid_grant_description: Literal["long", "short", "absent"] = "absent"
    # Whether connecting again through the sign-in page ends the tokens handed out before.
    reconnect_ends_earlier_tokens: bool = True


class WrongSetting(ValueError):  # noqa: N818  the mistake is the caller's
    """A setting that does not exist or a value it cannot have; the text says which."""


# The values a setting can have, the default first, as its annotation names them.
CHOICES: Mapping[str, tuple[str, ...]] = {
    name: get_args(one) for name, one in get_type_hints(Settings).items() if get_origin(one) is Literal
}
NUMBER_MAX = 1_000_000_000
MILLISECONDS_MAX = 600_000


def changed(settings: Settings, wanted: Mapping[str, Any]) -> Settings:
    """Return the settings with the wanted ones replaced; refuse what is not a setting."""
    known = {one.name for one in fields(Settings)}
    values = dict(wanted)
    for name, value in values.items():
        if name not in known:
            raise WrongSetting(f"There is no setting {name!r}.")
        if name in CHOICES and value not in CHOICES[name]:
            raise WrongSetting(f"{name!r} is one of {', '.join(CHOICES[name])}.")
        present = getattr(settings, name)
        if isinstance(present, bool) and not isinstance(value, bool):
            raise WrongSetting(f"{name!r} is true or false.")
        if type(present) is int and not (type(value) is int and 0 <= value <= NUMBER_MAX):
            raise WrongSetting(f"{name!r} is a whole number from 0 to {NUMBER_MAX}.")
    if "latency" in values:
        values["latency"] = _latency(settings.latency, values["latency"])
    return replace(settings, **values)


def _latency(latency: Latency, wanted: object) -> Latency:
    known = {one.name for one in fields(Latency)}
    if not isinstance(wanted, dict) or not wanted.keys() <= known:
        raise WrongSetting(f"'latency' is an object of {', '.join(sorted(known))}.")
    if not all(
        isinstance(value, int | float) and 0 <= value <= MILLISECONDS_MAX for value in wanted.values()
    ):
        raise WrongSetting(f"'latency' holds numbers from 0 to {MILLISECONDS_MAX}.")
    return replace(latency, **wanted)


def as_json(settings: Settings) -> dict[str, Any]:
    return asdict(settings)
