"""Guards of deciding: whose value counts, and that every sum is right."""

from tests.sabotage.guard import Guard, one

APPLY = "quickbooks_sync/sending/waves.py"
DECIDE = "quickbooks_sync/planner/decide.py"
RUN = "quickbooks_sync/runs/run.py"
DECIDED = "unit/sync/test_decide.py::"
REMOVED = "unit/sync/test_decide_removals_and_names.py::"
KIND_LAWS = "properties/test_kind_laws.py::"
ALONE = "simulation/test_one_guard_alone.py::"
FOUND = "simulation/test_found.py::"
BACK = "simulation/test_went_back.py::"
MERGED = "integration/sync/test_merged_customers.py::"
MONEY = "simulation/test_money_alone.py::"
RELEASED = "integration/sync/test_released_in_one_run.py::"
BOTH = "integration/sync/test_edits_on_both_sides.py::"
CLOSED = "integration/sync/test_closed_and_inactive.py::"

DECIDING = (
    Guard(
        name="Each side has its own Baseline",
        prevents="Sides that rightly differ are made equal, by overwriting one",
        off="theirs is compared with ours",
        edits=one(
            DECIDE,
            "theirs = changed(pair.there_baseline or {}, there.record)\n    # What",
            "theirs = changed(pair.here_baseline or {}, there.record)\n    # What",
        ),
        red=(f"{DECIDED}test_sides_that_rightly_differ_are_not_made_equal",),
    ),
    Guard(
        name="What was removed there is not resurrected",
        prevents="A customer deactivated in QuickBooks is sent anew, or changed",
        off="a removal there is a change like any other",
        edits=one(
            DECIDE,
            'if is_removed(there.record) and theirs & {"active", "voided"}:',
            "if False:",
        ),
        red=(f"{REMOVED}test_what_was_removed_there_is_for_a_person_whatever_happened_here",),
    ),
    Guard(
        name="An invoice edited on both sides is for a person",
        prevents="One of two totals of an invoice is overwritten unseen",
        off="ours wins, as with customers",
        edits=one(DECIDE, "    if pair.money and theirs:\n", "    if False:\n"),
        red=(f"{DECIDED}test_an_invoice_changed_on_both_sides_is_for_a_person",),
    ),
    Guard(
        name="What is paid there is not edited",
        prevents="An invoice somebody has paid changes its total in QuickBooks",
        off="sent all the same",
        edits=one(DECIDE, "if pair.money and there.settled_elsewhere and ", "if False and "),
        red=(f"{DECIDED}test_an_edit_to_an_invoice_that_was_paid_or_extended_there_is_for_a_person",),
    ),
    Guard(
        name="What may not be removed stays",
        prevents="A customer with an open balance, or a banked payment, is removed in QuickBooks",
        off="removed all the same",
        edits=one(DECIDE, "    if not there.removable:\n", "    if False:\n"),
        red=(f"{REMOVED}test_what_may_not_be_removed_there_is_an_issue",),
    ),
    Guard(
        name="What could not be removed is read again",
        prevents="A person is asked about a customer who owed only what this very run has voided",
        off="decided on what was read before",
        edits=one(
            APPLY, "        if doubtful and link.pk not in session.looked_again:\n", "        if False:\n"
        ),
        red=(
            f"{RELEASED}test_who_owes_nothing_once_the_invoice_is_voided_is_deactivated",
            f"{RELEASED}test_who_was_merged_here_goes_once_the_invoices_have_moved",
        ),
    ),
    Guard(
        name="Who bought something in this run is read before it is removed",
        prevents="A deactivation is sent of a customer who owes something by now",
        off="decided on what was read before",
        edits=one(
            APPLY,
            " or (going and link.local_id in busy)\n",
            "\n",
        ),
        red=(f"{RELEASED}test_who_owes_something_by_then_is_not_tried_by_a_run_without_a_preview_either",),
    ),
    Guard(
        name="What a removal frees goes in the same run",
        prevents="Whoever takes over a name is sent, and the first invoice only a day later",
        off="only customers and work codes go after removals",
        edits=one(
            APPLY,
            "            apply(session, kinds, waiting_only=True)\n",
            "            apply(session, [kind for kind in kinds if not kind.money], waiting_only=True)\n",
        ),
        red=(f"{RELEASED}test_who_takes_the_name_of_one_that_goes_comes_after_it_with_all_that_is_new",),
    ),
    Guard(
        name="One that was made inactive before it was sent",
        prevents="Its invoice waits for ever, and nobody is told",
        off="it is waited for",
        edits=one(
            "quickbooks_sync/gathering/pairs.py",
            "        yield from _inactive(Reason.INACTIVE_HERE, refers, context.put_away)\n",
            "",
        ),
        red=(f"{CLOSED}test_an_invoice_of_one_that_was_never_sent_does_not_wait_for_ever",),
    ),
    Guard(
        name="A removal that stays a question costs no call",
        prevents="Each such question costs a metered read every day",
        off="read again in every run",
        edits=one(APPLY, "    if not _changed_money(session):\n", "    if False:\n"),
        red=(f"{RELEASED}test_who_still_owes_something_is_asked_about_in_the_preview_and_by_the_run",),
    ),
    Guard(
        name="A banked payment is known",
        prevents="A payment that is part of a deposit is voided in QuickBooks, and the deposit is wrong",
        off="no deposit is seen",
        edits=one(
            "quickbooks_sync/kinds/payment.py",
            'banked = any(linked.get("TxnType") == "Deposit" for ',
            'banked = any(False and "Deposit" for ',
        ),
        red=(f"{MONEY}test_a_payment_that_is_banked_there_is_not_voided_by_itself",),
    ),
    Guard(
        name="What was not edited of a payment goes back as it is there",
        prevents="An edit takes a payment from a customer with whom it was left, and from its invoice",
        off="the customer here goes with every edit",
        edits=one(
            "quickbooks_sync/kinds/payment.py",
            'if "customer" in wanted:',
            "if True:",
        ),
        red=(
            f"{MERGED}test_an_edit_here_of_what_was_left_with_the_loser_there_leaves_it_there",
            "properties/test_kind_laws.py::test_an_edit_leaves_the_other_fields_as_they_are_there",
        ),
    ),
    Guard(
        name="A customer who owes something stays",
        prevents="A customer with an open balance is deactivated in QuickBooks",
        off="the balance is not looked at",
        edits=one(
            "quickbooks_sync/kinds/customer.py",
            'return decimal(payload.get("BalanceWithJobs", payload.get("Balance"))) == 0',
            "return True",
        ),
        red=(f"{MONEY}test_a_customer_who_owes_something_there_is_not_deactivated_by_itself",),
    ),
    Guard(
        name="An imported customer is deactivated here only",
        prevents="Deactivating a customer here removes one in QuickBooks that we did not make",
        off="removed there, too",
        edits=one(DECIDE, '        ours -= {"active"}  # an imported', "        pass  # an imported"),
        red=(f"{REMOVED}test_an_imported_record_is_deactivated_here_only",),
    ),
    Guard(
        name="Money is never taken from QuickBooks by itself",
        prevents="With two-way edits an invoice here changes without a person",
        off="taken like a customer's phone number",
        edits=one(DECIDE, "if policy.two_way_edits and not pair.money and", "if policy.two_way_edits and"),
        red=(f"{DECIDED}test_two_way_edits_never_take_a_change_of_money",),
    ),
    Guard(
        name="A blank erases nothing",
        prevents="When two first meet, an empty field here clears the one there",
        off="a blank here counts as a value",
        edits=one("quickbooks_sync/planner/first_link.py", "    if is_blank(ours):\n", "    if False:\n"),
        red=(
            f"{DECIDED}test_a_blank_here_is_filled_from_there",
            "properties/test_planner_laws.py::test_when_two_first_meet_nothing_is_erased_by_a_blank",
        ),
    ),
    Guard(
        name="Totals are verified when a write is answered",
        prevents="QuickBooks stores another total than ours, and nobody sees it",
        off="whatever was answered is right",
        edits=one(
            "quickbooks_sync/sending/responses.py",
            "    different = bool(item",
            "    different = False and bool(item",
        ),
        red=(f"{MONEY}test_a_total_that_quickbooks_computed_otherwise_is_told_and_nothing_is_paid_on_it",),
    ),
    Guard(
        name="Totals are verified when nothing changed",
        prevents="A difference that was found is settled by the next run",
        off="equal fields are enough",
        edits=one(DECIDE, "    if not different:\n", "    if True:\n"),
        red=(f"{MONEY}test_a_total_that_quickbooks_computed_otherwise_is_told_and_nothing_is_paid_on_it",),
    ),
    Guard(
        name="Nothing is built upon an invoice that differs",
        prevents="A payment is sent for an invoice whose total is not the same there",
        off="it is a reference like any other",
        edits=one(
            "quickbooks_sync/gathering/references.py",
            "frozenset({Reason.REMOVED_THERE, Reason.STORED_DIFFERENTLY, ",
            "frozenset({Reason.REMOVED_THERE, ",
        ),
        red=(f"{MONEY}test_a_total_that_quickbooks_computed_otherwise_is_told_and_nothing_is_paid_on_it",),
    ),
    Guard(
        name="Nothing is built upon what was removed there",
        prevents="QuickBooks refuses each invoice of a customer removed there, and each is asked about",
        off="it is a reference like any other",
        edits=one(
            "quickbooks_sync/gathering/references.py",
            "if asked_about or (synced and before and not active):",
            "if reason == Reason.STORED_DIFFERENTLY:",
        ),
        red=(f"{FOUND}test_what_belongs_to_a_customer_removed_there_waits_for_the_answer",),
    ),
    Guard(
        name="Doing the same here agrees on the removal alone",
        prevents="An edit that was never sent counts as agreed, and is missing there once the record is back",
        off="all of the record counts as agreed",
        edits=one(
            "quickbooks_sync/resolving/resolve.py",
            "link.here_baseline = {**(link.here_baseline or here), switch: here[switch]}",
            "link.here_baseline = here",
        ),
        red=(f"{FOUND}test_what_was_edited_before_both_removed_it_is_not_forgotten",),
    ),
    Guard(
        name="Gone on both sides, no more than that is agreed",
        prevents="What was edited here while it was gone there is never sent once that is back",
        off="all that stands here is agreed",
        edits=one(
            "quickbooks_sync/sending/effects.py",
            "link.here_baseline = {**link.here_baseline, **switch} if",
            "link.here_baseline = gathered.here if",
        ),
        red=(f"{BACK}test_what_was_edited_here_while_it_was_gone_there_goes_once_it_is_back",),
    ),
    Guard(
        name="Sales tax must be mapped",
        prevents="An invoice is sent under no tax code, and QuickBooks takes no tax",
        off="any rate will do",
        edits=one(
            "quickbooks_sync/kinds/sales_form.py",
            'elif facts.sales_tax == "manual" and record["tax_rate"] not in facts.tax_code_of_rate:',
            "elif False:",
        ),
        red=(f"{MONEY}test_an_invoice_under_a_rate_without_a_tax_code_is_held",),
        raises="KeyError",
    ),
    Guard(
        name="Sales tax off there holds what is taxed here",
        prevents="An invoice with tax is sent to books that take none, and its total differs",
        off="sent all the same",
        edits=one(
            "quickbooks_sync/kinds/sales_form.py",
            'if facts.sales_tax == "off" or not is_within_us(facts):',
            "if False:",
        ),
        red=(f"{MONEY}test_an_invoice_with_tax_is_held_where_sales_tax_is_off",),
    ),
    Guard(
        name="Discounts off there hold what is discounted here",
        prevents="An invoice is sent without its discount, and its total differs",
        off="sent all the same",
        edits=one(
            "quickbooks_sync/kinds/sales_form.py",
            "if _has_discount(record) and not facts.discounts:",
            "if False:",
        ),
        red=(f"{MONEY}test_an_invoice_with_a_discount_is_held_where_discounts_are_off",),
    ),
    Guard(
        name="The same currency",
        prevents="Amounts in dollars are sent as if they were euros",
        off="any currency will do",
        edits=one(RUN, "    if ours != theirs:\n", "    if False:\n"),
        red=(f"{MONEY}test_books_in_another_currency_are_not_synced",),
    ),
    Guard(
        name="Overlay of nested values",
        prevents="What we do not know of a phone or an address is erased there by an edit here",
        off="sent without what is there",
        edits=one(
            "quickbooks_sync/kinds/customer.py",
            "payload[member] = {**(base.get(member) or {}), key: record[field]}",
            "payload[member] = {key: record[field]}",
        ),
        red=(f"{KIND_LAWS}test_what_we_do_not_know_survives_every_edit",),
    ),
    Guard(
        name="Overlay of lines",
        prevents="Class and service date of a line are erased there by an edit of another line here",
        off="each line is a new one",
        edits=one(
            "quickbooks_sync/kinds/lines.py",
            "            **(known.get(SALES_LINE) or {}),\n",
            "",
        ),
        red=(f"{KIND_LAWS}test_a_line_that_stays_keeps_what_we_do_not_know_of_it",),
        raises="KeyError: 'ClassRef'",  # the test looks for it
    ),
    Guard(
        name="Compare-and-set of what is taken",
        prevents="An edit made here this very moment is overwritten with the value from QuickBooks",
        off="the revision is not compared",
        edits=one(
            "quickbooks_sync/sending/effects.py",
            "                expected_revision=local.revision,\n",
            "                expected_revision=None,\n",
        ),
        red=(f"{ALONE}test_an_edit_made_here_this_very_moment_is_not_overwritten_by_theirs",),
    ),
    Guard(
        name="Voided since it was paired",
        prevents="An invoice that was paired and then voided here counts there for ever, and nobody is told",
        off="what either side is at their first link stays",
        edits=one(
            "quickbooks_sync/planner/first_link.py",
            '        here_baseline["voided"] = there_baseline["voided"] = False\n',
            "        pass\n",
        ),
        red=(
            "integration/sync/test_look_alikes.py::test_what_was_voided_here_since_it_was_paired_is_voided_there",
        ),
    ),
    Guard(
        name="Closed books are known before",
        prevents="A preview shows an invoice as going that QuickBooks refuses for its date, day after day",
        off="only QuickBooks looks at the date",
        edits=one(
            "quickbooks_sync/gathering/pairs.py",
            "    if kind.money:\n        yield from in_closed_books(",
            "    if False:\n        yield from in_closed_books(",
        ),
        red=(f"{CLOSED}test_a_date_in_closed_books_is_shown_before_and_not_sent",),
    ),
    Guard(
        name="Inactive customers and Service Items are known before",
        prevents="A preview shows an invoice as going whose customer QuickBooks does not take",
        off="only QuickBooks looks at them",
        edits=one(
            "quickbooks_sync/gathering/pairs.py",
            "    if kind.money and link.remote_id is None:\n",
            "    if False:\n",
        ),
        red=(f"{CLOSED}test_a_new_invoice_of_something_inactive_is_shown_before_and_not_sent",),
    ),
    Guard(
        name="Money is Decimal from the wire on",
        prevents="0.1 + 0.2 is not 0.3",
        off="JSON numbers are floats",
        edits=one("qbo/payload.py", "parse_float=Decimal", "parse_float=float"),
        red=("unit/qbo/test_payload.py::test_a_number_with_a_point_is_read_as_a_decimal",),
    ),
    Guard(
        name="An invoice is paid once",
        prevents="Two payments pay the same money, and the second is refused in QuickBooks",
        off="any amount may be applied",
        edits=one(
            "service_genius/payments/rules.py",
            "        if allocation.amount > still_open:\n",
            "        if False:\n",
        ),
        red=("integration/app/test_payments.py::test_two_payments_cannot_pay_the_same_money_twice",),
    ),
    Guard(
        name="Half a cent is rounded away from zero",
        prevents="Every second total differs from that of QuickBooks by a cent",
        off="rounded to the even cent",
        edits=one(
            "service_genius/shared/money.py",
            "_EXACT = Context(prec=60, rounding=ROUND_HALF_UP)",
            '_EXACT = Context(prec=60, rounding="ROUND_HALF_EVEN")',
        ),
        red=("unit/app/test_money.py::test_half_a_cent_is_rounded_away_from_zero",),
    ),
    Guard(
        name="What is left stays left, whatever both sides hold alike by now",
        prevents="Somebody is asked again what was answered, or what was left is taken",
        off="all that was left must still differ",
        edits=one(
            DECIDE,
            "if all(name in left and left[name] == there.record[name] for name in theirs):",
            "if left == {name: there.record[name] for name in theirs}:",
        ),
        red=(f"{BOTH}test_what_is_left_as_it_is_stays_so_though_both_were_changed_alike_besides",),
    ),
)
