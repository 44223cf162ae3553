"""Guards of sales tax: reckoned as QuickBooks does it, and asked about once."""

from tests.sabotage.guard import Guard, one

TAXES = "quickbooks_sync/sending/taxes.py"
MONEY = "service_genius/shared/money.py"
CONNECTION = "quickbooks_sync/access/connection.py"
CENT = "properties/test_tax_to_the_cent.py::"
ALIKE = "integration/sync/test_look_alikes.py::"
OWN = "integration/sync/test_automated_tax.py::"
TAX = "integration/sync/test_sales_tax.py::"

TAXING = (
    Guard(
        name="Each rate of a tax code is rounded by itself",
        prevents="A quarter of all invoices under a code of two rates are a cent apart",
        off="the rates of a code are summed up first",
        edits=one(
            MONEY,
            "for percent in tax_percents), cents(ZERO))",
            "for percent in [sum(tax_percents, ZERO)]), cents(ZERO))",
        ),
        red=(f"{CENT}test_every_invoice_is_equal_to_the_cent_when_it_is_sent_and_when_it_is_edited",),
    ),
    Guard(
        name="The discount's share is one of whole cents",
        prevents="What is taxed of an invoice with a discount in percent is a cent apart, and its tax, too",
        off="the share is taken of a discount that is not rounded yet",
        edits=one(
            MONEY, "_EXACT.multiply(discount, taxable)", "_EXACT.multiply(discount_amount or ZERO, taxable)"
        ),
        red=(f"{CENT}test_every_invoice_is_equal_to_the_cent_when_it_is_sent_and_when_it_is_edited",),
    ),
    Guard(
        name="A rate is made of what its tax code is made of",
        prevents="Tax is reckoned by one percentage where QuickBooks takes two",
        off="what QuickBooks says of its codes changes no rate here",
        edits=one(
            CONNECTION,
            '"realm_name", *CHOICES])\n    follow_rates(connection)\n',
            '"realm_name", *CHOICES])\n',
        ),
        red=(f"{TAX}test_an_invoice_under_a_code_of_two_rates_is_equal_to_the_cent",),
    ),
    Guard(
        name="Rates that cannot be chosen any more still count",
        prevents="A code is reckoned without one of its rates, which QuickBooks charges all the same",
        off="only active rates are asked for",
        edits=one(CONNECTION, '{"TaxRate": " WHERE Active IN (true, false)"}', '{"TaxRate": ""}'),
        red=(f"{TAX}test_a_rate_that_cannot_be_chosen_any_more_is_charged_by_its_code_all_the_same",),
    ),
    Guard(
        name="A code that is gone there is not sent",
        prevents="Each invoice with its rate is refused by QuickBooks, and says so in QuickBooks' words",
        off="what was chosen once is good",
        edits=one(CONNECTION, " if code in made_of or not stored}", "}"),
        red=(f"{TAX}test_an_invoice_under_a_code_that_is_gone_there_waits_for_another_choice",),
    ),
    Guard(
        name="What QuickBooks would tax otherwise is not sent",
        prevents="An invoice saved before its rate was mapped differs there, and each one is asked about",
        off="only the answer tells",
        edits=one(
            "quickbooks_sync/kinds/tax.py", '    if there != Decimal(totals["tax"]):\n', "    if False:\n"
        ),
        red=(
            "simulation/test_money_alone.py::test_an_invoice_that_quickbooks_would_tax_otherwise_is_not_sent",
        ),
    ),
    Guard(
        name="Only an edit of what is taxed reckons the tax anew",
        prevents="A new memo changes the total of an invoice here, and not there",
        off="each edit reckons all of it",
        edits=one(
            "service_genius/sales/rules.py",
            "            if draft.amounts() == draft.reckoned_from:\n",
            "            if False:\n",
        ),
        red=(f"{TAX}test_a_rate_that_changes_in_quickbooks_is_followed_by_new_invoices_and_saved_ones_stay",),
    ),
    Guard(
        name="An edit that does not bear on tax is sent whatever the tax",
        prevents="A new memo of an invoice from before a rate changed is held for its tax",
        off="any edit is held",
        edits=one(
            "quickbooks_sync/planner/decide.py",
            "if problem.reason != Reason.TAX_RECKONED or bears_on_tax(action):",
            "if True:",
        ),
        red=(f"{TAX}test_a_rate_that_changes_in_quickbooks_is_followed_by_new_invoices_and_saved_ones_stay",),
    ),
    Guard(
        name="Until our tax is proven one invoice goes at a time",
        prevents="Thirty invoices differ where QuickBooks does not keep our tax",
        off="all of them are tried",
        edits=one(
            TAXES,
            "return action if session.tax_tried == gathered.link.pk else Wait(on=FIRST)",
            "return action",
        ),
        red=(f"{OWN}test_where_our_tax_is_ignored_one_invoice_finds_out_and_one_question_is_asked",),
    ),
    Guard(
        name="A tax that is the same by chance proves nothing",
        prevents="After one invoice that both reckon alike all others go, and differ",
        off="the first that is equal is proof",
        edits=one(TAXES, 'not in {None, Decimal(self.stored["tax"])}', "is not self"),
        red=(f"{OWN}test_a_tax_that_is_the_same_by_chance_proves_nothing_until_it_was_so_again_and_again",),
    ),
    Guard(
        name="What is under way is tried already",
        prevents="A second invoice is tried while nobody knows what became of the first",
        off="only what goes in this pass counts",
        edits=one(TAXES, "min(under_way, default=None), None", "None, None"),
        red=(f"{OWN}test_while_it_is_unknown_what_became_of_the_first_no_other_is_tried",),
    ),
    Guard(
        name="One question about tax",
        prevents="Each invoice with another tax there is asked about by itself",
        off="each asks for itself",
        edits=one(
            TAXES,
            'return issue if link_id == gathered.link.pk else Wait(on=f"{TAX_ANSWER}{label}")',
            "return issue",
        ),
        red=(
            f"{OWN}test_that_our_tax_is_kept_no_more_is_noticed_and_asked_once",
            f"{OWN}test_where_our_tax_is_ignored_one_invoice_finds_out_and_one_question_is_asked",
        ),
    ),
    Guard(
        name="That our tax is kept no more is noticed",
        prevents="Batch after batch differs, although the first of them has told",
        off="what was proven once is true for ever",
        edits=one(
            TAXES,
            "    if any(not one.is_kept for one in carried):\n",
            "    if known == State.UNPROVEN and any(not one.is_kept for one in carried):\n",
        ),
        red=(f"{OWN}test_that_our_tax_is_kept_no_more_is_noticed_and_asked_once",),
    ),
    Guard(
        name="Nothing is built upon what waits for an answer about tax",
        prevents="A payment is sent for an invoice that has another tax there, and waits",
        off="only the one that is asked about counts",
        edits=one(
            "quickbooks_sync/gathering/references.py",
            " or (moves and waits_for.startswith(TAX_ANSWER))\n",
            "\n",
        ),
        red=(f"{OWN}test_that_our_tax_is_kept_no_more_is_noticed_and_asked_once",),
    ),
    Guard(
        name="QuickBooks' tax is left to QuickBooks",
        prevents="A person chose QuickBooks' tax, and ours is sent and kept all the same",
        off="our total is sent",
        edits=one("quickbooks_sync/kinds/sales_form.py", " and not facts.their_tax\n", "\n"),
        red=(f"{OWN}test_quickbooks_tax_counts_also_where_it_would_keep_ours",),
    ),
    Guard(
        name="A total there that moves by its tax alone",
        prevents="QuickBooks taxes an invoice anew, for another address, and nobody sees it",
        off="only what is in a Record is news",
        edits=one("quickbooks_sync/observing/storing.py", " or _has_other_total(known, payload)", ""),
        red=(f"{OWN}test_the_later_tax_of_quickbooks_is_taken_without_a_question",),
    ),
    Guard(
        name="A tax code that QuickBooks stamped is no edit",
        prevents="After a lost answer an invoice counts as changed there, though nobody touched its tax",
        off="the code that was sent must read back",
        edits=one(
            "quickbooks_sync/sending/responses.py",
            "    if creates or was_last:\n",
            "    if was_last:\n",
        ),
        red=(f"{OWN}test_after_a_lost_answer_a_code_that_quickbooks_stamped_is_no_edit",),
    ),
    Guard(
        name="What is paid above a new total becomes credit",
        prevents="An invoice has more paid on it than it comes to, and its payment is refused there",
        off="allocations stay as they are",
        edits=one(
            "service_genius/invoices/operations.py",
            "        if excess <= ZERO:\n            break\n",
            "        break\n",
        ),
        red=(
            f"{OWN}test_what_was_paid_above_quickbooks_total_becomes_credit_there_and_here",
            f"{TAX}test_what_was_paid_above_the_new_total_becomes_credit_on_both_sides",
        ),
    ),
    Guard(
        name="What an edit adds to an invoice can be paid in the same run",
        prevents="A payment of an invoice that was raised a moment ago is asked about as paid already",
        off="only what is open there now",
        edits=one(
            "quickbooks_sync/sending/look_alikes.py",
            "here[pk] - total if pk in here and total is not None else Decimal(0)",
            "Decimal(0)",
        ),
        red=(
            f"{ALIKE}test_an_invoice_that_was_raised_here_and_paid_in_full_goes_with_its_payment_in_one_run",
        ),
    ),
    Guard(
        name="Choices keep the codes of rates that are put away",
        prevents="An invoice with such a rate is held when it is edited, for its rate has no tax code",
        off="only what the form shows is kept",
        edits=one("quickbooks_sync/pages/forms.py", "{**connection.tax_codes, **codes}", "codes"),
        red=(f"{TAX}test_choices_keep_the_code_of_a_rate_that_is_put_away",),
    ),
)
