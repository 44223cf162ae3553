"""Guards of sending: in which order, how fast, and what a refusal means."""

from tests.sabotage.guard import Guard, one

MEANWHILE = "integration/sync/test_moved_meanwhile.py::"
OUTBOX, ANSWERED = "quickbooks_sync/sending/outbox.py", "quickbooks_sync/sending/responses.py"
REFUSALS = "integration/sync/test_refusals.py::"
CAUSES = "integration/sync/test_causes.py::"
BY_ITSELF = "test_what_was_refused_goes_by_itself_once_anything_it_hangs_on_has_changed"
GONE = "integration/sync/test_choices_gone.py::"
DECIDE = "unit/sync/test_decide.py::"
RELEASED = "integration/sync/test_released_in_one_run.py::"
ALONE = "simulation/test_one_guard_alone.py::"

SENDING = (
    Guard(
        name="What leaves is as it is by now",
        prevents="What was edited, or held, while hundreds were decided leaves as it was before",
        off="it is not looked at again",
        edits=one(
            OUTBOX,
            "moved = unmoved.leave_moved(session, [each.gathered for each in self.collected])",
            "moved: set[int] = set()",
        ),
        red=(
            f"{MEANWHILE}test_what_is_edited_before_it_leaves_leaves_as_it_is_then",
            f"{MEANWHILE}test_what_is_held_before_it_leaves_does_not_leave",
        ),
    ),
    Guard(
        name="What is written here is as it is by now",
        prevents="What was held while hundreds were decided is written here all the same",
        off="it is not looked at again",
        edits=one(
            "quickbooks_sync/sending/waves.py",
            "moved = unmoved.leave_moved(session, [gathered for gathered, _ in steps])",
            "moved: set[int] = set()",
        ),
        red=(f"{MEANWHILE}test_what_is_held_before_it_is_written_here_is_not_written",),
    ),
    Guard(
        name="A refusal is not sent again unchanged",
        prevents="What QuickBooks refuses is sent with every run, for ever",
        off="forgotten at once",
        edits=one(
            "quickbooks_sync/agreements/settling.py",
            "        link.refused = with_others(cause, named(session.connection, [issue.details])[0])\n",
            '        link.refused = ""\n',
        ),
        red=(f"{REFUSALS}test_what_was_refused_is_not_sent_again_unchanged_and_goes_by_itself_once_mended",),
    ),
    Guard(
        name="A refusal hangs on what the record refers to",
        prevents="A payment stays refused for ever although its invoice was mended in QuickBooks",
        off="on the record and its own object alone",
        edits=one(
            "quickbooks_sync/gathering/pairs.py",
            "        referred=[stamps.get(key, list(key)) for key in sorted(keys)],\n",
            "        referred=[list(key) for key in sorted(keys)],\n",
        ),
        red=(f"{CAUSES}{BY_ITSELF}",),
    ),
    Guard(
        name="A refusal hangs on the choices and the settings there",
        prevents="What was refused for an account or a closed period stays refused when that is mended",
        off="nothing of them counts",
        edits=one(
            "quickbooks_sync/gathering/pairs.py",
            "        background=session.background,\n",
            '        background="",\n',
        ),
        red=(f"{CAUSES}{BY_ITSELF}",),
    ),
    Guard(
        name="What a refusal hangs on is noted before it leaves",
        prevents="What is mended while the refused write is under way never counts as changed",
        off="it is noted when the refusal arrives",
        edits=one(
            ANSWERED,
            '        cause = item.get("hangs_on", "")\n',
            "        cause = gathered.hangs_on\n",
        ),
        red=(f"{CAUSES}test_an_edit_under_way_is_not_hidden_by_the_refusal_of_what_was_before",),
    ),
    Guard(
        name="Nothing new is built upon what is not there yet as it is here",
        prevents="One refused reactivation becomes a refusal of every invoice of that customer",
        off="what is there at all is enough",
        edits=one(
            "quickbooks_sync/gathering/context.py",
            "        unready=foundations.unready(session, references),\n",
            "        unready={},\n",
        ),
        red=(f"{CAUSES}test_a_payment_waits_for_its_invoice_that_was_moved_to_another_customer_there",),
    ),
    Guard(
        name="A payment is not said to be paid already while its invoice waits",
        prevents="A refused edit of an invoice becomes a second question about its payment",
        off="an edit that a person is asked about does not count",
        edits=one(
            "quickbooks_sync/sending/look_alikes.py",
            "    edited = remotes.filter(link__open=True).values(",
            "    edited = remotes.filter(link__open=True, link__issue=None).values(",
        ),
        red=(f"{CAUSES}test_a_payment_of_more_waits_for_the_edit_of_its_invoice_that_was_refused",),
    ),
    Guard(
        name="An account that was put away is no account",
        prevents="Payments go to another account than the one chosen, and nobody is told",
        off="what was chosen is taken to be in use",
        edits=one(
            "quickbooks_sync/access/connection.py",
            "account if account in listed or not known else",
            "account if True else",
        ),
        red=(f"{GONE}test_a_payment_goes_to_no_other_account_than_the_one_chosen",),
    ),
    Guard(
        name="An earlier start date is asked about",
        prevents="Moving the start date sends 73 old invoices at once, unasked and uncounted",
        off="it is kept at once",
        edits=one(
            "quickbooks_sync/pages/older.py",
            "    return found if found.words else None\n",
            "    return None\n",
        ),
        red=("integration/sync/test_start_date.py::test_an_earlier_start_date_says_what_it_sends_and_asks",),
    ),
    Guard(
        name="An account is asked for once",
        prevents="Thirty new work codes are thirty questions about one account",
        off="each asks for itself",
        edits=one(
            "quickbooks_sync/sending/choices.py",
            "    if asked[0] == mine:\n",
            "    if True:\n",
        ),
        red=(f"{GONE}test_an_account_that_was_put_away_is_asked_for_once",),
    ),
    Guard(
        name="Only a refused refresh token ends a connection",
        prevents="Two 401 in a row, with tokens that are good, and somebody has to connect again",
        off="the second 401 is not tried again",
        edits=one(
            "qbo/retry.py",
            "            case RenewToken() | TryAgain() if self.back_offs and",
            "            case TryAgain() if self.back_offs and",
        ),
        red=("unit/qbo/test_reads.py::test_two_401_in_a_row_with_good_tokens_end_no_connection",),
        raises="TryAgain",
    ),
    Guard(
        name="Waiting for what it refers to",
        prevents="An invoice is sent for a customer that is not there",
        off="nothing waits",
        edits=one(
            "quickbooks_sync/planner/decide.py",
            "        return Wait(on=here.waits_on)\n    if here.no_room:\n",
            "        pass\n    if here.no_room:\n",
        ),
        red=(f"{DECIDE}test_a_record_whose_reference_is_not_there_yet_waits_and_says_for_which",),
    ),
    Guard(
        name="One name, one invoice in flight at a time",
        prevents="Two writes side by side take the same name or pay the same invoice; QuickBooks refuses one",
        off="nothing is exclusive",
        edits=one(
            OUTBOX,
            "        if any(taken & busy for busy in (*self.busy.values(), self.taken)):\n",
            "        if False:\n",
        ),
        red=(f"{ALONE}test_two_payments_of_one_invoice_are_never_in_flight_together",),
    ),
    Guard(
        name="Waves: one Kind of money after the other",
        prevents="An invoice and its payment are voided side by side, and the invoice is left to a person",
        off="invoices and payments in one wave (what is new would wait for what it refers to even so)",
        edits=one(
            "quickbooks_sync/sending/waves.py",
            "    *((kind,) for kind in KINDS if kind.money),\n",
            "    tuple(kind for kind in KINDS if kind.money),\n",
        ),
        red=(f"{ALONE}test_a_payment_and_its_invoice_voided_on_one_day_are_voided_there_in_one_run",),
    ),
    Guard(
        name="Removals go the other way round",
        prevents="An invoice is to be voided before the payment of it was, and is left to a person",
        off="in the order of creation",
        edits=one(
            "quickbooks_sync/sending/waves.py",
            "        for wave in reversed(WAVES):\n",
            "        for wave in WAVES:\n",
        ),
        red=(f"{ALONE}test_a_payment_and_its_invoice_voided_on_one_day_are_voided_there_in_one_run",),
    ),
    Guard(
        name="A stale token is read again",
        prevents="An edit ends as refused because somebody changed another field there a moment ago",
        off="a 5010 counts as any refusal",
        edits=one(ANSWERED, 'STALE = {"5010", "610", "6220"}\n', 'STALE = {"610", "6220"}\n'),
        red=(f"{ALONE}test_an_edit_that_meets_a_newer_object_is_merged_with_it",),
    ),
    Guard(
        name="A balance that nobody had seen is read",
        prevents="A customer who bought something a moment ago ends as refused, in words of QuickBooks",
        off="a 6220 counts as any refusal",
        edits=one(ANSWERED, 'STALE = {"5010", "610", "6220"}\n', 'STALE = {"5010", "610"}\n'),
        red=(f"{RELEASED}test_a_balance_that_nobody_had_seen_is_told_in_the_same_words",),
    ),
    Guard(
        name="An edit made while its record is under way",
        prevents="It counts as settled with what was sent before it",
        off="the revision is not compared",
        edits=one(
            ANSWERED,
            " or different or edited or temporary\n",
            " or different or temporary\n",
        ),
        red=(f"{ALONE}test_an_edit_made_while_its_record_is_under_way_goes_in_the_same_run",),
    ),
    Guard(
        name="No call inside a transaction",
        prevents="A slow answer of QuickBooks holds the database, and a roll-back forgets what was sent",
        off="nobody looks",
        edits=one(
            "quickbooks_sync/access/session.py",
            "        if not database.get_autocommit() or database.in_atomic_block:\n",
            "        if False:\n",
        ),
        red=(f"{ALONE}test_nothing_is_asked_of_quickbooks_inside_a_transaction",),
    ),
    Guard(
        name="Pace",
        prevents="QuickBooks refuses calls because we make too many",
        off="twice as many a second",
        edits=one(
            "qbo/limits.py", "_Window(calls_max=10, seconds=1.2)", "_Window(calls_max=20, seconds=1.2)"
        ),
        red=("unit/qbo/test_limits.py::test_no_span_of_a_second_or_a_minute_holds_more_calls_than_allowed",),
    ),
    Guard(
        name="Only what changed is sent",
        prevents="An edit of one field here overwrites what was changed there in another",
        off="every field is sent",
        edits=one(
            "quickbooks_sync/sending/effects.py",
            "    only = None if isinstance(action, CreateThere) else action.fields\n",
            "    only = None if isinstance(action, CreateThere) else frozenset(gathered.here)\n",
        ),
        red=("integration/sync/test_edits_on_both_sides.py::test_edits_of_different_fields_both_survive",),
    ),
    Guard(
        name="What is no longer synced is left alone",
        prevents="A record that somebody took out of the sync is sent all the same",
        off="held Links count like all others",
        edits=one(
            "quickbooks_sync/sending/waves.py",
            "kind=kind, open=True, state=Link.State.ACTIVE)",
            "kind=kind, open=True)",
        ),
        red=(f"{ALONE}test_what_is_no_longer_synced_is_not_sent",),
    ),
)
