"""What the emulator claims of itself, rule by rule: the words of COVERAGE.md that no code can tell.

Sources are sections of docs/quickbooks-facts.md; "-" is our own doing.
"""

from dataclasses import dataclass
from typing import Literal

State = Literal["faithful", "approximate", "absent", "ours"]


@dataclass(frozen=True, kw_only=True)
class Rule:
    what: str
    state: State
    source: str
    note: str = ""


def _rules(*lines: tuple[str, State, str, str]) -> tuple[Rule, ...]:
    return tuple(
        Rule(what=what, state=state, source=source, note=note) for what, state, source, note in lines
    )


RULES: dict[str, tuple[Rule, ...]] = {
    "OAuth and OpenID": _rules(
        ("Discovery documents, with or without a slash at the end", "faithful", "A1", ""),
        ("Sign-in, choice of company, consent, denial", "approximate", "A2, A3", "our own pages"),
        ("Codes: used once, bound to client and address", "faithful", "A3", ""),
        ("Access token 1 h", "faithful", "A4", ""),
        (
            "Refresh token: changes after 24 h, the former works 24 h more, 101 days, 5 years",
            "faithful",
            "A4, A5",
            "",
        ),
        (
            "Revoke; disconnecting on QuickBooks' side (page Apps, or control plane)",
            "faithful",
            "A6",
            "the browser goes to a registered client's `disconnect_uri`",
        ),
        (
            "Tokens that open nothing: junk, expired, too short or long, payments alone, another company",
            "faithful",
            "A8",
            "",
        ),
        (
            "Keys of the wrong environment: 403 at the first call",
            "approximate",
            "A1, A8",
            "one address for both; the control plane says which a client and a company are",
        ),
        ("Lost role (120), failing sign-in (100), wrong cluster (130)", "faithful", "A8", "by `standing`"),
        ("id_token (RS256) and its published key", "faithful", "A7", "with a code, not with a refresh"),
        ("userinfo by scopes", "faithful", "A7", "one person"),
        ("Client secrets: the first one seen stays; registered clients", "ours", "-", ""),
        ("PKCE", "approximate", "A2", "not documented: ignored, or checked by a switch"),
        ("Reconnect address, roles of users", "absent", "A2, A5", ""),
    ),
    "Requests": _rules(
        ("Read, create, full and sparse update, delete, void", "faithful", "B1, E1", ""),
        (
            "Send by e-mail",
            "approximate",
            "B1, E14",
            "sales forms and purchase orders; nothing leaves the machine, the page E-mails lists them",
        ),
        ("Tax codes and rates by the tax service", "approximate", "E7", "its own refusals are not recorded"),
        ("Headers of answers", "faithful", "B1", "values of traces are random"),
        ("Envelopes, numbers, times", "faithful", "B3", ""),
        ("Faults; 401, 403 and 429 of the gateway", "faithful", "A8, B4, B7", ""),
        (
            "Bodies that are not UTF-8, or not said to be JSON",
            "faithful",
            "B1, B5",
            "recorded as code 500 under 400",
        ),
        (
            "A lapsed subscription (6190), features a plan lacks (5020)",
            "approximate",
            "A8, B6",
            "lapsed books can be read, suspended ones not; the text of 5020 is ours",
        ),
        (
            "Request ids: the first success is replayed word for word, even of a dead object",
            "faithful",
            "B8",
            "how long, and whether at all, by switches",
        ),
        (
            "Batch: 30 items, each alone; queries and CDCQuery inside",
            "faithful",
            "F",
            "no ReportQuery; all are committed together, so a kill in the middle leaves none",
        ),
        ("Queries: grammar, paging, counts, hidden inactive rows, order of lists", "faithful", "D1, D2", ""),
        (
            "Queries: words of a parse error",
            "approximate",
            "B6",
            "code, line and column are right; what was expected, in another order",
        ),
        ("Queries: order of transactions", "approximate", "D2", "newest first; do not rely on it"),
        ("Queries: `!=`, and all tax codes however few are asked for", "faithful", "D1, D2", "as recorded"),
        ("Queries: what can be filtered and sorted by", "faithful", "D3", "of other lists: what is likely"),
        ("Queries: case of all letters", "faithful", "D1", "sorting: of ASCII letters only"),
        (
            "Change data capture: 1,000 objects, 30 days, stubs",
            "faithful",
            "G",
            "the moment asked for is included",
        ),
        (
            "Limits: 10/s, 10 in flight, 40 batches/min per company and app; 500 and 120/min per company",
            "faithful",
            "C1",
            "also 40 e-mails a day",
        ),
        ("A call longer than 120 s is cut off (504) and goes on", "approximate", "C1", "the 504 is ours"),
        (
            "Monthly metering",
            "approximate",
            "C2",
            "successes only; each query of a batch; 429 when used up, if `monthly_reads` says so",
        ),
        (
            "Answers in XML, for who does not ask for JSON",
            "faithful",
            "B1, B9",
            "members in the order of the schema; rare ones last",
        ),
        (
            "Addresses of more than 8 KB: 414",
            "approximate",
            "B5",
            "as a page of HTML; a longer query is posted",
        ),
        ("Requests in XML", "absent", "B1", "refused with code 500"),
        ("Webhooks, reports, attachments, PDF", "absent", "B1, C3", ""),
        ("`minorversion`", "faithful", "B2", "ignored"),
    ),
    "Rules of the books": _rules(
        ("SyncToken, no-op updates, emptied members", "faithful", "E1", ""),
        ("Lengths, characters, references, e-mail, dates, unknown members", "faithful", "B6, E2", ""),
        (
            "Names: one family for customers, vendors, employees; suffix of inactive ones",
            "faithful",
            "E1, E3",
            "a second ` (deleted)` of the same name gets ` (1)`",
        ),
        (
            "Balances of customers and ancestors; their time moves, their SyncToken does not",
            "faithful",
            "E3, E5",
            "",
        ),
        (
            "Payments: bump the invoice, released by void and delete, unapplied rest",
            "faithful",
            "E6",
            "more than the open balance: a switch",
        ),
        ("Credit memos through payments, positive lines only", "faithful", "E6", ""),
        (
            "A linked form that goes: what its payment takes back from the others",
            "approximate",
            "E6",
            "credits no invoice takes are free again; without a credit its invoices are open again",
        ),
        (
            "`AutoApplyCredit`: credit memos and rests of payments applied to each new invoice",
            "approximate",
            "E6, E7, E10",
            "the oldest first; none of a payment in closed books; a new credit memo pays what is open",
        ),
        ("Estimates closed by their invoice", "faithful", "E12", "one invoice closes one estimate"),
        (
            "Deposits hold their payments (6540)",
            "faithful",
            "B6, E11",
            "balances of accounts do not move",
        ),
        ("A mailed form that changes loses the time of sending", "faithful", "E14", ""),
        ("Custom fields of sales forms, as preferences name them", "faithful", "E5, E8", "up to three texts"),
        (
            "Numbers of sales forms (`CustomTxnNumbers`)",
            "faithful",
            "B6, E5",
            "estimates have duplicates of their own; `include=allowduplicatedocnum` as clients send it",
        ),
        (
            "Manual US sales tax, discounts before and after tax",
            "faithful",
            "E5",
            "each rate of the code is rounded by itself; the rate of today counts, whatever the date",
        ),
        (
            "Automated sales tax",
            "approximate",
            "E5, E13",
            "by ShipAddr, else by the company's address; the table below, else the first rate",
        ),
        (
            "Sales tax is reckoned anew when lines or addresses change, and only then",
            "faithful",
            "E13",
            "",
        ),
        ("Automated sales tax stamps the company's own code on every form", "faithful", "E13", ""),
        ("Sales tax turned off: tax that is sent is ignored", "faithful", "E13", ""),
        (
            "Tax outside the US",
            "approximate",
            "E5",
            "by CompanyInfo.Country; inclusive amounts stay as sent; the currency stays the dollar",
        ),
        ("Closed books", "faithful", "B6", ""),
        ("A voided form's note in front of an earlier one", "faithful", "E5", "what is between: a switch"),
        (
            "Ways to pay an invoice online: unless a create or update names them, the company's setting",
            "faithful",
            "E15",
            "that setting is no member; here it is on in all four ways where `ETransactionPaymentEnabled` is",
        ),
        (
            "An invoice a client made payable by card or bank is mailed unasked",
            "approximate",
            "E15",
            "in the US, with a BillEmail; when exactly, and what the form says then, is ours",
        ),
        ("Intuit writes new members into old objects", "approximate", "C4", "by the control plane"),
        ("Deposits on invoices, due dates of date-driven terms", "faithful", "E5, E7", ""),
        ("Each sold line names its item's present income account", "faithful", "E5", ""),
        (
            "Bundles: read, queried, sold as their parts",
            "approximate",
            "E4, E5",
            "the amount of the line is the sum of its parts; Quantity 0 when voided",
        ),
        ("Several mistakes in one fault", "approximate", "B6", "2050 and missing members on create"),
        (
            "Merged customers and items (page or control plane)",
            "approximate",
            "C3, E3, H2",
            "gone or inactive: a switch; refused while it has others below it, and for items of two types",
        ),
        (
            "Other currencies, projects, stock that moves",
            "absent",
            "E4, E5",
            "",
        ),
    ),
}

