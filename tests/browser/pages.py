"""Every page there is, by its name in the product, and how to get there.

`tests/architecture/test_pages.py` compares this with the product's own addresses, so that none is forgotten.
"""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Known:
    """An address; `{id}` is that of the first record which the page `ids` links to by `link`."""

    address: str
    ids: str = ""
    link: str = ""


def _of_kind(folder: str, *, more: tuple[str, ...] = ()) -> dict[str, Known]:
    name = folder.replace("-", "_")
    of_record = {"detail": "", **{page: f"{page}/" for page in ("edit", *more)}}
    return {
        f"{name}:list": Known(address=f"{folder}/"),
        f"{name}:create": Known(address=f"{folder}/new/"),
        **{
            f"{name}:{page}": Known(
                address=f"{folder}/{{id}}/{end}", ids=f"{folder}/", link=rf"/{folder}/(\d+)/"
            )
            for page, end in of_record.items()
        },
    }


ATTENTION = "settings/quickbooks/attention/"
HISTORY = "settings/quickbooks/history/"
PAGES: dict[str, Known] = {
    **_of_kind("customers", more=("merge",)),
    **_of_kind("work-codes"),
    **_of_kind("invoices"),
    **_of_kind("payments"),
    "companies:settings": Known(address="settings/"),
    "account_email": Known(address="account/email/"),
    "companies:tax_rates:list": Known(address="settings/sales-tax/"),
    "quickbooks:home": Known(address="settings/quickbooks/"),
    "quickbooks:attention": Known(address=ATTENTION),
    "quickbooks:issue": Known(address=f"{ATTENTION}{{id}}/", ids=ATTENTION, link=r"/attention/(\d+)/"),
    "quickbooks:history": Known(address=HISTORY),
    "quickbooks:run": Known(address=f"{HISTORY}{{id}}/", ids=HISTORY, link=r"/history/(\d+)/"),
}
#: The same pages in another state.
STATES = (
    *(f"{ATTENTION}?show={show}" for show in ("changed", "waiting", "held", "settled")),
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
    "quickbooks:status",
}
