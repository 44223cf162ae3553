"""Every address that takes a POST, by its name in the product, and the story in which it is pressed.

`tests/architecture/test_pages.py` compares this with the product's own addresses, so that none is forgotten.
"""

from quickbooks_sync.kinds import KINDS, LISTS, MONEY

STORIES: dict[str, set[str]] = {
    "records": {
        *(f"{kind.pages}:{what}" for kind in KINDS for what in ("create", "edit")),
        *(f"{kind.pages}:{what}" for kind in LISTS for what in ("deactivate", "reactivate")),
        *(f"{kind.pages}:void" for kind in MONEY),
        "quickbooks:sync",
    },
    "merge": {"customers:merge"},
    "apart": {"quickbooks:apart", "quickbooks:another"},
    "estimates": {"estimates:set_status", "estimates:make_invoice"},
    "sales tax": {f"companies:tax_rates:{what}" for what in ("list", "set_active", "settle")},
    "runs": {f"quickbooks:{what}" for what in ("choices", "hide_tips", "sync_as_shown", "stop")},
    "questions": {
        f"quickbooks:{what}"
        for what in (
            "mend",
            "try_again",
            "all_different",
            "put_off",
            "accept",
            "ask_again",
            "stop_record",
            "start_record",
        )
    },
    "replaced": {"quickbooks:replaced"},
    "books": {"quickbooks:check_books"},
    "a run's question": {"quickbooks:answer"},
}

_LIBRARY = "A page of the log-in's library, accepted once by the same middleware as all others."
#: Beside what the product itself leaves out (`ONCE_LEFT_OUT`), and why.
NOT_PRESSED = {
    "account_change_password": f"{_LIBRARY} test_once.py presses it twice.",
    "account_confirm_email": f"{_LIBRARY} Addresses are given by the company, and confirmed by nobody.",
    "account_confirm_login_code": f"{_LIBRARY} No log-in goes by a code.",
    "account_set_password": f"{_LIBRARY} Nobody is without a password.",
    "account_signup": f"{_LIBRARY} Nobody signs up by themselves.",
    "account_reauthenticate": f"{_LIBRARY} It changes nothing.",
    "account_reset_password_from_key": f"{_LIBRARY} It needs a mail; test_once.py presses it twice.",
    "mfa_reauthenticate": f"{_LIBRARY} It changes nothing.",
    "mfa_activate_totp": f"{_LIBRARY} It needs a second device.",
    "mfa_deactivate_totp": f"{_LIBRARY} It needs a second device.",
    "mfa_download_recovery_codes": f"{_LIBRARY} It hands out a file.",
    "mfa_generate_recovery_codes": f"{_LIBRARY} It needs a second device.",
}