# Entity -> sources, and what differs.
ENTITIES_SAID: dict[str, tuple[str, str]] = {
    "CompanyInfo": ("E7", "country, year and language are changed by `load`"),
    "Preferences": ("E8", "merged block by block; also changed by page and control plane"),
    "Account": ("E7", "balances do not move; sub-types: the common ones"),
    "TaxAgency": ("E7", "not updated"),
    "TaxCode": ("E7", "made by the tax service, changed by `load`"),
    "TaxRate": ("E7", "made by the tax service, changed by `load`"),
    "Term": ("E7", ""),
    "PaymentMethod": ("E7", ""),
    "Class": ("E7", ""),
    "Department": ("E7", ""),
    "Employee": ("E3", ""),
    "Vendor": ("E3", "the balance does not move"),
    "Customer": ("E3", ""),
    "Item": ("E4", "Service, NonInventory, Inventory, Category, Group; stock does not move"),
    "Estimate": ("E12", "invoiced whole"),
    "Invoice": ("E5", "charges it collects (`LinkedTxn`) are known if they were loaded"),
    "CreditMemo": ("E7", ""),
    "Payment": ("E6", "lines name invoices and credit memos"),
    "SalesReceipt": ("E7", ""),
    "RefundReceipt": ("E7", ""),
    "Deposit": ("E6, E11", "holds payments, sales receipts and plain amounts"),
}

