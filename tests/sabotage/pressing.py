"""Guards of presses: whatever is pressed once is done once, and shown as often as it was pressed."""

from tests.sabotage.guard import Guard, one

ONCE = "service_genius/once/middleware.py"
KEYS = "service_genius/once/keys.py"
TESTS = "integration/app/test_once.py::"

PRESSING = (
    Guard(
        name="A press that came before is known",
        prevents="A double click on Save makes two payments, and both go to the books",
        off="each press is a first one",
        edits=one(ONCE, "        if first:\n", "        if True:\n"),
        red=(f"{TESTS}test_a_second_press_of_save_makes_no_second_record_and_shows_the_first",),
    ),
    Guard(
        name="Every form carries the key of its page",
        prevents="A form without one is never accepted",
        off="the tag writes Django's token alone",
        edits=one("service_genius/once/templatetags/once.py", "    if request is None:\n", "    if True:\n"),
        red=(f"{TESTS}test_every_form_of_a_page_carries_the_pages_key",),
    ),
    Guard(
        name="Without a key nothing is done",
        prevents="A page of before an upgrade is pressed twice, and makes two records",
        off="any key holds",
        edits=one(ONCE, "if not keys.holds(key, user=user):", "if False:"),
        red=(f"{TESTS}test_without_a_key_nothing_is_done_and_what_was_typed_is_kept",),
    ),
    Guard(
        name="A key is of one person",
        prevents="Whoever sees the key of another takes their press",
        off="it is everybody's",
        edits=one(KEYS, "return _made_for(key) == _whose(user)", 'return _made_for(key) != ""'),
        red=(f"{TESTS}test_a_key_of_somebody_else_is_none",),
    ),
    Guard(
        name="A key holds no longer than its press is known",
        prevents="A page of last month is pressed again, and its payment is made a second time",
        off="it holds for ever",
        edits=one(KEYS, "max_age=KEPT", "max_age=None"),
        red=(f"{TESTS}test_a_page_that_was_open_for_too_long_is_pressed_once_more",),
    ),
    Guard(
        name="A key counts at each address by itself",
        prevents="A second button of a page does nothing, as if it had been pressed already",
        off="it counts once for the whole page",
        edits=one(KEYS, 'f"{key} {path}"', "key"),
        red=(f"{TESTS}test_two_buttons_of_one_page_are_two_deeds",),
    ),
    Guard(
        name="What was changed since is asked about",
        prevents="Whoever goes back, types the next payment and saves it is told that it is saved",
        off="it is answered as the first one",
        edits=one(ONCE, "if press.content == content else", "if True else"),
        red=(f"{TESTS}test_changed_and_pressed_again_it_is_asked_and_nothing_typed_is_lost",),
    ),
    Guard(
        name="An edit that is saved once more stands on the first one",
        prevents="One's own edit is told as somebody else's change",
        off="it stands on what was on the page",
        edits=one(ONCE, 'if name == "revision" and outcome.revision is not None', "if False"),
        red=(f"{TESTS}test_ones_own_edit_changed_once_more_after_going_back_is_asked_and_saved",),
    ),
    Guard(
        name="A refused form keeps its key",
        prevents="Whoever puts a mistake right is asked whether to save it a second time",
        off="the key is spent",
        edits=one(ONCE, "        press.delete()\n", "        pass\n"),
        red=(f"{TESTS}test_a_refused_form_keeps_its_key",),
    ),
    Guard(
        name="What is refused in a message was no press",
        prevents="A button says for ever what stood in its way once",
        off="it was one",
        edits=one(ONCE, "if any(each.level >= messages.ERROR for each in said):", "if False:"),
        red=(f"{TESTS}test_what_a_page_refuses_in_a_message_can_be_pressed_again",),
    ),
    Guard(
        name="What fails half-way is undone whole",
        prevents="A record stands whose press is not known, and the next press makes another",
        off="what was written stays",
        edits=one(ONCE, "if response.status_code >= 500:", "if False:"),
        red=(f"{TESTS}test_who_fails_after_writing_has_written_nothing_and_may_press_again",),
    ),
    Guard(
        name="A second press says what the first one did",
        prevents="The first answer was never seen, and nothing tells that it is saved",
        off="it says nothing",
        edits=one(ONCE, "if (level, str(text)) not in waiting:", "if False:"),
        red=(f"{TESTS}test_a_second_press_of_save_makes_no_second_record_and_shows_the_first",),
    ),
    Guard(
        name="A password is not shown again",
        prevents="It stands in the page of whoever left the form open for too long",
        off="it is kept as anything typed",
        edits=one(KEYS, 'any("password" in name for name in request.POST)', "False"),
        red=(f"{TESTS}test_a_password_is_neither_kept_nor_shown_again",),
    ),
    Guard(
        name="Old presses are forgotten",
        prevents="The table grows for ever",
        off="they are kept",
        edits=one(ONCE, "if press.pk % SWEPT_EVERY == 0:", "if False:"),
        red=(f"{TESTS}test_presses_are_forgotten_once_no_key_of_theirs_can_hold",),
    ),
    Guard(
        name="Another like it is like one of one's own",
        prevents="A number in the address shows a record of another company",
        off="any company's will do",
        edits=one(
            "service_genius/ui/forms.py",
            "model._default_manager.filter(company=company), pk=pk[:18]",
            "model._default_manager.all(), pk=pk[:18]",
        ),
        red=(f"{TESTS}test_another_like_a_record_of_another_company_is_a_404",),
    ),
)
