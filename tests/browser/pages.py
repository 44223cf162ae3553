"""Every page there is, by its name in the product, and how to get there.

`tests/architecture/test_pages.py` compares this with the product's own addresses, so that none is forgotten.
"""

from dataclasses import dataclass

from quickbooks_sync.kinds import KINDS


@dataclass(frozen=True, kw_only=True)
class Known:
    """An address; `{id}` is that of the first record which the page `ids` links to by `link`."""

    address: str
    ids: str = ""
    link: str = ""


def _of_kind(namespace: str) -> dict[str, Known]:
    folder = namespace.replace("_", "-")
    return {
        f"{namespace}:list": Known(address=f"{folder}/"),
        f"{namespace}:create": Known(address=f"{folder}/new/"),
        f"{namespace}:detail": _of_record(folder),
        f"{namespace}:edit": _of_record(folder, "edit/"),
    }


def _of_record(folder: str, page: str = "") -> Known:
    return Known(address=f"{folder}/{{id}}/{page}", ids=f"{folder}/", link=rf"/{folder}/(\d+)/")


ATTENTION = "settings/quickbooks/attention/"
SAME = "settings/quickbooks/same/"
HISTORY = "settings/quickbooks/history/"
PAGES: dict[str, Known] = {
    **{name: page for kind in KINDS for name, page in _of_kind(kind.pages).items()},
    "customers:merge": _of_record("customers", "merge/"),
    "companies:settings": Known(address="settings/"),
    "account_email": Known(address="account/email/"),
    "companies:tax_rates:list": Known(address="settings/sales-tax/"),
    "quickbooks:home": Known(address="settings/quickbooks/"),
    "quickbooks:attention": Known(address=ATTENTION),
    "quickbooks:issue": Known(address=f"{ATTENTION}{{id}}/", ids=ATTENTION, link=r"/attention/(\d+)/"),
    "quickbooks:apart": Known(
        address="settings/quickbooks/records/{id}/apart/", ids="customers/1/", link=r"/records/(\d+)/apart/"
    ),
    "quickbooks:another": Known(
        address="settings/quickbooks/records/customer/{id}/another/", ids=SAME, link=r"/customers/(\d+)/"
    ),
    "quickbooks:likely": Known(address=SAME),
    "quickbooks:search": Known(address=f"{SAME}{{id}}/search/", ids=SAME, link=r"/same/(\d+)/search/"),
    "quickbooks:accept": Known(
        address=f"{SAME}accept/?line={{id}}", ids=SAME, link=r"/accept/\?line=([^\"]+)\""
    ),
    "quickbooks:history": Known(address=HISTORY),
    "quickbooks:books": Known(address="settings/quickbooks/books/"),
    "quickbooks:books_items": Known(address="settings/quickbooks/books/items/"),
    "quickbooks:differences": Known(address="settings/quickbooks/differences/"),
    "quickbooks:run": Known(address=f"{HISTORY}{{id}}/", ids=HISTORY, link=r"/history/(\d+)/"),
}
#: The same pages in another state.
STATES = (
    *(f"{ATTENTION}?show={show}" for show in ("changed", "replaced", "waiting", "held", "settled")),
    f"{ATTENTION}?reason=likely_pair",
    "settings/quickbooks/?choices=open",
    "settings/quickbooks/?ask=full",
    "account/password/change/",
    "account/2fa/",
    "account/logout/",
    "customers/?q=nobody+has+this+name",
)
#: What is seen before anybody has logged in.
OUTSIDE = ("", "account/password/reset/", "account/password/reset/done/", "account/signup/")
#: Answers to a page that is open already, and addresses that only lead on.
NO_PAGES = {
    "ui:home",
    "customers:choices",
    "work_codes:choices",
    "quickbooks:callback",
    "quickbooks:entering",
    "quickbooks:status",
    "quickbooks:checking_books",
}
