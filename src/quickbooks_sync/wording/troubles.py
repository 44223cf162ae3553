"""Why a run could not finish, in words, and the way out."""

#: Of these, those that are over once somebody has connected again.
ACCESS = {"lost", "no_access", "refused", "currency"}
#: Why a run could not finish, and the way out: a title and a sentence for each sort.
TROUBLES: dict[str, tuple[str, str]] = {
    "lost": (
        "QuickBooks asks you to connect again",
        "The access has ended. Everything that was linked stays linked, and what waits to be sent is kept.",
    ),
    "subscription": (
        "Your QuickBooks subscription has ended",
        "QuickBooks takes nothing until it is renewed there. Renew it, then try again; what waits is kept.",
    ),
    "no_access": (
        "The person who connected has no access to QuickBooks any more",
        "Connect again as somebody who is an administrator of the company in QuickBooks. Nothing is lost.",
    ),
    "refused": (
        "QuickBooks does not let Service Genius in",
        "Connect again. If that does not help, look in QuickBooks whether the app was removed there.",
    ),
    "currency": (
        "These books have another currency",
        "Disconnect, then connect a QuickBooks company with the same currency.",
    ),
    "unreachable": (
        "QuickBooks could not be reached",
        "That is mostly over in a few minutes. Nothing is lost; try again.",
    ),
    "program": (
        "Something went wrong in Service Genius",
        "It is our fault and has been noted. What was done is kept; try again.",
    ),
}
