"""What an invoice there says of online payment and of e-mail: decided when it is made, then left as it is.

Not a part of the Record: nothing of it is kept the same on both sides. But QuickBooks sets the ways to pay
online back to the company's setting at each write that leaves them out, and mails by itself what can be paid
online and has an address (facts E15). So no write leaves anything of it open.
"""

from typing import Any

from .base import Facts, Payload, text

#: By card and by bank, which the pay link offers.
BY_LINK = ("AllowOnlineCreditCardPayment", "AllowOnlineACHPayment")
WAYS = (*BY_LINK, "AllowOnlinePayPalPayment", "AllowOnlineAffirmPayment")
SENT = "EmailSent"


def of_new(facts: Facts, address: str) -> Payload:
    """As an invoice is made: without the pay link and unmailed, unless a person has chosen the link.

    `address`: that of the customer there, to which QuickBooks then mails it by itself.
    """
    payload: Payload = {**dict.fromkeys(WAYS, False), "EmailStatus": "NotSet"}
    if facts.pay_link:
        payload |= dict.fromkeys(BY_LINK, True)
        if address:
            payload["BillEmail"] = {"Address": address}
    return payload


def as_last_seen(seen: Payload) -> Payload:
    """As it was seen there last, to be said again with each update.

    E-mail only once it was sent: a sending moves no SyncToken, so what was seen before may be out of date,
    and to say again that it waits to be sent would send it twice. What is left out stays as it is.
    """
    payload: dict[str, Any] = {way: seen.get(way) is True for way in WAYS}
    if seen.get("EmailStatus") == SENT:
        payload["EmailStatus"] = SENT
        if text((seen.get("BillEmail") or {}).get("Address")):
            payload["BillEmail"] = seen["BillEmail"]
    return payload
