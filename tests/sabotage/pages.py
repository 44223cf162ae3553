"""Guards of pages: a form says what a person changed and nothing else, and a list is whole, however long."""

from tests.sabotage.guard import Guard, one

ALLOCATING, VIEWS = "service_genius/payments/allocating.py", "service_genius/payments/views.py"
UI_FORMS, LINE_FORMS = "service_genius/ui/forms.py", "service_genius/sales/line_forms.py"
CHOICES = "quickbooks_sync/pages/forms.py"
SETTINGS = "service_genius_site/settings.py"
PAYMENTS = "integration/app/test_long_payments.py::"
INVOICES = "integration/app/test_long_invoices.py::"
UNCHANGED = "integration/app/test_unchanged_forms.py::"
LISTS = "integration/app/test_lists.py::"
ATTENTION = "integration/sync/test_attention.py::"
LAW = f"{UNCHANGED}test_what_is_posted_back_as_the_page_showed_it_changes_nothing"

PAGES = (
    Guard(
        name="A form says what was changed on it",
        prevents="A field that was not on the page is cleared",
        off="every field is written",
        edits=one(
            UI_FORMS,
            "in self._shown if name in wanted}",
            "in self._shown}",
        ),
        red=(f"{UNCHANGED}test_a_field_that_was_not_on_the_page_is_not_touched",),
    ),
    Guard(
        name="A name left as it stood stays the record it stood for",
        prevents="The invoice of one who left cannot be edited, for nobody active has that name",
        off="names alone count",
        edits=one(
            UI_FORMS,
            '        if self.initial.get(f"{name}_id") and typed == self.initial.get(name):\n',
            "        if False:\n",
        ),
        red=(f"{UNCHANGED}test_what_is_posted_back_as_the_page_showed_it_is_taken",),
    ),
    Guard(
        name="The work code of a line left as it stood stays",
        prevents="An old invoice is edited, and sells another service of the same name",
        off="names alone count",
        edits=one(
            LINE_FORMS,
            "            if index < len(kept) and kept[index].work_code.full_name == name:\n",
            "            if False:\n",
        ),
        red=(f"{INVOICES}test_a_name_left_as_it_stood_stays_the_record_it_stood_for", LAW),
    ),
    Guard(
        name="A choice that stands is shown",
        prevents="The page shows another account in its place, and saving anything else books to that",
        off="only what QuickBooks lists is shown",
        edits=one(CHOICES, 'sorted(standing - known - {""})', "()"),
        red=(LAW,),
    ),
    Guard(
        name="Only changed choices are kept",
        prevents="A second tab takes back what was chosen in the first",
        off="all that the page showed is kept",
        edits=one(CHOICES, "for name in self.changed_data}", "for name in self.fields}"),
        red=(f"{UNCHANGED}test_two_tabs_of_the_choices_do_not_undo_one_another",),
    ),
    Guard(
        name="Tax codes of rates that are not on the page stay",
        prevents="Saving the choices takes its tax code from every rate that is inactive",
        off="the page's are all there are",
        edits=one(CHOICES, "{**connection.tax_codes, **codes}", "codes"),
        red=(LAW,),
    ),
    Guard(
        name="A payment says something of the invoices on its page, and of no other",
        prevents="Editing the note of a payment erases what it pays, on both sides",
        off="the page's are all there are",
        edits=one(
            "service_genius/payments/operations.py",
            '{**standing, **values["paid_on"]}',
            '{**values["paid_on"]}',
        ),
        red=(f"{PAYMENTS}test_an_invoice_that_was_not_on_the_page_is_left_as_it_is",),
    ),
    Guard(
        name="An allocation that changed meanwhile is not overwritten",
        prevents="Of two who edit a payment, the second takes back what the first applied",
        off="the revision on the page is not compared",
        edits=one(VIEWS, "expected_revision=form.expected_revision", "expected_revision=None"),
        red=(f"{PAYMENTS}test_an_allocation_that_changed_meanwhile_is_not_overwritten",),
    ),
    Guard(
        name="Whatever has an amount is on the page",
        prevents="An amount is typed, another invoice looked for, and the amount is gone",
        off="only the part that was asked for is shown",
        edits=one(ALLOCATING, "self._own.keys() | {pk for pk, text in typed.items() if text}", "set[int]()"),
        red=(
            f"{PAYMENTS}test_amounts_are_kept_while_other_invoices_are_looked_for",
            f"{PAYMENTS}test_what_is_refused_keeps_every_amount",
        ),
    ),
    Guard(
        name="The oldest first reaches every open invoice",
        prevents="A cheque over 150 invoices pays 100, and the rest stays as credit",
        off="the first hundred",
        edits=one(ALLOCATING, 'found.values_list("pk", "owed")', 'found.values_list("pk", "owed")[:100]'),
        red=(f"{PAYMENTS}test_the_oldest_first_reaches_every_open_invoice_of_all_sub_customers",),
    ),
    Guard(
        name="Invoices are looked for among all",
        prevents="The newest of many open invoices cannot be found, and so not be paid",
        off="what was typed counts for nothing",
        edits=one(ALLOCATING, "matching(found, self._search, ", 'matching(found, "", '),
        red=(f"{PAYMENTS}test_an_invoice_is_found_by_number_customer_address_and_amount_among_all",),
    ),
    Guard(
        name="A search comes before saving",
        prevents="Whoever presses Enter in the search has saved half a payment",
        off="it is saved",
        edits=one(VIEWS, ' and sought(asked) == asked.get("found", "")', ""),
        red=(f"{PAYMENTS}test_a_search_that_was_not_carried_out_yet_comes_before_saving",),
    ),
    Guard(
        name="What a person typed follows no proposal",
        prevents="The amount of a payment is mended, and what was put on invoices by hand is gone",
        off="whatever stands there counts as proposed",
        edits=one(VIEWS, '"follow" in asked and proposed == mark(typed)', '"follow" in asked'),
        red=(f"{PAYMENTS}test_amounts_that_a_person_typed_do_not_follow_the_payments_amount",),
    ),
    Guard(
        name="A payment has a limit of invoices",
        prevents="It is saved here, and cannot be shown on a page or be sent",
        off="there is none",
        edits=one(
            "service_genius/payments/rules.py",
            "        if len(draft.allocations) > ALLOCATIONS_MAX:\n",
            "        if False:\n",
        ),
        red=(f"{PAYMENTS}test_how_many_invoices_a_payment_can_pay_is_said_before_it_is_saved",),
    ),
    Guard(
        name="A form may have as many fields as its record needs",
        prevents="An invoice of 200 taxed lines, which are allowed, cannot be saved",
        off="a thousand",
        edits=one(SETTINGS, "DATA_UPLOAD_MAX_NUMBER_FIELDS = FORM_FIELDS_MAX\n", ""),
        red=(f"{INVOICES}test_as_many_taxed_lines_as_there_can_be_are_saved_and_saved_again",),
    ),
    Guard(
        name="A form may be as large as its record needs",
        prevents="Long texts on many lines cannot be saved",
        off="2.5 MB",
        edits=one(SETTINGS, "DATA_UPLOAD_MAX_MEMORY_SIZE = FORM_BYTES_MAX\n", ""),
        red=(f"{INVOICES}test_the_longest_texts_fit_into_the_form",),
    ),
    Guard(
        name="Every line that was sent is read",
        prevents="Lines beyond the limit are dropped unseen, and the number that is told is wrong",
        off="those up to the limit and one more",
        edits=one(
            LINE_FORMS,
            "            for index in indexes\n",
            "            for index in indexes[: LINES_MAX + 1]\n",
        ),
        red=(f"{INVOICES}test_a_line_too_many_is_told_with_the_true_number_and_all_are_kept",),
    ),
    Guard(
        name="What begins as it was typed is proposed first",
        prevents="A customer is named in full and is not among the proposals, for many hold that name",
        off="in the order of their names",
        edits=one(
            "service_genius/customers/queries.py",
            'order_by(begins, "name_key", "pk")',
            'order_by("name_key", "pk")',
        ),
        red=(f"{LISTS}test_a_name_typed_in_full_is_among_the_proposals_however_many_hold_it",),
    ),
    Guard(
        name="Needs attention is searched whole",
        prevents="Of thousands of records that need somebody, one cannot be found",
        off="what was typed counts for nothing",
        edits=one(
            "quickbooks_sync/pages/attention.py",
            "rows.filter(_meant(company, show, search)) if search else rows",
            "rows",
        ),
        red=(
            f"{ATTENTION}test_a_record_is_looked_for_in_the_whole_list_and_by_what_it_is_called_here",
            f"{ATTENTION}test_the_parts_of_what_was_found_are_parts_of_it",
        ),
    ),
)
