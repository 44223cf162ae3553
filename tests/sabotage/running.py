"""Guards of running: one worker a run, and none that wakes too late; the line of runs is `standing`."""

from tests.sabotage.guard import Guard, one

RUN, SESSION, TURNS = (
    "quickbooks_sync/runs/run.py",
    "quickbooks_sync/access/session.py",
    "quickbooks_sync/runs/queue.py",
)
LEASE = "integration/sync/test_lease.py::"
LATE = "integration/sync/test_late_sending.py::"
ALONE = "simulation/test_one_guard_alone.py::"

RUNNING = (
    Guard(
        name="Lease",
        prevents="A second worker takes a run that is at work",
        off="a run at work may always be taken over",
        edits=one(
            TURNS,
            "Q(state=SyncRun.State.RUNNING, lease_expires_at__lt=now)\n",
            "Q(state=SyncRun.State.RUNNING)\n",
        ),
        red=(f"{LEASE}test_a_claim_takes_the_lease_for_its_time",),
    ),
    Guard(
        name="Claim by compare-and-set",
        prevents="Two workers that look at the same moment both have the run",
        off="taken without a look at its state and fence",
        edits=one(
            TURNS,
            "SyncRun.objects.filter(pk=run.pk, state=run.state, fence=run.fence).update(",
            "SyncRun.objects.filter(pk=run.pk).update(",
        ),
        red=(f"{ALONE}test_of_two_workers_that_see_the_same_run_one_takes_it",),
    ),
    Guard(
        name="Fence",
        prevents="A worker that was paused and wakes after another took over writes on",
        off="the lease is renewed under any fence",
        edits=one(
            SESSION,
            "            fence=self.run.fence,\n            connection",
            "            fence=SyncRun.objects.get(pk=self.run.pk).fence,\n            connection",
        ),
        red=(f"{LEASE}test_a_worker_that_wakes_after_its_run_was_taken_over_writes_nothing",),
    ),
    Guard(
        name="Every page ends by renewing the lease",
        prevents="A page of a worker that wakes too late is written",
        off="it ends without",
        edits=one(
            SESSION, "            yield\n            self._renew(self.page_at)\n", "            yield\n"
        ),
        red=(f"{LEASE}test_a_worker_that_wakes_after_its_run_was_taken_over_writes_nothing",),
    ),
    Guard(
        name="Nothing is sent that could be committed after the lease",
        prevents="A worker that wakes too late sends what another has sent",
        off="sent however late it is",
        edits=one(
            SESSION,
            "        if self.clock.now() - self._renewed_at >= LEASE_SECONDS - self.late_commit_seconds:\n",
            "        if False:\n",
        ),
        red=(f"{LATE}test_what_was_not_sent_before_the_lease_runs_out_is_not_sent_after_it",),
    ),
    Guard(
        name="The end of a run is written under its fence",
        prevents="A worker that wakes too late ends the run that another is at",
        off="the run alone is named",
        edits=one(
            RUN,
            "filter(pk=session.run.pk, fence=session.run.fence, state=SyncRun.State.RUNNING)",
            "filter(pk=session.run.pk)",
        ),
        red=(f"{ALONE}test_a_worker_that_wakes_too_late_does_not_end_the_run_of_another",),
    ),
    Guard(
        name="A wait is not overridden",
        prevents="Pressing Sync again sends before it is known what became of the last write",
        off="a run that must wait is due",
        edits=one(TURNS, ".filter(Q(not_before=None) | Q(not_before__lte=now))", ""),
        red=(f"{LEASE}test_asking_again_does_not_override_a_run_that_must_wait",),
    ),
    Guard(
        name="A run whose worker dies again and again is given up",
        prevents="A run that kills its worker does so for ever",
        off="never",
        edits=one(
            TURNS, "    before_this_one = EXPIRIES_MAX - 1\n", "    before_this_one = EXPIRIES_MAX * 1000\n"
        ),
        red=(f"{LEASE}test_a_run_whose_worker_dies_five_times_is_given_up_with_words",),
    ),
    Guard(
        name="Stop is heard at every page",
        prevents="A run that somebody stops goes on to its end",
        off="nobody listens",
        edits=one(SESSION, "        cancel_asked=False,\n", ""),
        red=(f"{LEASE}test_a_run_that_is_cancelled_stops_at_its_next_page",),
    ),
    Guard(
        name="Tokens are renewed by one process at a time",
        prevents="Two processes renew with one refresh token, and Intuit ends the connection",
        off="everybody renews",
        edits=one(
            "quickbooks_sync/access/tokens.py",
            "            if self._claim(connection):\n",
            "            if True:\n",
        ),
        red=("integration/sync/test_tokens.py::test_whoever_waits_for_a_renewal_takes_its_result",),
    ),
    Guard(
        name="A lost race for a token is no revocation",
        prevents="A connection that works is told to be lost",
        off="a refused renewal is the end",
        edits=one(
            "quickbooks_sync/access/tokens.py",
            "            if not as_seen.update(renewing_until=None):",
            "            if False:",
        ),
        red=("integration/sync/test_tokens.py::test_a_race_for_a_new_token_that_was_lost_is_no_revocation",),
        raises="Disconnected",
    ),
    Guard(
        name="A renewed token is stored before it is used",
        prevents="A worker dies with the only refresh token that is still good",
        off="used and not stored",
        edits=one(
            "quickbooks_sync/access/tokens.py",
            "        if as_seen.update(**sealed(tokens, self.clock.utc())):\n",
            "        if tokens:\n",
        ),
        red=("integration/sync/test_tokens.py::test_a_renewed_token_is_stored_before_it_is_used",),
    ),
    Guard(
        name="Nothing goes again after the lease",
        prevents="A batch that waited for a minute after a 429 goes again when another worker has the run",
        off="goes again however late it is",
        edits=one(
            "quickbooks_sync/sending/outbox.py",
            "        session.before_sending()\n        stamp(session, sending)\n"
            "        session.before_sending()\n",
            "        stamp(session, sending)\n",
        ),
        red=(f"{LATE}test_what_a_429_sends_back_does_not_go_again_after_the_lease",),
    ),
)
