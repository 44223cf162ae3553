"""Guards of what people type: read as it was meant or refused, kept, and undone by nobody else."""

from tests.sabotage.guard import Guard, one

FIGURES, DAYS = "service_genius/shared/figures.py", "service_genius/shared/days.py"
UI_FORMS, LINE_FORMS = "service_genius/ui/forms.py", "service_genius/sales/line_forms.py"
TYPED = "integration/app/test_typing.py::"
READ = "properties/test_figures_are_taken_back.py::"
TABS = "integration/app/test_two_tabs.py::"
BACK = "integration/app/test_logged_out.py::"

TYPING = (
    Guard(
        name="A comma stands between thousands only",
        prevents="1,14 is taken as 114, and the customer is charged a hundred times as much",
        off="commas are left out wherever they stand",
        edits=one(FIGURES, "[1-9][0-9]{0,2}(?:,[0-9]{3})+|[0-9]+", "[0-9][0-9,]*"),
        red=(
            f"{READ}test_what_has_more_than_one_meaning_or_none_is_refused_with_the_way_out",
            f"{TYPED}test_a_figure_that_could_be_two_is_refused_by_every_form_and_nothing_typed_is_lost",
        ),
    ),
    Guard(
        name="A sign of another currency is no amount here",
        prevents="An amount in euros is taken for as many dollars",
        off="every sign is taken",
        edits=one(
            FIGURES, "    if sign and (not currency or", "    if sign and not currency and (not currency or"
        ),
        red=(f"{TYPED}test_a_sign_that_says_something_else_is_refused",),
    ),
    Guard(
        name="A day beyond all use is refused",
        prevents="An invoice of the year 1900 goes to the books",
        off="every day is taken",
        edits=one(DAYS, "    if first <= day <= last:\n", "    if True:\n"),
        red=(f"{TYPED}test_a_day_beyond_all_use_is_refused_by_every_form_with_a_sentence",),
    ),
    Guard(
        name="A day far from today is asked about",
        prevents="A slip of the finger puts an invoice into another year",
        off="it is saved at once",
        edits=one(UI_FORMS, 'if self.sure_about != self.data.get("sure", ""):', "if False:"),
        red=(f"{TYPED}test_a_day_far_from_today_is_asked_about_and_saved_when_it_is_right",),
    ),
    Guard(
        name="Work that comes to nothing is refused",
        prevents="A quantity of 0.00001 is invoiced, and nothing is charged for it",
        off="it is saved",
        edits=one(LINE_FORMS, "if not stands and quantity and price and", "if False and"),
        red=(f"{TYPED}test_a_quantity_that_comes_to_nothing_is_refused_and_named",),
    ),
    Guard(
        name="What is sent after the log-in has ended is kept",
        prevents="An hour's work is lost on Save, because the log-in had ended meanwhile",
        off="the log-in is shown, and the form is empty afterwards",
        edits=one("service_genius/once/middleware.py", "address = kept.keep(request)", 'address = ""'),
        red=(f"{BACK}test_what_was_typed_into_any_form_is_there_again_after_the_log_in",),
    ),
    Guard(
        name="What is kept is shown to that person alone",
        prevents="Whoever logs in next at the same desk reads what was typed",
        off="whoever has the address sees it",
        edits=one(
            "service_genius/once/kept.py",
            "Kept.objects.filter(user=user, token=token,",
            "Kept.objects.filter(token=token,",
        ),
        red=(f"{BACK}test_nobody_else_sees_what_was_typed",),
    ),
    Guard(
        name="A form that is only looked at saves nothing",
        prevents="Enter in a line saves the whole invoice where a browser runs no script",
        off="it is saved as if Save had been pressed",
        edits=one(UI_FORMS, "    if form.only_looks:\n", "    if False:\n"),
        red=(f"{BACK}test_a_form_that_is_only_looked_at_saves_nothing",),
    ),
    Guard(
        name="What was left as it stood is taken as it is now",
        prevents="Whoever saves second takes back what the first one changed",
        off="the whole page counts",
        edits=one(UI_FORMS, "            if name in mine:\n", "            if True:\n"),
        red=(f"{TABS}test_who_saves_second_keeps_what_the_first_one_changed",),
    ),
)
