"""Guards of seeing: what changed on either side is noticed, and nothing is taken for gone that is not."""

from tests.sabotage.guard import Guard, one

OBSERVE = "quickbooks_sync/observe.py"

SEEING = (
    Guard(
        name="Order of SyncTokens",
        prevents="A row of a list that lags overwrites a newer one, and an old value counts as their edit",
        off="an older row is stored like any other",
        edits=one(OBSERVE, "if known is not None and token < known.token:", "if token < 0:"),
        red=("integration/sync/test_observe.py::test_a_row_older_than_the_one_last_seen_says_nothing",),
    ),
    Guard(
        name="Overflow of change data capture",
        prevents="Of more than 1,000 changes in a day those that did not fit are never seen",
        off="a full answer counts as a whole one",
        edits=one(OBSERVE, "    if changes.overflow:\n", "    if False:\n"),
        red=(
            "integration/sync/test_observe.py::test_a_look_that_may_not_hold_everything_is_followed_by_queries",
        ),
    ),
)
