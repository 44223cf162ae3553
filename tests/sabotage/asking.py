"""Guards of asking: what is perhaps the same, and what a person must see before it is done."""

from tests.sabotage.guard import Edit, Guard, one

RUN = "quickbooks_sync/runs/run.py"
LOOK_ALIKES = "quickbooks_sync/sending/look_alikes.py"
NAMES = "quickbooks_sync/gathering/names.py"
AT_ONCE = "integration/sync/test_asked_at_once.py::"
ALIKE = "integration/sync/test_look_alikes.py::"
QUESTIONS = "integration/sync/test_guards.py::"
REFUSALS = "integration/sync/test_refusals.py::"
START = "integration/sync/test_start_date.py::"
PREVIEW = "integration/sync/test_preview.py::"
RECOVERY = "quickbooks_sync/recovery/"
BACK = "simulation/test_went_back.py::"
RESTORED = "integration/sync/test_restored_backup.py::"
ERASED = "integration/sync/test_erased_markers.py::"
RELEASED = "integration/sync/test_released_in_one_run.py::"
ALONE = "simulation/test_one_guard_alone.py::"
MONEY = "simulation/test_money_alone.py::"

ASKING = (
    Guard(
        name="The counterpart of a likely pair waits, too",
        prevents="While a person is asked whether two are the same, the one there is copied here",
        off="it does not wait",
        edits=one(
            "quickbooks_sync/sending/waves.py",
            "    alike = matches.claimed_there(session, kind, links)\n",
            "    alike = dict[int, str]()\n",
        ),
        red=(f"{ALONE}test_while_a_person_is_asked_whether_two_are_the_same_neither_is_copied",),
    ),
    Guard(
        name="Right company: also after a person has paired two",
        prevents="One answer before the first Full Sync lets it send everything to the wrong books unasked",
        off="whatever is paired was paired by a run",
        edits=one(
            "quickbooks_sync/foresight/first_look.py",
            "local_id__isnull=False, here_baseline__isnull=False)",
            "local_id__isnull=False, remote__isnull=False)",
        ),
        red=(
            f"{AT_ONCE}test_an_answer_does_not_keep_a_full_sync_from_asking_whether_it_is_the_right_company",
        ),
    ),
    Guard(
        name="What is answered while a look is under way is not asked again",
        prevents="A question comes back that was just answered, and its second answer parts a pair",
        off="asked as it was seen",
        edits=one(
            "quickbooks_sync/foresight/first_look.py",
            "answered = set(unmoved.moved(session, [gathered for gathered, _ in page]))",
            "answered = set[int]()",
        ),
        red=(f"{AT_ONCE}test_what_is_answered_while_a_look_is_under_way_is_not_asked_again",),
    ),
    Guard(
        name="A name that is taken is found before sending",
        prevents="A name that a vendor holds is sent, refused, and told as a mistake of QuickBooks",
        off="no name counts as taken",
        edits=one(NAMES, "if holder is None or holder.pk == claim.link.remote_id:", "if True:"),
        red=(
            f"{REFUSALS}test_a_name_that_a_vendor_holds_is_found_before_sending_and_goes_once_it_is_changed",
        ),
    ),
    Guard(
        name="A name taken a moment ago (6240)",
        prevents="A clash of names is told as a refusal without a way out",
        off="counts as any refusal",
        edits=one(
            "quickbooks_sync/sending/refusals.py", "    if first.code == DUPLICATE_NAME:\n", "    if False:\n"
        ),
        red=(f"{REFUSALS}test_a_name_taken_there_a_moment_ago_is_an_issue_with_a_proposal",),
    ),
    Guard(
        name="A number taken a moment ago (6140)",
        prevents="A clash of numbers is told as a refusal without a way out",
        off="counts as any refusal",
        edits=one(
            "quickbooks_sync/sending/refusals.py",
            "    if first.code == DUPLICATE_NUMBER:\n",
            "    if False:\n",
        ),
        red=(f"{MONEY}test_a_number_taken_there_a_moment_ago_is_told_with_its_holder",),
    ),
    Guard(
        name="Look-alikes: numbers",
        prevents="An invoice that somebody entered there by hand is sent a second time",
        off="numbers are not compared",
        edits=one(
            LOOK_ALIKES,
            '            new = numbered.get(str(row.get("DocNumber", "")))\n',
            "            new = None\n",
        ),
        red=(f"{ALIKE}test_an_invoice_entered_there_by_hand_is_asked_about_and_can_be_linked",),
    ),
    Guard(
        name="Look-alikes: payments",
        prevents="A payment that somebody entered there by hand is sent a second time",
        off="payments are not compared",
        edits=one(LOOK_ALIKES, "        if near:\n", "        if False:\n"),
        red=(f"{ALIKE}test_a_payment_entered_there_by_hand_is_asked_about_and_sent_if_a_person_says_so",),
    ),
    Guard(
        name="Look-alikes: paid already",
        prevents="A payment is sent for an invoice that is paid in QuickBooks, which refuses it",
        off="balances are not compared",
        edits=one(
            LOOK_ALIKES,
            "            if balance < applied:\n",
            "            if False:\n",
        ),
        red=(f"{ALIKE}test_a_payment_for_an_invoice_that_is_paid_there_already_is_asked_about",),
    ),
    Guard(
        name="A Full Sync moves no money",
        prevents="The first press of the button sends every old invoice",
        off="it moves all Kinds",
        edits=one(
            RUN,
            "    if session.run.scope == SyncRun.Scope.SYNC:\n        money = ",
            "    if True:\n        money = ",
        ),
        red=("integration/sync/test_all_kinds.py::test_a_full_sync_moves_no_invoice_and_no_payment",),
    ),
    Guard(
        name="The start date",
        prevents="Invoices of last year, which stand in QuickBooks already, are sent once more",
        off="every invoice moves",
        edits=one(
            "quickbooks_sync/kinds/money.py",
            "    entered_after = instance.created_at >= connection.connected_at\n",
            "    entered_after = True\n",
        ),
        red=(f"{START}test_a_full_sync_sends_no_invoice_and_a_sync_those_since_the_start_date",),
    ),
    Guard(
        name="Is it the right company?",
        prevents="A whole list of customers is sent into the books of somebody else",
        off="nobody asks",
        edits=one(RUN, "        guard_first(session)\n", "        pass\n"),
        red=(
            f"{QUESTIONS}test_a_first_full_sync_into_books_that_match_nothing_asks_first_and_sends_after_a_yes",
        ),
    ),
    Guard(
        name="What has begun is not asked about again",
        prevents="A first Full Sync that crashed asks whether it is the right company, and does not go on",
        off="asked in every run until one is done",
        edits=one(
            "quickbooks_sync/foresight/first_look.py",
            "    if _has_begun(session.connection):\n",
            "    if False:\n",
        ),
        red=(f"{QUESTIONS}test_a_first_full_sync_that_was_interrupted_goes_on_without_a_question",),
    ),
    Guard(
        name="Many removals are asked about",
        prevents="A list deactivated here by mistake is deactivated there as well",
        off="nobody asks",
        edits=one(
            "quickbooks_sync/sending/waves.py",
            "session.unless_answered(many_removals(",
            "str(many_removals(",
        ),
        red=(f"{QUESTIONS}test_many_removals_are_asked_about",),
    ),
    Guard(
        name="A list that reads empty is asked about",
        prevents="An empty answer of QuickBooks counts as the end of every customer",
        off="nobody asks",
        edits=one(
            "quickbooks_sync/observing/there.py",
            "    session.unless_answered(empty_list(",
            "    str(empty_list(",
        ),
        red=(
            f"{QUESTIONS}test_a_list_that_suddenly_reads_empty_is_asked_about_and_nothing_is_believed_deleted",
        ),
    ),
    Guard(
        name="An answer is good for what was asked",
        prevents="A yes to fifty new customers lets five hundred pass",
        off="any answer will do",
        edits=one(
            "quickbooks_sync/access/session.py",
            "asdict(question) not in self.run.answers",
            "not self.run.answers",
        ),
        red=(f"{QUESTIONS}test_an_answer_does_not_hold_when_there_is_more_to_do_than_was_asked_about",),
    ),
    Guard(
        name="What a preview showed",
        prevents="A run from a preview does what nobody has seen",
        off="every step counts as shown",
        edits=one(
            "quickbooks_sync/sending/as_shown.py",
            "(gathered.link.pk, fingerprint(gathered, action)) in shown",
            "True",
        ),
        red=(f"{PREVIEW}test_a_run_from_a_preview_leaves_what_changed_since_and_lists_it",),
    ),
    Guard(
        name="The values a preview showed",
        prevents="A run from a preview sends another price than the one that was seen",
        off="the Action is enough, whatever its values",
        edits=one(
            "quickbooks_sync/sending/as_shown.py",
            "    return sha256(dumps(decided_on).encode()).hexdigest()\n",
            "    return sha256(dumps(decided_on[:2]).encode()).hexdigest()\n",
        ),
        red=(f"{PREVIEW}test_a_run_from_a_preview_leaves_what_changed_since_and_lists_it",),
    ),
    Guard(
        name="What follows once ours is sent",
        prevents="A preview leaves out what is taken from QuickBooks in the same run, or asked about",
        off="only the first step of a record is shown",
        edits=one(
            "quickbooks_sync/foresight/preview.py",
            "            if action.leave or isinstance(action, RemoveThere):\n",
            "            if False:\n",
        ),
        red=(
            f"{PREVIEW}test_what_is_taken_after_ours_was_sent_is_shown_too",
            f"{RELEASED}test_what_was_edited_before_it_was_removed_goes_too_and_is_shown",
        ),
    ),
    Guard(
        name="Send it anyway is said of what was shown",
        prevents="A restored backup sends an invoice again that somebody let go in spite of a look-alike",
        off="said of whatever is found",
        edits=one(
            "quickbooks_sync/sending/newcomers.py",
            "self.rejected and (bool(marker_of(row)) or not self.known_new)",
            "self.rejected and not self.known_new",
        ),
        red=(
            f"{ALIKE}test_send_it_anyway_is_said_of_what_was_shown_and_not_of_what_we_sent_since",
            f"{ALIKE}test_a_payment_sent_anyway_and_forgotten_is_asked_about_once_more",
        ),
    ),
    Guard(
        name="An answer settles no more than it was about",
        prevents="Who removes here what was removed there gives up, unasked, what else was typed here",
        off="it settles whatever differs",
        edits=one(
            "quickbooks_sync/resolving/resolve.py",
            '    free(link)\n    return f"“{issue.label}” is removed here too."',
            '    settle(link)\n    return f"“{issue.label}” is removed here too."',
        ),
        red=(f"{BACK}test_to_remove_here_what_was_removed_there_gives_up_nothing_that_was_typed_here",),
    ),
    Guard(
        name="An original is looked for beside an edited copy, too",
        prevents="After a restored backup an edited copy is taken for the invoice, which stays there unnamed",
        off="what was edited is the original",
        edits=one(
            f"{RECOVERY}forgotten.py",
            "    if is_edited or _is_proper(kind, here, there):",
            "    if is_edited:\n        return []\n    if _is_proper(kind, here, there):",
        ),
        red=(f"{ERASED}test_an_original_without_its_marker_is_named_beside_an_edited_copy_that_bears_it",),
    ),
    Guard(
        name="A question about what is gone there is settled by a run",
        prevents="A preview takes a question away, and nothing under Settled says what became of it",
        off="it goes as soon as that is seen",
        edits=one(
            "quickbooks_sync/observing/storing.py",
            "local_id=None, issue=None).delete()",
            "local_id=None).delete()",
        ),
        red=(f"{RESTORED}test_a_question_about_what_is_gone_there_is_settled_by_a_sync_and_by_no_preview",),
    ),
    Guard(
        name="Whose customer nobody here has may be anybody's",
        prevents="A backup forgot customer and invoice, its marker is erased: the question does not name it",
        off="it counts as another customer's",
        edits=one(f"{RECOVERY}strangers.py", "NOBODY = 0", "NOBODY = -1"),
        red=(f"{ERASED}test_what_bears_no_marker_any_more_is_named_though_its_customer_was_forgotten_too",),
    ),
    Guard(
        name="Who is known there is nobody else there",
        prevents="After a restored backup every new invoice is a question about one of a new customer there",
        off="it may be anybody whom nobody here has",
        edits=one(f"{RECOVERY}forgotten.py", 'buyers = {here["customer"]} if is_known else', "buyers ="),
        red=(f"{ERASED}test_what_bears_no_marker_is_no_question_at_the_invoice_of_another_customer",),
    ),
    Guard(
        name="Customers are found again before their invoices",
        prevents="The question about a forgotten invoice without its marker names others, or none",
        off="whose it is, is asked of the copy as it was",
        edits=(
            Edit(
                file=f"{RECOVERY}restored.py",
                old="    gone = strangers.removed(session, KINDS, since)\n",
                new="    gone = strangers.removed(session, KINDS, since)\n"
                "    unmarked = forgotten.unmarked(session, since)\n",
            ),
            Edit(
                file=f"{RECOVERY}restored.py",
                old="    unmarked = forgotten.unmarked(session, since)  # now that",
                new="    # now that",
            ),
        ),
        red=(f"{ERASED}test_what_bears_no_marker_any_more_is_named_though_its_customer_was_forgotten_too",),
    ),
    Guard(
        name="What is void here is looked for there, too",
        prevents="After a restored backup an invoice voided here stays open there, its marker erased",
        off="nobody needs what is void",
        edits=one(f"{RECOVERY}forgotten.py", "    if found:\n", "    if False:\n"),
        red=(f"{ERASED}test_what_is_voided_after_a_restore_is_named_though_its_marker_was_erased",),
    ),
    Guard(
        name="What is void here is nothing else there",
        prevents="After a restored backup each invoice ever voided before it was sent is a question",
        off="it may be any of its customer",
        edits=one(
            f"{RECOVERY}forgotten.py",
            "not is_removed(there.record) and any(here[name] == there.record[name] for name in own)",
            "not is_removed(there.record)",
        ),
        red=(
            f"{ERASED}test_what_was_voided_before_it_was_ever_sent_is_asked_about_only_if_it_shares_something",
        ),
    ),
)
