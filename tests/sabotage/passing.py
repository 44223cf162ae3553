"""Guards of what only one may hold: it passes from one record to the next, on either side."""

from tests.sabotage.guard import Guard, one

BY_TURNS = "quickbooks_sync/gathering/exchanges.py"
NAMES = "quickbooks_sync/gathering/names.py"
ROOMS = "quickbooks_sync/gathering/payable.py"
RINGS = "quickbooks_sync/gathering/rings.py"
EFFECTS = "quickbooks_sync/sending/effects.py"
MEND = "quickbooks_sync/resolving/exchanged.py"
HERE = "integration/sync/test_by_turns.py::"
NUMBERS = "integration/sync/test_numbers.py::"
ANEW = "integration/sync/test_entered_anew.py::"

PASSING = (
    Guard(
        name="What another record here still holds is taken once it has let go",
        prevents="Two customers who exchange their names in QuickBooks are both refused here for ever",
        off="what is refused is refused",
        edits=one(EFFECTS, "if later is not None and isinstance", "if later is None and isinstance"),
        red=(f"{HERE}test_customers_who_exchange_names_there_have_them_here_in_one_run",),
    ),
    Guard(
        name="In a ring here all let go first",
        prevents="A ring of names that exists in QuickBooks is never taken",
        off="each is only written in its turn",
        edits=one(BY_TURNS, "    let_go(company, kind, takings)\n    order:", "    order:"),
        red=(f"{HERE}test_customers_who_exchange_names_there_have_them_here_in_one_run",),
    ),
    Guard(
        name="Who cannot be held here keeps back itself alone",
        prevents="One name that is taken here stops all that were exchanged in QuickBooks",
        off="all go, or none",
        edits=one(BY_TURNS, "rest = [each for each in rest if each not in refused.left]", "rest = []"),
        red=(f"{HERE}test_what_cannot_be_held_here_keeps_back_itself_and_none_of_the_others",),
    ),
    Guard(
        name="One answer takes what the others gave up",
        prevents="Take it is impossible for each of two who exchanged their names",
        off="each by itself",
        edits=one(MEND, "        if not order:\n            raise\n", "        raise\n"),
        red=(f"{HERE}test_taking_one_of_an_exchange_takes_what_the_others_gave_up",),
        raises="There already is a customer named",
    ),
    Guard(
        name="An answer takes of the others only what was passed on",
        prevents="Take it at one customer takes edits of another that nobody was asked about",
        off="all that was changed of them is taken",
        edits=one(MEND, "    if only_scarce:\n", "    if not fields:\n"),
        red=(f"{HERE}test_taking_one_of_an_exchange_takes_what_the_others_gave_up",),
    ),
    Guard(
        name="Who stands below it there moves away first",
        prevents="A customer who becomes the child of its former child is refused by QuickBooks",
        off="no place is waited for",
        edits=one(NAMES, "if mover is not None and claim", "if mover is False and claim"),
        red=(f"{HERE}test_who_becomes_the_parent_of_its_parent_here_is_so_there",),
    ),
    Guard(
        name="A payment waits for the room that another lets go of",
        prevents="Two payments that exchange their invoices are refused by QuickBooks",
        off="none waits",
        edits=one(
            ROOMS, "if not any(_short(move, left) for move in moves.values()):", "if moves is not None:"
        ),
        red=(f"{HERE}test_payments_exchange_the_invoices_they_pay_there_in_one_run",),
    ),
    Guard(
        name="In a ring of payments one lets go of all it pays",
        prevents="Payments that exchange their invoices wait for each other for ever",
        off="none steps aside",
        edits=one(RINGS, "if at == start and held and start == min(held):", "if False:"),
        red=(f"{HERE}test_payments_exchange_the_invoices_they_pay_there_in_one_run",),
    ),
    Guard(
        name="What another payment lets go of in this run is no money of others",
        prevents="A new payment of an invoice that another one leaves is asked about as paid already",
        off="it is counted as paid",
        edits=one(
            ROOMS,
            "for invoice, amount in move.less.items() if pk not in held else ():",
            "for invoice, amount in ():",
        ),
        red=(f"{HERE}test_a_new_payment_has_the_invoice_that_another_lets_go_of_in_the_same_run",),
    ),
    Guard(
        name="What was entered anew in place of a removed one waits for the one question",
        prevents="A customer put away and entered anew there raises two Issues, in each other's way",
        off="it is taken as new",
        edits=one(
            "quickbooks_sync/sending/waves.py", "    parked |= reentered.parked(session, kind, links)\n", ""
        ),
        red=(f"{ANEW}test_a_customer_entered_anew_is_one_question_and_linked_by_one_answer",),
    ),
    Guard(
        name="Numbers that are taken are one question",
        prevents="Each of twenty invoices with numbers of QuickBooks asks by itself",
        off="each is asked about",
        edits=one(
            "quickbooks_sync/sending/taken_numbers.py",
            "        session.look_alikes[link_id] = Wait(on=f",
            "        session.look_alikes[link_id] = RaiseIssue(\n"
            "            reason=Reason.NUMBER_TAKEN, details=taken[link_id]\n"
            "        ) or Wait(on=f",
        ),
        red=(f"{NUMBERS}test_overlapping_numbers_are_one_question_that_says_where_to_begin",),
    ),
    Guard(
        name="A number is proposed above those of both sides",
        prevents="The next number proposed is taken in QuickBooks, too, and so is that after it",
        off="above those here",
        edits=one(
            "quickbooks_sync/sending/taken_numbers.py",
            "there = front + highest(front, digits, _numbers_there(session, kind)) if digits else number",
            "there = number",
        ),
        red=(f"{NUMBERS}test_overlapping_numbers_are_one_question_that_says_where_to_begin",),
    ),
    Guard(
        name="What is sent anew is looked for as everything new",
        prevents="A payment deleted and entered by hand there stands there twice after Send it anew",
        off="whatever stands there",
        edits=one(
            "quickbooks_sync/resolving/resolve.py",
            "whatever_stands_there=False",
            "whatever_stands_there=True",
        ),
        red=(
            f"{ANEW}test_a_payment_deleted_and_entered_by_hand_is_asked_about_before_it_is_sent_anew",
            f"{ANEW}test_an_invoice_deleted_and_entered_by_hand_can_be_linked_when_it_is_sent_anew",
        ),
    ),
)
