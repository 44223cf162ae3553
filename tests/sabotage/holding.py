"""Guards of holding: a value that one side cannot hold stays on the other, and costs that one field."""

from tests.sabotage.guard import Guard, one

KEPT = "integration/sync/test_kept_on_one_side.py::"
OF_MONEY = "integration/sync/test_kept_of_money.py::"
TEXTS = "properties/test_one_form_of_texts.py::"
DECIDE = "quickbooks_sync/planner/decide.py"
EFFECTS = "quickbooks_sync/sending/effects.py"

HOLDING = (
    Guard(
        name="What does not fit here stays there",
        prevents="One value of QuickBooks that cannot be held here keeps the customer and all below it out",
        off="all of it is taken",
        edits=one(
            EFFECTS,
            "[(gathered.taken, gathered.payload)",
            "[(gathered.there, gathered.payload)",
        ),
        red=(f"{KEPT}test_a_street_that_does_not_fit_here_stays_there_and_all_else_goes_on",),
        raises="DoesNotExist",
    ),
    Guard(
        name="What does not fit here is not replaced",
        prevents="An edit here overwrites there what could never be taken over",
        off="ours is sent",
        edits=one(
            DECIDE,
            " - here.unfit.keys() - there.unfit.keys(), theirs - same",
            " - here.unfit.keys(), theirs - same",
        ),
        red=(f"{KEPT}test_an_edit_here_replaces_nothing_that_does_not_fit_here",),
    ),
    Guard(
        name="What does not fit here is no news",
        prevents="A person is asked to take what cannot be taken",
        off="it is a change like any other",
        edits=one(
            DECIDE, "theirs & there.unfit.keys(), theirs - there.unfit.keys()", "frozenset[str](), theirs"
        ),
        red=(f"{KEPT}test_a_street_that_does_not_fit_here_stays_there_and_all_else_goes_on",),
    ),
    Guard(
        name="What does not fit is not agreed on",
        prevents="A value that could not go is never sent or told, once it can",
        off="both sides as they are",
        edits=one(
            "quickbooks_sync/agreements/settling.py",
            "agreed_here = not_agreed(here.record, before, here.unfit)",
            "agreed_here = here.record",
        ),
        red=(f"{OF_MONEY}test_a_method_that_was_edited_before_it_was_added_there_is_sent_then",),
    ),
    Guard(
        name="What fits is taken beside what does not",
        prevents="Take it is impossible, since one of the fields cannot be taken",
        off="all of it is taken",
        edits=one(
            "quickbooks_sync/resolving/exchanged.py",
            "changed(before, there) - unfit.keys()",
            "changed(before, there)",
        ),
        red=(f"{KEPT}test_what_fits_is_taken_beside_what_does_not",),
        raises="CannotResolveError",
    ),
    Guard(
        name="A method that was added there opens what waited for it",
        prevents="A payment stays without its method for ever",
        off="nothing is opened",
        edits=one(
            "quickbooks_sync/access/connection.py",
            'if connection.facts["payment_methods"] != known:',
            "if False:",
        ),
        red=(f"{OF_MONEY}test_a_payment_method_that_is_missing_there_stays_here_until_it_is_added",),
    ),
    Guard(
        name="QuickBooks is asked for the method that was missing",
        prevents="A payment method that was added there is not noticed before the next new payment",
        off="it is not asked",
        edits=one(
            "quickbooks_sync/runs/run.py",
            "and not waits.exists() and not kept.exists()",
            "and not waits.exists()",
        ),
        red=(f"{OF_MONEY}test_a_payment_method_that_is_missing_there_stays_here_until_it_is_added",),
    ),
    Guard(
        name="A Baseline says what stands there",
        prevents="A method renamed there makes older payments changed in QuickBooks",
        off="it says what that was translated to",
        edits=one(
            "quickbooks_sync/planner/records.py",
            "same = {name for name, what in there.get(STANDS, {}).items()",
            'same = {name for name, what in there.get("", {}).items()',
        ),
        red=(
            f"{OF_MONEY}test_a_payment_method_renamed_there_is_no_edit_of_older_payments",
            f"{OF_MONEY}test_another_tax_code_for_a_rate_is_no_edit_of_older_invoices",
        ),
    ),
    Guard(
        name="An edit leaves the tax code it has",
        prevents="An older invoice goes over to another tax code with an edit of its lines",
        off="that of its rate",
        edits=one(
            "quickbooks_sync/kinds/sales_form.py",
            'only is not None and "tax_rate" not in only and same',
            "False",
        ),
        red=(f"{OF_MONEY}test_another_tax_code_for_a_rate_is_no_edit_of_older_invoices",),
    ),
    Guard(
        name="Lines of text stay",
        prevents="A text between the lines is erased there by an edit here",
        off="only our lines are sent",
        edits=one("quickbooks_sync/kinds/lines.py", "return _with_texts(lines, base)", "return lines"),
        red=(f"{OF_MONEY}test_a_line_of_text_stays_there_and_asks_nothing",),
    ),
    Guard(
        name="One form of texts",
        prevents="Blanks and control characters make a record changed that nobody touched",
        off="texts of QuickBooks are taken as they are",
        edits=one(
            "quickbooks_sync/kinds/base.py",
            'return str(as_kept(model, name, str(value or "")))',
            'return str(value or "").strip()',
        ),
        red=(f"{TEXTS}test_what_quickbooks_holds_is_the_same_once_it_was_taken",),
    ),
)
