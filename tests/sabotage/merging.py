"""Guards of merging: two records of a list become one in QuickBooks, and that is one question."""

from tests.sabotage.guard import Guard, one

MERGES, GATHER = "quickbooks_sync/gathering/merges.py", "quickbooks_sync/gathering/pairs.py"
CODES = "integration/sync/test_merged_work_codes.py::"
CUSTOMERS = "integration/sync/test_merged_customers.py::"

MERGING = (
    Guard(
        name="What a merge moved waits for the one answer",
        prevents="Two items are merged in QuickBooks, and every invoice of them is a question",
        off="only customers are looked at",
        edits=one(MERGES, "    for kind in LISTS:\n        ids", "    for kind in LISTS[:1]:\n        ids"),
        red=(f"{CODES}test_a_merge_of_items_is_one_question_that_names_the_survivor",),
    ),
    Guard(
        name="What a merge moved is no edit",
        prevents="A person answered about the merge, and is asked about every invoice of it all the same",
        off="the Baseline names the loser for ever",
        edits=one(GATHER, "    if not moved or there is None:\n", "    if True:\n"),
        red=(
            f"{CODES}test_a_loser_that_is_kept_apart_leaves_the_invoices_as_they_are",
            f"{CODES}test_of_a_loser_that_is_not_used_any_more_nothing_is_asked",
            f"{CODES}test_an_edit_here_of_what_moved_waits_and_goes_after_the_answer",
        ),
    ),
    Guard(
        name="What stays apart is noted at each invoice",
        prevents="A work code is sent anew after a merge there, and every older invoice is a question",
        off="the answer notes nothing",
        edits=one(
            "quickbooks_sync/resolving/resolve.py",
            "    if issue.reason == Reason.MERGED_THERE:\n",
            "    if False:\n",
        ),
        red=(f"{CODES}test_a_loser_that_is_kept_apart_leaves_the_invoices_as_they_are",),
    ),
    Guard(
        name="What a merge moved is written down",
        prevents="Whoever takes another edit of such an invoice gets the work code of the survivor with it",
        off="it is known to the run only",
        edits=one(
            "quickbooks_sync/sending/waves.py",
            "        settling.follow(gathered for gathered, _ in steps)\n",
            "",
        ),
        red=(f"{CODES}test_an_edit_there_of_what_moved_is_told_for_itself",),
    ),
    Guard(
        name="A merge is told by what was agreed",
        prevents="A customer who was just removed there is shown as merged into one who has nothing of it",
        off="by what is entered here",
        edits=one(
            MERGES,
            "            before = naming.here(each.there_baseline or {})\n",
            "            before = [link.local_id] * len(naming.there(payload))\n",
        ),
        red=(f"{CUSTOMERS}test_an_invoice_given_to_a_removed_customer_here_only_tells_of_no_merge",),
    ),
    Guard(
        name="What may be the survivor is not taken before the answer",
        prevents="The survivor of a merge there is taken beside the record here that it is",
        off="it is new like any other",
        edits=one(
            MERGES,
            "and (kind.name, link.remote.remote_id) in session.survivors",
            "and kind.name in session.survivors",
        ),
        red=(f"{CODES}test_a_survivor_that_is_not_here_takes_the_place_of_the_one_that_is",),
    ),
)
