"""Guards of saying: no sentence outside its situation, and nothing removed without a question."""

from tests.sabotage.guard import Guard, one

STANDING, PAID = "quickbooks_sync/wording/standing.py", "quickbooks_sync/observing/paid_there.py"
SAID = "unit/sync/test_what_is_said.py::"
THERE = "integration/sync/test_paid_there.py::"
TRUE = "integration/sync/test_true_sentences.py::"

SAYING = (
    Guard(
        name="What is paid there counts",
        prevents="Somebody is asked to pay an invoice that was paid in QuickBooks",
        off="nothing is taken to be paid there",
        edits=one(PAID, "None if local_id in unsure else max(cents(paid), ZERO)", "ZERO"),
        red=(
            f"{THERE}test_an_invoice_paid_in_quickbooks_is_paid_on_its_page_in_the_list_and_at_its_customer",
            f"{THERE}test_an_invoice_partly_paid_in_quickbooks_says_what_is_left",
        ),
    ),
    Guard(
        name="Our own payments are not paid there alone",
        prevents="What our own payment paid is counted twice, and the customer has a credit that is none",
        off="ours are not taken off",
        edits=one(PAID, " - ours.get(local_id or 0, ZERO)", ""),
        red=(f"{THERE}test_a_payment_here_beside_one_there_is_told_apart",),
    ),
    Guard(
        name="Edited since",
        prevents="A record that was edited a minute ago is said to be the same on both sides",
        off="only what the last run saw counts",
        edits=one(
            "quickbooks_sync/wording/standings.py",
            "standing.open or (link is not None and edited_since(connection, record, link))",
            "standing.open",
        ),
        red=(f"{THERE}test_a_record_edited_since_the_last_sync_is_not_said_to_be_the_same",),
    ),
    Guard(
        name="Balances there follow our writes",
        prevents="Until the next sync a customer's balance in QuickBooks is said to be what it was",
        off="they stay as they were seen",
        edits=one("quickbooks_sync/memory/owed_there.py", "    if growth:\n", "    if False:\n"),
        red=(f"{THERE}test_what_a_parent_pays_counts_at_the_customer_of_the_invoice_as_in_quickbooks",),
    ),
    Guard(
        name="The same only if it is so",
        prevents="A run calls both sides the same while records wait, were left, or need somebody",
        off="nothing done is the same",
        edits=one(
            "quickbooks_sync/pages/report.py",
            "return not _remains(run) and run.counts.get(left_over.APART) == 0",
            "return True",
        ),
        red=(
            f"{SAID}test_a_run_says_that_both_sides_were_the_same_only_if_nothing_was_left",
            f"{TRUE}test_a_run_as_shown_counts_what_it_left",
        ),
    ),
    Guard(
        name="Equal only if as much is owed",
        prevents="An invoice that is paid there is the same on both sides",
        off="what is owed is not compared",
        edits=one(
            STANDING,
            "return Settlement.EQUAL if here == there else Settlement.OTHER_PAYMENTS",
            "return Settlement.EQUAL",
        ),
        red=(f"{SAID}test_no_situation_is_told_where_it_does_not_hold",),
    ),
    Guard(
        name="What removes asks first",
        prevents="A press on Do the same here voids an invoice that cannot be brought back",
        off="it is done at once",
        edits=one(
            "quickbooks_sync/resolving/offers.py",
            "removing = (_removes(answer, issue) for answer in always)",
            "removing = always",
        ),
        red=(
            f"{SAID}test_every_answer_that_removes_something_asks_first",
            f"{TRUE}test_what_was_deleted_there_is_voided_here_only_after_a_question",
        ),
    ),
    Guard(
        name="No link to what is gone",
        prevents="Open in QuickBooks leads to a page that does not exist",
        off="what is deleted keeps its address",
        edits=one("quickbooks_sync/pages/history.py", '"" if remote.deleted else ', ""),
        red=(f"{TRUE}test_no_link_leads_to_what_is_deleted_there",),
    ),
)
