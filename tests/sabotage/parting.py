"""Guards of taking a pair apart: each side gets its own back, and nothing that is somebody else's."""

from tests.sabotage.guard import Guard, one

APART = "quickbooks_sync/resolving/apart.py"
PUT_BACK = "quickbooks_sync/planner/put_back.py"
TAKEN = "integration/sync/test_taken_apart.py::"
UNIT = "unit/sync/test_put_back.py::"

PARTING = (
    Guard(
        name="Only what still is as the sync left it goes back",
        prevents="A phone that somebody has corrected since is overwritten a second time",
        off="everything that was ever written goes back",
        edits=one(PUT_BACK, "record[name] == last[name] and value", "value"),
        red=(
            f"{UNIT}test_what_somebody_has_edited_since_stays",
            f"{TAKEN}test_what_was_edited_since_stays_as_it_is",
        ),
    ),
    Guard(
        name="Two that were taken apart stay apart",
        prevents="The next Full Sync pairs them again, and overwrites them again",
        off="nothing is kept of it",
        edits=one(APART, '{"rejected": [*link.answers.get("rejected", ()), apart.remote.remote_id]}', "{}"),
        red=(f"{TAKEN}test_a_full_sync_does_not_pair_them_again_with_the_one_that_is_free",),
    ),
    Guard(
        name="What is paid stays where it is",
        prevents="An invoice is taken from its payment in QuickBooks, or the run stops at a refusal",
        off="all documents move",
        edits=one(APART, "and _is_free(kind, each.remote)", ""),
        red=(f"{TAKEN}test_unpaid_invoices_move_and_paid_ones_stay_to_the_cent",),
    ),
    Guard(
        name="Only what was shown is done",
        prevents="A press on an old page puts back what nobody has seen",
        off="any press does",
        edits=one(APART, "if apart.seen != seen:", "if False:"),
        red=(f"{TAKEN}test_only_what_was_shown_is_done",),
    ),
    Guard(
        name="Nothing is taken apart while a sync is under way",
        prevents="What is on its way to QuickBooks arrives at the wrong one",
        off="at any time",
        edits=one(APART, "if runs.exists() or sent.exists():", "if False:"),
        red=(f"{TAKEN}test_while_a_sync_is_under_way_nothing_is_taken_apart",),
    ),
    Guard(
        name="Another here with the name of the one there stops nothing",
        prevents="A wrong pair cannot be taken apart, though the page has promised it",
        off="nobody looks for one",
        edits=one(APART, "namesake=_namesake(link, kind, {**there, **back_there}),", "namesake=None,"),
        red=(f"{TAKEN}test_the_one_there_is_numbered_here_if_another_one_has_its_name_and_the_page_says_so",),
    ),
    Guard(
        name="A taken name says with whom of ours it is linked",
        prevents="Whoever was given the wrong counterpart is told to make a second one",
        off="only that it is taken",
        edits=one(
            "quickbooks_sync/gathering/names.py",
            "        details |= _linked_with(connection, kind, holder)\n",
            "",
        ),
        red=(f"{TAKEN}test_the_one_there_is_numbered_here_if_another_one_has_its_name_and_the_page_says_so",),
    ),
)
