"""A preview says what the run from it does, and leaves nothing out."""

from tests.sabotage.guard import Guard, one

RUN = "quickbooks_sync/runs/run.py"
FOUND = "simulation/test_found.py::"
FORESIGHT = "quickbooks_sync/foresight/forecast.py"
MERGED = "integration/sync/test_merged_customers.py::"
LEFT_OUT = "integration/sync/test_nothing_left_out.py::"
PREVIEW = "integration/sync/test_preview.py::"
RESTORED = "integration/sync/test_restored_backup.py::"
ANEW = "integration/sync/test_entered_anew.py::"
GONE = "integration/sync/test_choices_gone.py::"
ANSWERED = "integration/sync/test_answers.py::"
RELEASED = "integration/sync/test_released_in_one_run.py::"

FORETELLING = (
    Guard(
        name="A preview reckons what its steps do to balances",
        prevents="A preview asks for a person where the run voids a payment and then its invoice",
        off="balances as they are now",
        edits=one("quickbooks_sync/access/session.py", "        if not growth:\n", "        if True:\n"),
        red=(
            f"{RELEASED}test_a_payment_and_what_it_paid_are_voided_in_this_order",
            f"{RELEASED}test_what_a_sub_customer_owed_kept_the_one_above_it_too",
        ),
    ),
    Guard(
        name="A preview reckons what is new, too",
        prevents="A customer is shown as going who owes something by a new invoice",
        off="what is removed alone counts",
        edits=one(
            FORESIGHT,
            "            after = kind.will_settle(here.record, here.totals, gathered.references)\n",
            "            return\n",
        ),
        red=(
            f"{RELEASED}test_who_owes_something_by_an_invoice_of_this_very_run_is_asked_about",
            f"{RELEASED}test_who_owes_nothing_once_a_new_payment_is_there_is_deactivated",
            f"{RELEASED}test_who_owes_nothing_once_the_lines_are_edited_is_deactivated",
        ),
    ),
    Guard(
        name="A preview frees names when removals are done",
        prevents="One is shown as created under a name whose holder cannot go",
        off="a name is free as soon as its holder is to go",
        edits=one(
            FORESIGHT, "        if removing or not isinstance(now, RemoveThere):\n", "        if True:\n"
        ),
        red=(f"{RELEASED}test_a_name_whose_holder_cannot_go_is_waited_for",),
    ),
    Guard(
        name="A preview ends before anything is done",
        prevents="Whoever only wants to look has synced",
        off="it goes on",
        edits=one(RUN, "        _preview(session)\n        return 0.0\n", "        _preview(session)\n"),
        red=(f"{PREVIEW}test_a_preview_changes_nothing_on_either_side_and_sends_nothing",),
    ),
    Guard(
        name="A preview hands nothing on",
        prevents="A preview links the survivor of a merge with the customer of the loser",
        off="it does as a run does",
        edits=one(
            RUN, "session.coming.handed = handing_on.to_hand_on(session)", "handing_on.hand_on(session)"
        ),
        red=(f"{MERGED}test_a_preview_of_a_merge_here_shows_what_the_survivor_takes_over_and_links_nothing",),
    ),
    Guard(
        name="A preview knows what has answered itself",
        prevents="What waited for a question is sent by the run, and the preview says that it waits",
        off="the question stands until a run has settled it",
        edits=one(FORESIGHT, "coming.settled.add(key)", "pass"),
        red=(f"{FOUND}test_a_preview_shows_what_goes_because_a_question_has_answered_itself",),
    ),
    Guard(
        name="A preview knows who moves away",
        prevents="A customer merged here goes by itself, and the preview sends a person to QuickBooks for it",
        off="those below are where they are now",
        edits=one(FORESIGHT, 'if "parent" in fields:', "if False:"),
        red=(f"{FOUND}test_a_preview_shows_that_a_customer_goes_whose_sub_customer_moves_away",),
    ),
    Guard(
        name="Nothing is foreseen upon what is removed",
        prevents="A preview shows a payment of an invoice that the run voids there, and the run leaves it",
        off="what is removed is ready, like all that has had its turn",
        edits=one(FORESIGHT, "set() if isinstance(now, RemoveThere) else {", "set() if None else {"),
        red=(f"{ANSWERED}test_a_payment_waits_for_an_invoice_that_is_to_be_voided_there_in_a_preview_too",),
    ),
    Guard(
        name="Nothing is paid of what is to be voided there",
        prevents="A payment goes to an invoice that somebody wants voided, which then cannot be",
        off="it is ready once the totals are the same",
        edits=one("quickbooks_sync/gathering/foundations.py", "if pk in going or not", "if not"),
        red=(f"{ANSWERED}test_a_payment_waits_for_an_invoice_that_is_to_be_voided_there_in_a_preview_too",),
    ),
    Guard(
        name="A preview decides by the settings that it learned",
        prevents="A preview asks for an account that is back, and the next Sync does what it left out",
        off="what was decided before stays so",
        edits=one(
            RUN,
            "    if session.background != before:\n        session.coming",
            "    if False:\n        session.coming",
        ),
        red=(f"{GONE}test_a_preview_that_learns_of_an_account_which_is_back_shows_what_it_frees",),
    ),
    Guard(
        name="What is taken after a move counts as shown",
        prevents="A preview shows an edit of a sub-customer moved here, and the run from it leaves that",
        off="whom it stands below there is a part of the step",
        edits=one(
            "quickbooks_sync/sending/as_shown.py",
            "    if isinstance(action, UpdateHere) and not",
            "    if isinstance(action, TakeTax) and not",
        ),
        red=(f"{LEFT_OUT}test_what_is_taken_of_a_sub_customer_once_its_move_was_sent_is_shown_too",),
    ),
    Guard(
        name="A preview takes nothing about which somebody is asked",
        prevents="What may be a record that a backup forgot is shown as coming here, and the run leaves it",
        off="it comes with whatever it refers to",
        edits=one(FORESIGHT, "isinstance(action, Wait) or action.held:", "isinstance(action, Wait):"),
        red=(f"{RESTORED}test_a_preview_takes_nothing_that_may_be_what_was_forgotten",),
    ),
    Guard(
        name="A preview asks of what comes with others what a run asks",
        prevents="An invoice that may be one which a backup lost is shown as sent, and the run leaves it",
        off="only what waits for nothing is asked about",
        edits=one(FORESIGHT, "now = in_turn(session, gathered, now) if now is not action else now", ""),
        red=(f"{RESTORED}test_a_preview_sends_no_invoice_that_may_be_the_one_which_is_only_there",),
    ),
    Guard(
        name="A preview knows about whom nobody is asked any more",
        prevents="What is new there is shown as waiting for a question nobody asks, and the run takes it",
        off="who comes back in the run still counts as put away",
        edits=one("quickbooks_sync/gathering/reentered.py", "if link.pk not in session.coming.back", ""),
        red=(f"{ANEW}test_a_preview_shows_that_nobody_is_asked_about_one_that_comes_back_in_the_same_run",),
    ),
    Guard(
        name="A preview knows who takes over a counterpart",
        prevents="What is new there is shown as waiting for one who is somebody there by then",
        off="one merged here still counts as having no counterpart",
        edits=one(
            "quickbooks_sync/gathering/compared.py",
            "        half = half.exclude(local_id__in=taking_over(session, kind.name))\n",
            "",
        ),
        red=(f"{LEFT_OUT}test_who_takes_over_a_counterpart_keeps_no_namesake_there_waiting",),
    ),
    Guard(
        name="A preview asks about what goes with its customer",
        prevents="An invoice is shown as going whose number is taken in QuickBooks",
        off="nobody who only comes in the same run has an invoice",
        edits=one(
            "quickbooks_sync/sending/newcomers.py",
            "if customer is None and key not in session.coming.there:",
            "if customer is None:",
        ),
        red=(
            f"{LEFT_OUT}test_an_invoice_that_is_asked_about_once_its_customer_is_there_is_not_shown_as_going",
        ),
    ),
    Guard(
        name="A preview knows what a voided payment lets go of",
        prevents="A payment is shown as waiting for the room on an invoice, and the run sends it",
        off="only records of the lists give up anything when they go",
        edits=one(
            FORESIGHT,
            "        case RemoveThere():\n            coming.giving_up.add(link.pk)",
            "        case RemoveThere() if not kind.money:\n            coming.giving_up.add(link.pk)",
        ),
        red=(f"{LEFT_OUT}test_a_payment_that_waits_for_the_room_of_a_voided_one_is_shown_as_going",),
    ),
    Guard(
        name="A preview knows what follows an answer that is taken",
        prevents="An edit beside an answer taken is sent by the run, and the preview shows the answer only",
        off="nothing follows what is taken here",
        edits=one(
            "quickbooks_sync/foresight/preview.py",
            "if not isinstance(action, TakeTax):",
            "if isinstance(action, TakeApplied):",
        ),
        red=("integration/sync/test_estimates.py::test_a_preview_shows_an_edit_here_beside_an_answer_there",),
    ),
    Guard(
        name="A preview knows what an edit names that comes in the same run",
        prevents="An invoice with a line of a new work code is shown as waiting, and the next Sync sends it",
        off="an edit waits until that is there",
        edits=one(FORESIGHT, "if here is None or not here.waits_for or", "if True or here is None or"),
        red=(f"{LEFT_OUT}test_an_edit_that_names_what_is_sent_in_the_same_run_is_shown_as_going",),
    ),
)
