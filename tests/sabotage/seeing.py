"""Guards of seeing: what changed on either side is noticed, and nothing is taken for gone that is not."""

from tests.sabotage.guard import Guard, one

ASKING = "quickbooks_sync/access/asking.py"
REFUSED = "integration/sync/test_refused_questions.py::"
OBSERVE, STORING = "quickbooks_sync/observing/there.py", "quickbooks_sync/observing/storing.py"
HERE = "quickbooks_sync/observing/here.py"
SEEN = "integration/sync/test_observe.py::"
BOTH_WAYS = "integration/sync/test_customers_both_ways.py::"
ALONE = "simulation/test_one_guard_alone.py::"

SEEING = (
    Guard(
        name="Order of SyncTokens",
        prevents="A row of a list that lags overwrites a newer one, and an old value counts as their edit",
        off="an older row is stored like any other",
        edits=one(STORING, "elif token < known.token:", "elif token < 0:"),
        red=(f"{SEEN}test_a_row_older_than_the_one_last_seen_says_nothing",),
    ),
    Guard(
        name="Same token, other content",
        prevents="A row that was built while its object was being written overwrites what is there",
        off="such a row is believed",
        edits=one(
            STORING, "            again.append(known.remote_id)\n", "            newer.append(payload)\n"
        ),
        red=(f"{SEEN}test_another_content_under_the_same_token_is_read_by_id_once",),
    ),
    Guard(
        name="Stored Remotes",
        prevents="An edit here is laid over the object as it was on the first day, and undoes theirs",
        off="what was seen first stays",
        edits=one("quickbooks_sync/memory/directory.py", '    "packed",\n]', "]"),
        red=(f"{SEEN}test_what_was_changed_and_added_there_is_seen_in_one_call",),
    ),
    Guard(
        name="Open marks, there",
        prevents="What was changed in QuickBooks is seen and forgotten",
        off="seeing it marks nothing",
        edits=one(STORING, "    OPENED(links=[seen.opened", "    (lambda links: None)(links=[seen.opened"),
        red=(f"{SEEN}test_what_was_changed_and_added_there_is_seen_in_one_call",),
    ),
    Guard(
        name="Open marks, here",
        prevents="An edit here is seen and forgotten",
        off="seeing it marks nothing",
        edits=one(
            HERE,
            "link.open = link.open or link.here_baseline is None or bool(changed(",
            "link.open = link.open or bool(None and changed(",
        ),
        red=(f"{ALONE}test_an_edit_that_meets_a_newer_object_is_merged_with_it",),
    ),
    Guard(
        name="Half-Links, there",
        prevents="What is new in QuickBooks is seen once, and never again",
        off="seeing it makes none",
        edits=one(STORING, "        rows.insert(links, unless_there=True)\n", ""),
        red=(f"{SEEN}test_what_was_changed_and_added_there_is_seen_in_one_call",),
    ),
    Guard(
        name="Half-Links, here",
        prevents="What is new here is seen once, and never again",
        off="seeing it makes none",
        edits=one(HERE, "link for link in part if link.pk is None], unless", "], unless"),
        red=(f"{BOTH_WAYS}test_a_sync_sends_a_new_and_an_edited_customer_and_takes_a_new_one",),
    ),
    Guard(
        name="The watermark moves last, there",
        prevents="A run that dies while it looks has passed over what it did not store",
        off="it moves first",
        edits=one(
            OBSERVE,
            "    began: datetime | None = None\n    since = connection.there_watermark\n",
            "    began: datetime | None = None\n    since = connection.there_watermark\n"
            "    early = session.clock.utc() - OVERLAP\n"
            "    Connection.objects.filter(pk=connection.pk).update(there_watermark=early)\n",
        ),
        red=(f"{ALONE}test_a_worker_that_dies_while_it_looks_has_passed_over_nothing",),
    ),
    Guard(
        name="The watermark moves last, here",
        prevents="A run that dies while it looks has passed over what it did not store",
        off="it moves first",
        edits=one(
            HERE,
            "    for kind in KINDS:\n",
            "    Connection.objects.filter(pk=connection.pk).update(here_watermark=bound)\n"
            "    for kind in KINDS:\n",
        ),
        red=(f"{ALONE}test_a_worker_that_dies_while_it_looks_has_passed_over_nothing",),
    ),
    Guard(
        name="A start date chosen during a run",
        prevents="The run moves the watermark past it, and the older invoices never go",
        off="moved without a look at what it was",
        edits=one(
            HERE,
            "filter(pk=connection.pk, here_watermark=connection.here_watermark)",
            "filter(pk=connection.pk)",
        ),
        red=("integration/sync/test_start_date.py::test_a_start_date_chosen_during_a_run_is_not_lost",),
    ),
    Guard(
        name="Overlap of the watermark",
        prevents="What QuickBooks committed late, under an earlier time, is never seen",
        off="no overlap",
        edits=one(OBSERVE, "OVERLAP = timedelta(seconds=130)", "OVERLAP = timedelta(0)"),
        red=(f"{SEEN}test_the_watermark_goes_to_the_time_of_the_first_answer_less_an_overlap",),
    ),
    Guard(
        name="Overflow of change data capture",
        prevents="Of more than 1,000 changes in a day those that did not fit are never seen",
        off="a full answer counts as a whole one",
        edits=one(OBSERVE, "    if changes.overflow:\n", "    if False:\n"),
        red=(f"{SEEN}test_a_look_that_may_not_hold_everything_is_followed_by_queries",),
    ),
    Guard(
        name="Choice of reading by our own echo",
        prevents="Change data capture is asked although our own writes alone overflow it",
        off="asked always",
        edits=one(OBSERVE, " > ECHO_MAX:\n", " > ECHO_MAX * 1000:\n"),
        red=(f"{SEEN}test_what_we_wrote_too_often_for_one_look_is_read_by_queries",),
    ),
    Guard(
        name="After 29 days by queries",
        prevents="Changes that QuickBooks no longer tells are never seen",
        off="change data capture is asked however long ago it was",
        edits=one(OBSERVE, "    if session.clock.utc() - since > WINDOW:\n", "    if False:\n"),
        red=(f"{SEEN}test_after_29_days_queries_find_what_changed",),
    ),
    Guard(
        name="A deletion is believed after a read by id",
        prevents="A record that a list leaves out by mistake counts as deleted there",
        off="what is told to be deleted is",
        edits=one(
            STORING,
            "            continue\n        try:\n            payload = ",
            '            continue\n        try:\n            raise Missing("so")\n            payload = ',
        ),
        red=(
            f"{SEEN}test_a_deletion_is_believed_only_after_a_read_by_id",
            f"{SEEN}test_a_list_that_lags_makes_nobody_believe_in_a_deletion",
        ),
    ),
    Guard(
        name="Queries are followed by a search for deletions",
        prevents="What was deleted there while we did not sync for a month is never noticed",
        off="nobody searches",
        edits=one(OBSERVE, "    _sweep(session, [", "    str(["),
        red=(f"{SEEN}test_after_29_days_a_deletion_is_found_by_looking_through_the_ids",),
    ),
    Guard(
        name="A Full Sync trusts no watermark",
        prevents="A customer whose Link a restored backup does not have is never sent",
        off="only what is new is looked at",
        edits=one(HERE, "            find_unlinked(session, kind)\n", "            pass\n"),
        red=(f"{SEEN}test_a_full_sync_finds_what_has_no_link_however_old_it_is",),
    ),
    Guard(
        name="The revision is taken inside its transaction",
        prevents="A record appears below a watermark that has passed it already, and is never sent",
        off="taken anywhere",
        edits=one(
            "service_genius/shared/revision.py", "    if not connection.in_atomic_block:\n", "    if False:\n"
        ),
        red=(
            "integration/app/test_revisions.py::test_a_revision_is_taken_only_within_the_transaction_it_numbers",
        ),
    ),
    Guard(
        name="Changes that are refused are asked for one list at a time",
        prevents="One bad record anywhere keeps a company from ever syncing again",
        off="nothing more is asked",
        edits=one(
            ASKING,
            "    for entity in entities:\n        found, not_told",
            "    for entity in []:\n        found, not_told",
        ),
        red=(f"{REFUSED}test_changes_that_are_refused_are_asked_for_in_smaller_questions",),
    ),
    Guard(
        name="A list that was not read is not synced",
        prevents="A customer is made anew beside the one that QuickBooks would not show",
        off="as if it were empty",
        edits=one(
            ASKING,
            'all(told["entity"] != entity or told["remote_id"] for told in session.run.unread)',
            "True",
        ),
        red=(f"{REFUSED}test_a_list_that_is_refused_is_left_out_and_the_others_are_synced",),
    ),
    Guard(
        name="Nothing is sent that could not be looked for",
        prevents="An invoice that stands there already is sent a second time",
        off="a refusal counts as: it is not there",
        edits=one(
            "quickbooks_sync/sending/look_alikes.py",
            "        if not new.known_new:\n            session.look_alikes[new.link_id] = Wait",
            "        if False:\n            session.look_alikes[new.link_id] = Wait",
        ),
        red=(f"{REFUSED}test_what_cannot_be_looked_for_is_not_sent_and_the_others_go",),
    ),
    Guard(
        name="What was refused is looked at again",
        prevents="What changed in the meantime is never seen, once QuickBooks answers again",
        off="the watermark moves all the same",
        edits=one(
            "quickbooks_sync/observing/there.py",
            "    if session.run.unread:\n        return",
            "    if False:\n        return",
        ),
        red=(f"{SEEN}test_a_run_that_could_not_look_leaves_the_watermark_where_it_was",),
    ),
)