# Switch -> what it decides, and the section that leaves it open.
SWITCHES_SAID: dict[str, tuple[str, str]] = {
    "latency": ("how long calls take", "-"),
    "limits": ("whether limits of pace are kept", "C1"),
    "seed": ("what chance begins with", "-"),
    "clients": ("whether any client id is taken", "-"),
    "request_ids": ("whether request ids count in single calls", "B8"),
    "request_id_seen_again": ("whether a request id seen again gets its first answer, or 600", "B6, B8"),
    "request_id_hours": ("how many hours an answer is kept under its request id; 0 is for ever", "B8"),
    "batch_request_ids": ("whether request ids count in batches", "B8"),
    "replay_faults": ("whether a fault is replayed under its request id", "B8"),
    "fault_language": ("in which language the texts of faults are", "B4"),
    "throttle_body": ("how a 429 is written", "B7"),
    "answers_without_accept": ("what a client gets that does not ask for JSON", "B1"),
    "content_types": ("whether a body that is not said to be JSON is refused (500)", "B1, B5"),
    "monthly_reads": ("metered reads a month over all companies, then 429; 0 is no end", "C2"),
    "time_out_seconds": ("when a call is cut off with 504, and goes on by itself; 0 is never", "C1"),
    "void_forms": ("whether a void is understood only as documented for its entity", "B1, F"),
    "batch_order": ("whether a batch is carried out, and answered, in the order sent", "F"),
    "changed_since": ("whether the second asked for belongs to the changes", "G"),
    "changed_since_too_old": ("whether more than 30 days back is refused, or answered", "G"),
    "max_results_above_1000": ("what `MAXRESULTS` above 1000 does", "D1"),
    "start_position_zero": ("whether `STARTPOSITION 0` is the first row", "D1"),
    "order_by_with_blank": ("whether `ORDER BY` is read like `ORDERBY`", "D1"),
    "query_non_latin": ("whether letters beyond Latin-1 in a query are read, or 4000", "D4"),
    "deactivate_with_balance": ("whether a customer with a balance can be made inactive", "E3"),
    "deactivate_with_children": ("whether a customer or item with active ones below it can be", "E3, E4"),
    "reactivated_name": ("whether a reactivated object loses its ` (deleted)`", "E1"),
    "parent_without_job": ("what a new sub-customer's `ParentRef` without `Job: true` is", "E3"),
    "sub_customer_to_top": ("what `Job: false`, or no `ParentRef`, does to a sub-customer", "E3"),
    "merged_record": ("whether the loser of a merge is gone or inactive", "E3, H2"),
    "inactive_customer": ("the code for a transaction of an inactive customer", "B6, E1"),
    "item_names": ("how far an item's name has to be the only one", "E4"),
    "bill_email": ("whether a form without an address gets its customer's", "E5"),
    "bundles": ("whether clients can make and change bundles", "E4"),
    "total_below_payments": ("what lowering an invoice below its payments does", "E5"),
    "line_above_balance": ("what a payment's line above the open balance does", "E6"),
    "invalid_stored_email": ("whether bad data of long ago breaks a query that would show it", "B6"),
    "payment_other_customer": ("what a payment's line to another customer's invoice does", "E6, E10"),
    "auto_apply_payments": ("whether `AutoApplyPayments` acts on payments without lines", "E6"),
    "auto_apply_unapplied": ("whether `AutoApplyCredit` applies rests of payments, too", "E6, E10"),
    "auto_applied_links": ("whether the answer to a new invoice names what was applied to it", "E6, E10"),
    "void_paid_invoice": ("whether a paid invoice can be voided", "E5"),
    "voided_note": ("what stands between `Voided` and an earlier note", "E5"),
    "duplicate_numbers": ("whether a number used before is 6140 where the company has its own", "E5"),
    "online_payment_default": ("what ways of online payment are that a client leaves out", "E5, E15"),
    "auto_mail": ("whether an invoice that a client made payable online is mailed unasked", "E5, E15"),
    "backfill": ("whether SyncTokens move with the time when Intuit writes new members", "E1, C4"),
    "tax_override": ("whether a client's own `TotalTax` counts in automated tax", "E5, E13"),
    "closed_books": ("whether the books were closed with a password (6210) or without (6200)", "B6"),
    "discovery_hosts": ("whether discovery names this server or Intuit's hosts", "A1"),
    "premium_scopes": ("whether scopes Intuit gives to some apps only are granted", "A2"),
    "oauth_state": ("whether an authorize request needs a `state`", "A2"),
    "pkce": ("whether a code is exchanged only with the verifier of its challenge", "A2"),
    "code_seconds": ("how long a code can be exchanged", "A3"),
    "invalid_grant_description": ("the `error_description` of an invalid_grant", "A5"),
    "reconnect_ends_earlier_tokens": ("whether connecting again ends earlier tokens", "A6"),
}
