"""Guards of standing in line: no wish is lost, none does more than was wished, nobody ends another's."""

from tests.sabotage.guard import Guard, one

RUN, TURNS, VIEWS = (
    "quickbooks_sync/runs/run.py",
    "quickbooks_sync/runs/queue.py",
    "quickbooks_sync/pages/views.py",
)
WISHES = "quickbooks_sync/planner/wishes.py"
MODELS = "quickbooks_sync/models/runs.py"
STORIES = "simulation/test_turns.py::"
LINE = "integration/sync/test_turns.py::"
UNIT = "unit/sync/test_wishes.py::"

STANDING = (
    Guard(
        name="A run that waits for QuickBooks keeps its place",
        prevents="A preview pressed in another tab runs in the middle of a Sync that QuickBooks failed",
        off="whoever waits behind it goes first",
        edits=one(TURNS, "Q(~at_work, ~in_front, state=", "Q(~at_work, state="),
        red=(f"{STORIES}test_a_sync_that_quickbooks_fails_goes_on_and_the_preview_waits_for_it",),
    ),
    Guard(
        name="Only the same wish is joined",
        prevents="Sync as shown joins a preview or a Full Sync that waits, and does what nobody has seen",
        off="whatever waits is joined",
        edits=one(WISHES, "OTHER = Place.FOLLOWS", "OTHER = Place.JOINS"),
        red=(
            f"{STORIES}test_a_sync_as_shown_does_what_was_shown_whatever_preview_waits",
            f"{STORIES}test_a_full_sync_and_a_sync_that_wait_together_take_nothing_from_each_other",
            f"{UNIT}test_a_wish_joins_the_same_that_waits_and_nothing_else",
        ),
    ),
    Guard(
        name="What was shown is part of the wish",
        prevents="A Full Sync pressed while one as shown waits does only what was shown, and says done",
        off="a run as shown counts as any other",
        edits=one(
            TURNS,
            "preview=run.preview, from_preview=run.from_preview_id)",
            "preview=run.preview, from_preview=None)",
        ),
        red=(f"{STORIES}test_a_full_sync_pressed_while_one_as_shown_waits_does_everything",),
    ),
    Guard(
        name="A run at work is not joined",
        prevents="What was entered after it had looked is not sent, though Sync was pressed once more",
        off="it is joined",
        edits=one(WISHES, "Stage.RUNNING: Place.FOLLOWS", "Stage.RUNNING: Place.JOINS"),
        red=(
            f"{STORIES}test_what_was_entered_while_a_sync_was_at_work_goes_with_the_next_press",
            f"{STORIES}test_a_press_while_a_run_is_being_stopped_is_not_stopped_with_it",
        ),
    ),
    Guard(
        name="Of each wish one waits",
        prevents="Two clicks at one moment make two runs",
        off="the database takes any number",
        edits=one(
            "quickbooks_sync/migrations/0008_queue.py",
            '("from_preview", None), ("started_at", None), ("state", "queued")',
            '("from_preview", None), ("started_at", None), ("state", "never")',
        ),
        red=(f"{LINE}test_of_two_that_press_the_same_at_one_moment_the_second_joins",),
    ),
    Guard(
        name="Of each run as shown one waits",
        prevents="Two clicks at one moment make two runs as shown",
        off="the database takes any number",
        edits=one(
            "quickbooks_sync/migrations/0008_queue.py",
            '("from_preview__isnull", False), ("started_at", None), ("state", "queued")',
            '("from_preview__isnull", False), ("started_at", None), ("state", "never")',
        ),
        red=(f"{LINE}test_of_two_that_press_as_shown_at_one_moment_the_second_joins",),
    ),
    Guard(
        name="A run as shown keeps its preview",
        prevents="A preview is deleted, and the run that was to do just that does everything",
        off="it loses it",
        edits=one(MODELS, "on_delete=models.RESTRICT", "on_delete=models.SET_NULL"),
        red=(f"{LINE}test_the_preview_of_a_run_is_not_deleted_from_under_it",),
    ),
    Guard(
        name="Only a finished preview is carried out",
        prevents="What a preview would have shown is done before anybody has seen it",
        off="any preview will do",
        edits=one(
            TURNS,
            "not (from_preview.preview and from_preview.state == SyncRun.State.DONE)",
            "not from_preview.preview",
        ),
        red=(
            f"{STORIES}test_a_preview_that_nobody_has_seen_to_its_end_cannot_be_carried_out",
            f"{LINE}test_a_preview_that_is_not_finished_cannot_be_carried_out",
        ),
    ),
    Guard(
        name="Steps that a run waits for are kept",
        prevents="A run as shown finds that everything has changed, for its preview is a week old by now",
        off="they go after a week like all others",
        edits=one(RUN, "        old.exclude(run__in=needed).delete()\n", "        old.delete()\n"),
        red=(f"{LINE}test_steps_that_a_run_waits_for_outlast_their_week",),
    ),
    Guard(
        name="A line has an end",
        prevents="A program that asks again and again fills the line",
        off="none",
        edits=one(TURNS, "for run in ahead) >= WAITING_MAX:", "for run in ahead) < 0:"),
        red=(f"{LINE}test_a_program_that_asks_for_ever_is_told_so",),
    ),
    Guard(
        name="What was stopped does not pause",
        prevents="A run that was stopped while QuickBooks failed says that it goes on by itself",
        off="it pauses all the same",
        edits=one(
            RUN,
            "paused = _mine(session, also_stopped=False)",
            "paused = _mine(session, also_stopped=True)",
        ),
        red=(f"{STORIES}test_what_is_stopped_while_quickbooks_fails_does_not_go_on",),
    ),
    Guard(
        name="What was stopped does not ask",
        prevents="A person stops a run and is asked whether it may go on",
        off="it asks all the same",
        edits=one(RUN, "also_stopped=state != SyncRun.State.ASKING", "also_stopped=True"),
        red=(f"{STORIES}test_a_run_that_was_stopped_asks_nothing",),
    ),
    Guard(
        name="A newer run asks in the place of the older one",
        prevents="One question stands on the page twice, and the older one for ever",
        off="both ask",
        edits=one(WISHES, "Stage.ASKING: Place.REPLACES", "Stage.ASKING: Place.FOLLOWS"),
        red=(f"{STORIES}test_the_same_pressed_again_asks_in_the_place_of_the_older_one",),
    ),
    Guard(
        name="Each answer of a run counts",
        prevents="Of two questions each answer makes the other one come back, for ever",
        off="the last answer alone",
        edits=one(TURNS, "[*run.answers, run.question]", "[run.question]"),
        red=(f"{STORIES}test_a_run_that_asks_twice_remembers_both_answers",),
    ),
    Guard(
        name="An answer is for the question that was read",
        prevents="A yes in an old tab answers what the same run asked since",
        off="for whatever the run asks now",
        edits=one(
            VIEWS,
            'as_seen = request.POST.get("asked") == str(run.fence)',
            "as_seen = True",
        ),
        red=(f"{LINE}test_a_yes_in_an_old_tab_does_not_answer_what_was_asked_since",),
    ),
    Guard(
        name="Try again asks for the very same",
        prevents="A Sync as shown that failed becomes a plain one, and sends what was not shown",
        off="a plain run of its scope",
        edits=one(
            "quickbooks_sync/pages/presses.py",
            "    if run.from_preview_id is not None:\n",
            "    if False:\n",
        ),
        red=(f"{LINE}test_try_again_after_a_sync_as_shown_does_what_was_shown_and_nothing_else",),
    ),
    Guard(
        name="A question is on the page whatever ran since",
        prevents="A run asks, a preview is made to look into it, and the question is nowhere to be answered",
        off="that of the last run alone",
        edits=one(
            VIEWS,
            "connection.runs.filter(state=SyncRun.State.ASKING)",
            "connection.runs.filter(pk=run.pk if run else 0, state=SyncRun.State.ASKING)",
        ),
        red=(f"{LINE}test_a_question_is_on_the_page_whatever_ran_since",),
    ),
    Guard(
        name="What waits is not said to run",
        prevents="Every page says that a Sync is running which waits behind a preview",
        off="the first Sync in the line runs",
        edits=one(
            "quickbooks_sync/pages/report.py", '    if ahead:\n        words = "waits"\n    elif', "    if"
        ),
        red=(f"{LINE}test_a_sync_that_waits_behind_a_preview_is_not_said_to_run",),
    ),
)
