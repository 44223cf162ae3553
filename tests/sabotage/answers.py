"""Guards of answers: whatever becomes of one, nothing is sent twice and nothing is lost."""

from tests.sabotage.guard import Guard, one

CLIENT = "qbo/client.py"
RETRY = "qbo/retry.py"
TRAFFIC = "qbo/traffic.py"
REPORTS = "qbo/reports.py"
BELIEVED = "unit/qbo/test_reports.py::test_nobody_relies_on_a_report_that_is_not_whole_as_asked_and_right"
OUTBOX, ANSWERED = "quickbooks_sync/sending/outbox.py", "quickbooks_sync/sending/responses.py"
RECOVER = "quickbooks_sync/recovery/lost_answers.py"
STRANGERS = "quickbooks_sync/recovery/strangers.py"
PUT_BACK = "quickbooks_sync/observing/put_back.py"
RECOGNITION = "quickbooks_sync/planner/recognition.py"
RECOVERY = "integration/sync/test_recovery.py::"
WRITES = "unit/qbo/test_writes.py::"
LATE = "integration/sync/test_late_sending.py::"
ALONE = "simulation/test_one_guard_alone.py::"
FOUND = "simulation/test_found.py::"
BACK = "simulation/test_went_back.py::"

ANSWERS = (
    Guard(
        name="The Sending is committed before it leaves",
        prevents="A worker dies with a batch under way, and nothing says that there was one",
        off="written down as settled already",
        edits=one(
            OUTBOX,
            "            time_before=session.time_there,\n",
            "            time_before=session.time_there,\n            state=Sending.State.SETTLED,\n",
        ),
        red=(f"{ALONE}test_a_payment_whose_answer_is_lost_stands_once_and_asks_nobody",),
    ),
    Guard(
        name="Request id of a call",
        prevents="A batch that goes again acts a second time, also where QuickBooks would have known it",
        off="the client leaves it out",
        edits=one(CLIENT, 'parameters={"requestid": request_id}', 'parameters={"minorversion": "75"}'),
        red=(
            f"{ALONE}test_a_payment_that_the_lists_do_not_show_yet_goes_again_as_the_very_same_request",
            "integration/qbo/test_client_and_emulator.py::test_the_same_batch_under_the_same_ids_acts_once",
        ),
    ),
    Guard(
        name="The whole Sending again, under its own id",
        prevents="What was carried out but is not shown by the lists yet is made a second time",
        off="what was not found is a new attempt with new ids",
        edits=one(
            RECOVER,
            "    return _send_again(session, sending)\n",
            "    _let_go(session, sending, found)\n    return 0.0\n",
        ),
        red=(f"{ALONE}test_a_payment_that_the_lists_do_not_show_yet_goes_again_as_the_very_same_request",),
    ),
    Guard(
        name="Wait for late commits",
        prevents="What QuickBooks commits up to two minutes late is sent a second time before it shows",
        off="nothing found counts as nothing there at once",
        edits=one(RECOVER, "    if wait > 0:\n", "    if False:\n"),
        red=(f"{FOUND}test_the_time_a_write_may_be_late_counts_from_when_it_really_went",),
    ),
    Guard(
        name="Look-up of what was created",
        prevents="A write whose answer was lost is sent again although it is there",
        off="whatever the look-up finds is not ours",
        edits=one(
            RECOVER,
            "    recognised = recognise(sent, ",
            "    recognised = recognise(sent[:0], ",
        ),
        red=(f"{ALONE}test_a_payment_whose_answer_is_lost_stands_once_and_asks_nobody",),
    ),
    Guard(
        name="Marker of an invoice or payment",
        prevents="An equal payment that somebody entered there meanwhile is taken for ours, which is lost",
        off="everything carries it",
        edits=one(
            RECOGNITION,
            "    marked = [each for each in candidates if each.marker == one.marker]\n",
            "    marked = list(candidates)\n",
        ),
        red=(f"{ALONE}test_a_payment_of_the_same_customer_day_and_amount_by_hand_is_not_taken_for_ours",),
    ),
    Guard(
        name="Found twice is for a person",
        prevents="Of two invoices with our marker one is taken at random, and the other stays unseen",
        off="the first one counts",
        edits=one(RECOGNITION, "        if len(sure) == 1:\n", "        if sure:\n"),
        red=(f"{RECOVERY}test_an_invoice_copied_there_before_its_answer_came_is_asked_about",),
    ),
    Guard(
        name="Looked up: the same parent",
        prevents="A customer of the same name under another one is taken for the one that was sent",
        off="any parent will do",
        edits=one(STRANGERS, 'record["parent"] = NOBODY', 'record["parent"] = None'),
        red=(f"{RECOVERY}test_the_same_name_under_another_parent_is_not_taken_for_the_one_that_was_sent",),
    ),
    Guard(
        name="No answer, no certainty",
        prevents="A write that timed out counts as not executed and goes again at once",
        off="a broken connection counts as not sent",
        edits=one(RETRY, '    if completion.failure == "not_sent":\n', "    if completion.failure:\n"),
        red=(f"{WRITES}test_whatever_is_not_clear_is_unknown_and_never_sent_again",),
        raises="pop from an empty deque",  # the test has no second answer for it
    ),
    Guard(
        name="A server error is no answer",
        prevents="A batch that QuickBooks carried out before it failed counts as refused, item by item",
        off="a 500 refuses each item",
        edits=one(
            RETRY,
            "    if not answered or any(",
            "    if False and any(",
        ),
        red=(f"{WRITES}test_whatever_is_not_clear_is_unknown_and_never_sent_again",),
    ),
    Guard(
        name="An item that failed in the system is unknown",
        prevents="One item of a batch counts as refused although QuickBooks may have stored it",
        off="its fault counts as a refusal",
        edits=one(
            "qbo/batch.py",
            "    if any(fault.of_system or fault.code == DUPLICATE_REQUEST_ID for fault in faults):\n",
            "    if False:\n",
        ),
        red=(f"{WRITES}test_a_refused_item_has_its_faults_and_a_failed_one_is_unknown",),
    ),
    Guard(
        name="Re-sent byte for byte",
        prevents="A batch goes again under its old id with other content",
        off="a call that goes again has another address",
        edits=one(
            TRAFFIC,
            "            write = self._again.popleft()\n",
            "            write = self._again.popleft()\n"
            "            write.call = replace(write.call, url=f'{write.call.url}&again=1')\n",
        )
        + one(
            TRAFFIC,
            "from dataclasses import dataclass, field\n",
            "from dataclasses import dataclass, field, replace\n",
        ),
        red=(f"{WRITES}test_what_was_certainly_not_executed_goes_again_byte_for_byte",),
    ),
    Guard(
        name="Looked up: created after our send",
        prevents="A customer who was there before counts as made by us, and is removed there with ours",
        off="any age will do",
        edits=one(STRANGERS, " AND MetaData.CreateTime >= '{moment}'", "")
        + one(RECOGNITION, "    return one.since <= each.created and (", "    return ("),
        red=(f"{ALONE}test_a_customer_that_was_there_before_ours_was_sent_is_not_taken_for_it",),
    ),
    Guard(
        name="Looked up: equal where we sent something",
        prevents="A customer of that name which somebody entered there at the same time is taken for ours",
        off="the name is enough",
        edits=one(
            RECOGNITION,
            "    return all(each.record.get(name) == value for name, value in one.record.items())\n",
            '    return each.record["display_name"] == one.record["display_name"]\n',
        ),
        red=(f"{ALONE}test_a_customer_of_the_same_name_entered_there_meanwhile_is_not_taken_for_ours",),
    ),
    Guard(
        name="An edit is recognised by its values",
        prevents="Somebody else's edit counts as ours, which was lost",
        off="any newer state will do",
        edits=one(
            RECOVER,
            '    if all(stored.get(name) == item["record"][name] for name in item["fields"]):\n',
            "    if stored:\n",
        ),
        red=(f"{ALONE}test_an_edit_that_was_lost_goes_again_also_if_something_else_was_edited_there",),
    ),
    Guard(
        name="Hands off what is under way",
        prevents="A record whose last write is of unknown outcome is sent once more meanwhile",
        off="nothing counts as under way",
        edits=one(
            "quickbooks_sync/sending/waves.py",
            '    return {item["link"] for item in items}, any(',
            "    return set(), any(",
        ),
        red=(f"{ALONE}test_what_a_dead_worker_may_have_sent_is_not_sent_by_the_next_one_meanwhile",),
    ),
    Guard(
        name="Nothing new is taken while a creation is under way",
        prevents="What we sent is met there before its answer is known, and copied here as theirs",
        off="taken all the same",
        edits=one("quickbooks_sync/sending/waves.py", "or (half_there and creating):\n", "or False:\n"),
        red=(f"{ALONE}test_a_creation_that_one_look_shows_and_another_does_not_is_ours",),
    ),
    Guard(
        name="A half-Link that a look made gives way to the answer",
        prevents="The answer to what we sent cannot be stored, and every run stops at it",
        off="it stays",
        edits=one(
            ANSWERED,
            "MET(remotes=[each.remote.pk for each in stored if each.is_new])",
            "()",
        ),
        red=(f"{ALONE}test_a_creation_that_one_look_shows_and_another_does_not_is_ours",),
        raises="IntegrityError",
    ),
    Guard(
        name="The time of sending is the true one",
        prevents="A batch that went again after a 429 counts as older than it is, and goes once more",
        off="not noted anew",
        edits=one(
            OUTBOX,
            "        session.before_sending()\n        stamp(session, sending)\n        session.before",
            "        session.before_sending()\n        session.before",
        ),
        red=(f"{LATE}test_the_late_commit_of_a_batch_sent_again_is_waited_for_from_then_on",),
    ),
    Guard(
        name="A remembered answer is no news",
        prevents="QuickBooks was put back; an edit that went with it is taken for done, and nobody is told",
        off="taken as the answer of now",
        edits=one(RECOVER, "if time is None or done + JUST_NOW < time:", "if False:"),
        red=(f"{BACK}test_an_edit_that_went_with_what_came_back_is_not_taken_for_done",),
    ),
    Guard(
        name="What an answer shows besides what was sent is somebody's edit",
        prevents="QuickBooks was put back and edited up to the very version seen, and the edit is lost",
        off="the version is proof enough",
        edits=one(ANSWERED, "    if creates and was_last:\n", "    if was_last:\n"),
        red=(
            f"{BACK}test_what_is_edited_there_under_the_version_that_went_with_what_came_back_is_asked_about",
        ),
    ),
    Guard(
        name="What is back there is not answered as gone",
        prevents="What was removed there and is back is voided here alone, or sent a second time",
        off="the question counts as long as it stands",
        edits=one(
            "quickbooks_sync/resolving/resolve.py", "    if not is_removed(there):\n", "    if False:\n"
        ),
        red=(f"{BACK}test_an_answer_about_what_is_back_there_by_now_is_refused",),
    ),
    Guard(
        name="What is older than its remembered answer has all of QuickBooks looked at",
        prevents="QuickBooks was put back, and an edit from here gives way to the older value unasked",
        off="it is taken as somebody's edit there",
        edits=one(RECOVER, "len(versions) > 1 and versions[0] < versions[1]", "len(versions) > 9"),
        red=(f"{BACK}test_an_edit_that_went_with_what_came_back_is_not_taken_for_done",),
    ),
    Guard(
        name="An object read by itself that is older than it was has all of QuickBooks looked at",
        prevents="QuickBooks was put back, an answer is lost, and what was typed here gives way unasked",
        off="it is taken as somebody's edit there",
        edits=one(PUT_BACK, "if storing.is_older(session, remote.entity, payload):", "if False:"),
        red=(
            f"{BACK}test_a_lost_answer_that_meets_an_older_version_has_all_of_it_looked_at_first",
            f"{BACK}test_a_write_that_meets_an_older_version_has_all_of_it_looked_at_first",
        ),
    ),
    Guard(
        name="A look of long ago says nothing of what went since",
        prevents="A backup put back by other means creates a second time what went after it was made",
        off="a look counts for ever",
        edits=one(
            "quickbooks_sync/recovery/lost_answers.py",
            "if looked is None or now - looked > LOOK_COUNTS_FOR:",
            "if looked is None:",
        ),
        red=(f"{ALONE}test_a_look_that_a_restored_backup_remembers_says_nothing_of_what_went_since",),
    ),
    Guard(
        name="A report is whole",
        prevents="Of a report that is too large the first part is taken for all of it",
        off="the text instead of the rest is not looked for",
        edits=one(REPORTS, "    if any(TOO_MUCH in", "    if any(TOO_MUCH * 2 in"),
        red=(BELIEVED,),
    ),
    Guard(
        name="A report is the one that was asked for",
        prevents="Balances of another day, or on cash basis, are held against those of the day asked for",
        off="its head is not looked at",
        edits=one(REPORTS, "head.get(member) != value:", "head.get(member) is head:"),
        red=(BELIEVED,),
    ),
    Guard(
        name="A report's total is the sum of its leaves",
        prevents="Figures that stand twice in a report, or not at all, are believed",
        off="the total is not compared",
        edits=one(REPORTS, "total[place].amount != value:", "total[place].amount is None:"),
        red=(BELIEVED,),
    ),
)
