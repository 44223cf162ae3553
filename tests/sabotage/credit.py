"""Guards of credit: what QuickBooks pays by itself with money of ours, or with what is not ours."""

from tests.sabotage.guard import Edit, Guard, one

CREDIT = "quickbooks_sync/gathering/credit.py"
OWNERS = "quickbooks_sync/observing/credit_owners.py"
DECIDE = "quickbooks_sync/planner/decide.py"
GATHER = "quickbooks_sync/gathering/pairs.py"
APPLY = "quickbooks_sync/sending/waves.py"
ANSWERED = "quickbooks_sync/sending/responses.py"
TESTS = "integration/sync/test_credit.py::"
LOST = "integration/sync/test_credit_lost.py::"
OTHERS = "integration/sync/test_credit_of_others.py::"
SHOWN = "integration/sync/test_credit_shown.py::"
COUNTS = "integration/sync/test_counts.py::"
DECIDED = "unit/sync/test_decide_applied.py::"

CREDITED = (
    Guard(
        name="What QuickBooks did by itself is nobody's edit",
        prevents="A person is asked about each payment that QuickBooks has applied to a new invoice",
        off="it counts as changed there",
        edits=one(
            GATHER, "        applied=context.credit.applied.get(link.pk),\n", "        applied=None,\n"
        ),
        red=(f"{TESTS}test_one_payment_over_several_new_invoices_is_taken_with_all_of_them",),
    ),
    Guard(
        name="What QuickBooks applied of ours is taken here",
        prevents="An invoice is paid in QuickBooks and open here, or the payment is torn off it there",
        off="nothing is taken",
        edits=one(
            DECIDE,
            "    if pair.applied is not None and pair.applied.taken:\n",
            "    if False:\n",
        ),
        red=(
            f"{TESTS}test_one_payment_over_several_new_invoices_is_taken_with_all_of_them",
            f"{DECIDED}test_it_is_taken_as_far_as_there_is_room_and_the_rest_is_a_change_of_ours",
        ),
    ),
    Guard(
        name="Taken only as far as nothing here wants that room",
        prevents="An invoice is paid twice here, by its own payment and by the one QuickBooks took",
        off="all of it is taken",
        edits=one(
            CREDIT, "            part = min(amount, still_open[pk], rest)\n", "            part = amount\n"
        ),
        red=(f"{TESTS}test_only_as_much_is_taken_back_as_a_payment_here_wants",),
    ),
    Guard(
        name="What a payment pays by somebody's word",
        prevents="What a person applied to an invoice and what QuickBooks did both stand there",
        off="both count",
        edits=(
            Edit(file=CREDIT, old="if part > 0 and pk not in here:", new="if part > 0:"),
            Edit(
                file="quickbooks_sync/planner/records.py",
                old='each for each in more if each["invoice"] not in known]',
                new="each for each in more]",
            ),
        ),
        red=(f"{TESTS}test_what_a_payment_pays_by_somebodys_word_counts_before_what_quickbooks_did",),
    ),
    Guard(
        name="A payment waits until there is room for it there",
        prevents="It is sent before QuickBooks has given back what it applied, and is refused",
        off="it does not wait",
        edits=one(DECIDE, "    if here.no_room:\n", "    if False:\n"),
        red=(
            f"{TESTS}test_a_payment_with_the_smaller_number_gets_the_room_of_a_later_one",
            f"{DECIDED}test_a_payment_waits_until_there_is_room_for_it",
        ),
    ),
    Guard(
        name="What is given back is open again",
        prevents="A payment is sent although what is not given back leaves no room, and is refused",
        off="only new payments count",
        edits=one(ANSWERED, '(-1, item.get("paid", now))', "(-1, now)"),
        red=(f"{OTHERS}test_ours_and_theirs_on_one_invoice",),
    ),
    Guard(
        name="A voided payment makes room in the same run",
        prevents="Who waits for it goes only with the next sync, and a preview says otherwise",
        off="only names that are freed count",
        edits=one(
            APPLY,
            "        if session.names_freed or session.room_freed:",
            "        if session.names_freed:",
        ),
        red=(
            f"{TESTS}test_a_payment_voided_here_before_it_was_known_goes_without_a_question_and_its_room_is_used",
        ),
    ),
    Guard(
        name="Credit that is not ours is a question",
        prevents="A payment is sent for an invoice that a credit there has paid, and is refused",
        off="nobody is asked",
        edits=one(GATHER, "    if link.pk in context.credit.short:\n", "    if False:\n"),
        red=(f"{OTHERS}test_a_payment_without_room_is_one_question_and_pays_what_is_left",),
    ),
    Guard(
        name="One question, and it is asked of the payment that wants room",
        prevents="Of a banked payment a person is asked about an edit that nobody has made",
        off="an edit like any other",
        edits=one(
            DECIDE,
            "        if pair.applied is not None and _is_quickbooks_doing(",
            "        if pair.applied is not None and not _is_quickbooks_doing(",
        ),
        red=(
            f"{OTHERS}test_a_payment_in_the_bank_cannot_be_taken_back_and_that_is_one_question",
            f"{DECIDED}test_what_cannot_be_taken_back_waits_for_room",
        ),
    ),
    Guard(
        name="What is about to be given back is not paid already",
        prevents="The very payment that gets the room is asked about: was it entered there by hand?",
        off="only what is open there now counts",
        edits=one(
            "quickbooks_sync/sending/look_alikes.py",
            "room.left + room.given_back + moves",
            "room.left + moves",
        ),
        red=(f"{SHOWN}test_a_preview_shows_what_is_taken_back_and_who_gets_the_room",),
    ),
    Guard(
        name="Until it is known, all of it may be ours",
        prevents="After a crash the payment of a new invoice is asked about: was it entered by hand?",
        off="none of it is",
        edits=one(CREDIT, "room.given_back = room.link.applied or ZERO", "room.given_back = ZERO"),
        red=(f"{LOST}test_a_worker_may_die_at_any_step_of_it",),
    ),
    Guard(
        name="Whose it was is read in the same run",
        prevents="Until the next sync an invoice is paid there and open here, and payments wait",
        off="not before the next observation",
        edits=one(
            APPLY,
            "            find_owners(session)\n",
            "            pass\n",
        ),
        red=(f"{TESTS}test_one_payment_over_several_new_invoices_is_taken_with_all_of_them",),
    ),
    Guard(
        name="What the lists do not show yet stays unknown",
        prevents="Our own payment counts as credit entered there, because a list was late",
        off="what is not shown is not ours",
        edits=one(
            OWNERS,
            "        if amount is None:\n            return None\n",
            "        amount = amount or Decimal(0)\n",
        ),
        red=(f"{LOST}test_a_list_that_lags_behind_is_waited_for_and_nobody_is_asked",),
    ),
    Guard(
        name="A payment on its way is ours by its marker",
        prevents="What QuickBooks applied before its answer was known is taken for somebody's edit",
        off="only what is linked is ours",
        edits=one(OWNERS, "remote=None, marker__in=markers.values()", 'remote=None, marker="-"'),
        red=(f"{LOST}test_a_payment_whose_own_answer_was_lost_is_ours_all_the_same",),
    ),
    Guard(
        name="A payment that is not synced gives nothing back",
        prevents="Others wait for ever until it does",
        off="whatever is linked gives back",
        edits=one(CREDIT, "if link.state != Link.State.ACTIVE or kind", "if kind"),
        red=(
            f"{OTHERS}test_a_payment_that_is_not_synced_counts_as_theirs",
            f"{OTHERS}test_a_payment_that_somebody_stopped_since_it_was_applied_counts_as_theirs",
        ),
    ),
    Guard(
        name="A run from a preview takes nothing that was not shown",
        prevents="A payment here changes by a run whose preview said nothing of it",
        off="taking is only bookkeeping",
        edits=one(
            "quickbooks_sync/sending/as_shown.py",
            "    TakeApplied,\n    TakeTax,\n    UpdateHere,\n    UpdateThere,\n)\nSINCE",
            "    TakeTax,\n    UpdateHere,\n    UpdateThere,\n)\nSINCE",
        ),
        red=(
            f"{SHOWN}test_a_preview_says_what_quickbooks_may_do_and_a_run_from_it_does_no_more_than_was_shown",
        ),
    ),
    Guard(
        name="A preview reckons with the room that is made",
        prevents="It shows as waiting what goes in the same run",
        off="nothing is reckoned with",
        edits=one(
            "quickbooks_sync/foresight/forecast.py",
            "        session.coming.room[key] += before",
            "        session.coming.room[key] -= 0 * before",
        ),
        red=(f"{SHOWN}test_a_preview_shows_what_is_taken_back_and_who_gets_the_room",),
    ),
    Guard(
        name="What was left as it is there is no news",
        prevents="Each sync of the next minutes makes a call more for it",
        off="whatever differs is",
        edits=one(
            "quickbooks_sync/observing/storing.py",
            "    return any(name not in left or left[name] != record[name] for name in names)\n",
            "    return bool(names)\n",
        ),
        red=(f"{COUNTS}test_what_was_left_as_it_is_there_costs_no_call_though_it_is_read_once_more",),
    ),
)
