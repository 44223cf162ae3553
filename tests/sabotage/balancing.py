"""Guards of the books: every cent by which the sides differ is found, and has a true reason."""

from tests.sabotage.guard import Guard, one

READING = "quickbooks_sync/books/reading.py"
ADDED_UP = "quickbooks_sync/planner/books.py"
ENTRIES = "quickbooks_sync/memory/entries.py"
DONE = "integration/sync/test_books_match.py::"
LAWS = "properties/test_books.py::"

BALANCING: tuple[Guard, ...] = (
    Guard(
        name="Books match customer by customer",
        prevents="Two faults that cancel each other pass for books that match",
        off="only the sum of all is looked at",
        edits=one(ADDED_UP, "        return not self.astray\n", "        return not self.unexplained\n"),
        red=(f"{LAWS}test_two_that_cancel_each_other_do_not_match",),
    ),
    Guard(
        name="What counts as settled explains no difference",
        prevents="An amount that was changed past all operations passes for explained",
        off="whatever a record says of itself is a reason",
        edits=one(READING, "    return why not in EQUAL\n", "    return True\n"),
        red=(f"{DONE}test_a_cent_that_nothing_explains_is_found",),
    ),
    Guard(
        name="Who does not add up is looked at record by record",
        prevents="The page shows a difference as unexplained that a record explains",
        off="only what is unsettled is looked at",
        edits=one(READING, "UNSETTLED | _of_customers(connection, customers)", "UNSETTLED"),
        red=(f"{DONE}test_what_somebody_left_otherwise_there_is_explained_by_that",),
    ),
    Guard(
        name="What has a record here is no Entry",
        prevents="An invoice that was linked later counts twice in QuickBooks",
        off="every Entry counts",
        edits=one(
            ENTRIES,
            "Entry.objects.filter(~Exists(ours), connection=connection)",
            "Entry.objects.filter(connection=connection)",
        ),
        red=(f"{DONE}test_a_payment_that_is_linked_later_counts_once",),
    ),
    Guard(
        name="After a month without a sync all is read anew",
        prevents="What was deleted in QuickBooks meanwhile is told as entered there",
        off="what is known is believed",
        edits=one(
            "quickbooks_sync/observing/there.py",
            "    if session.connection.books_known_at is None:\n        return\n",
            "    return\n",
        ),
        red=(f"{DONE}test_after_a_month_without_a_sync_the_next_check_reads_all_anew",),
    ),
    Guard(
        name="What a report told before is asked for at each check",
        prevents="A journal entry that is gone stays listed, because another of its amount came",
        off="only who does not add up is asked about",
        edits=one(
            "quickbooks_sync/books/checking.py",
            "if doubtful := reported | {account.key for account in found.astray}:",
            "if doubtful := {account.key for account in found.astray}:",
        ),
        red=(f"{DONE}test_what_a_report_told_before_is_asked_for_at_each_check",),
    ),
    Guard(
        name="What is dated later is counted apart",
        prevents="QuickBooks' own report is said to disagree because of an invoice of next month",
        off="the report is expected to have it",
        edits=one(
            "quickbooks_sync/books/checking.py",
            "reported.get(key, ZERO) + later.get(key, ZERO)",
            "reported.get(key, ZERO)",
        ),
        red=(f"{DONE}test_the_report_leaves_out_what_is_dated_later_and_agrees_all_the_same",),
    ),
)
