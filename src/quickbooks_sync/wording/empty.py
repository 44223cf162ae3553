"""What stands in place of a list of the sync that has no row. A heading and a sentence for each."""

from quickbooks_sync.models import SyncRun

#: The lists of Needs attention, by their name in the address.
LISTS: dict[str, tuple[str, str]] = {
    "": ("Nothing needs you", "Whatever a sync cannot settle by itself is listed here, with what mends it."),
    "changed": (
        "No change in QuickBooks waits for your word",
        "What a sync finds edited there is listed here. You say whether to take it, send yours, or neither.",
    ),
    "replaced": (
        "Nothing that was edited in QuickBooks was replaced",
        "Of a field that was edited on both sides yours is sent. What it replaced is listed here.",
    ),
    "waiting": (
        "Nothing waits for another record",
        "What belongs to another record is listed here until that is in QuickBooks; then it goes by itself.",
    ),
    "held": (
        "Nothing is kept out of the sync",
        "Records that somebody stopped syncing are listed here, with the button that starts them again.",
    ),
    "settled": (
        "Nothing was settled yet",
        "Whatever needed somebody stays listed here, with what became of it.",
    ),
}
DIFFERENCES = (
    "Nothing to compare",
    "What is on both sides with different details is listed here from connecting until the first Full Sync.",
)
BOOKS = (
    "Nothing to compare yet",
    "Once the first Full Sync is done, this page shows whether both sides agree, to the cent.",
)
BOOKS_ITEMS = ("Nothing differs", "Every document of this sort is the same on both sides by now.")
HISTORY = ("No run yet", "Every sync is listed here with each change it made.")


def of_run(run: SyncRun, *, told: bool) -> tuple[str, str]:
    """Of the changes of a run, or the steps of a preview. `told`: by its counts there were some."""
    if run.live or run.state == SyncRun.State.ASKING:
        if run.preview:
            return "No steps yet", "They are listed here once it has looked at both sides."
        return "No changes yet", "Each is listed here as soon as it is made."
    if told:
        return "They are not kept any more", "What they were is not listed any more; how many, is said above."
    if not run.preview:
        return "No changes", "This run changed nothing on either side."
    if run.state != SyncRun.State.DONE:
        return "No steps", "It did not come to its end, so it shows nothing."
    return "Nothing to do", f"{run.get_scope_display()} would copy and change nothing."
