"""Guards of who wins at a first link: done as chosen, and said before as it is done."""

from tests.sabotage.guard import Guard, one

FIRST_LINK = "quickbooks_sync/planner/first_link.py"
RULE = "unit/sync/test_who_wins.py::"
LAWS = "properties/test_planner_laws.py::"
DONE = "integration/sync/test_who_wins.py::"
BACK = "integration/sync/test_replaced_edits.py::"
SAID = "integration/sync/test_who_wins_said.py::"

WINNING: tuple[Guard, ...] = (
    Guard(
        name="Who wins at a first link is what was chosen",
        prevents="Values in QuickBooks are replaced that somebody chose to keep",
        off="ours always wins",
        edits=one(FIRST_LINK, "who_wins.get(group, Wins.OURS)", "Wins.OURS"),
        red=(
            f"{RULE}test_theirs_is_taken_if_quickbooks_wins",
            f"{RULE}test_each_is_agreed_upon_as_it_is_if_neither_wins",
            f"{LAWS}test_when_two_first_meet_what_wins_is_on_both_sides_and_what_loses_is_never_sent",
        ),
    ),
    Guard(
        name="What stays different is agreed upon",
        prevents="What both sides were to keep is sent all the same, or asked about",
        off="it is left as a change of ours",
        edits=one(
            FIRST_LINK,
            "            continue  # each is agreed upon as it is\n",
            "            pass\n",
        ),
        red=(f"{RULE}test_each_is_agreed_upon_as_it_is_if_neither_wins",),
    ),
    Guard(
        name="What QuickBooks cannot hold does not lose here",
        prevents="A long value is lost here to a short one, because QuickBooks wins",
        off="it is taken over like any other",
        edits=one(
            FIRST_LINK,
            "Wins.OURS if name in stays_here else _chosen(name, who_wins)",
            "_chosen(name, who_wins)",
        ),
        red=(f"{RULE}test_what_quickbooks_cannot_hold_stays_here_whoever_wins",),
    ),
    Guard(
        name="Another choice makes a preview stale",
        prevents="A preview shows that values come here, and its run sends ours over them",
        off="the choice is no part of the fingerprint",
        edits=one(
            "quickbooks_sync/sending/as_shown.py",
            "    if isinstance(action, Adopt) and pair.here is not None:\n",
            "    if False:\n",
        ),
        red=(f"{DONE}test_another_choice_makes_a_preview_stale",),
    ),
    Guard(
        name="What stays different is told at the record",
        prevents="A page says that both sides are the same, and they are not",
        off="the Link does not say so",
        edits=one(
            "quickbooks_sync/agreements/settling.py",
            "    link.apart = agreed_apart(here, there) or None\n",
            "    link.apart = None\n",
        ),
        red=(f"{SAID}test_a_record_that_stays_different_does_not_say_that_it_is_the_same",),
    ),
    Guard(
        name="What is replaced here is counted",
        prevents="QuickBooks' values come over ours, and no run says how many",
        off="a run counts what it replaces there alone",
        edits=one(
            "quickbooks_sync/sending/effects.py",
            "        session.counts.update(counts_of(action, gathered.here, gathered.there))\n",
            "",
        ),
        red=(f"{SAID}test_look_preview_and_run_agree_on_what_becomes_of_each_value",),
    ),
    Guard(
        name="Another choice is counted anew",
        prevents="The page says how many values are replaced by a choice that holds no more",
        off="nobody looks again",
        edits=one("quickbooks_sync/pages/views.py", "    if count_anew:", "    if False:"),
        red=(f"{SAID}test_another_choice_has_both_sides_looked_at_anew",),
    ),
    Guard(
        name="A page that says another winner starts nothing",
        prevents="Whoever reads that Service Genius wins starts a Full Sync in which QuickBooks does",
        off="what the page said counts for nothing",
        edits=one("quickbooks_sync/pages/who_wins.py", "    if form.moved:\n", "    if False:\n"),
        red=(f"{SAID}test_a_page_that_says_another_winner_starts_nothing",),
    ),
    Guard(
        name="An edit there that ours replaced is listed",
        prevents="A phone number that somebody entered in QuickBooks is gone, and only the history knows",
        off="it is a change like any other",
        edits=one(
            "quickbooks_sync/sending/responses.py",
            "    change.overruled = _overruled(link, stored, was)\n",
            "",
        ),
        red=(f"{BACK}test_what_ours_replaced_is_listed_with_both_values",),
    ),
    Guard(
        name="What was edited here since is not taken back",
        prevents="One press on an old page writes over what somebody has just entered",
        off="it is written whatever stands here",
        edits=one("quickbooks_sync/resolving/overruled.py", "        if since:\n", "        if False:\n"),
        red=(f"{BACK}test_what_was_edited_here_since_is_not_written_over",),
    ),
)
