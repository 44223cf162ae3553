"""Guards of the questions whether two are the same: nothing is linked that nobody saw, nor twice."""

from tests.sabotage.guard import Guard, one

LIKELY = "quickbooks_sync/resolving/likely.py"
VIEWS = "quickbooks_sync/pages/likely_views.py"
PAGE = "integration/sync/questions/test_page.py::"
AGAIN = "quickbooks_sync/resolving/asked_again.py"
ANEW = "integration/sync/questions/test_asked_again.py::"
SOUGHT = "integration/sync/questions/test_sought.py::"
ASKED = "integration/sync/questions/test_accepted_at_once.py::"

PAIRING = (
    Guard(
        name="A question is put off by its company alone",
        prevents="A stranger puts the questions of another company at the end of its list",
        off="any question will do",
        edits=one(
            VIEWS,
            "Issue.objects.filter(pk=id, connection__company=company, reason=Reason.LIKELY_PAIR)",
            "Issue.objects.filter(pk=id, reason=Reason.LIKELY_PAIR)",
        ),
        red=(f"{ASKED}test_the_lines_and_buttons_of_another_company_reach_nothing_of_ours",),
    ),
    Guard(
        name="They are different: from those that stood there",
        prevents="A person who has seen one record says unseen of another that it is not the same",
        off="from whatever stands there by now",
        edits=one(
            "quickbooks_sync/resolving/resolve.py",
            "and value and value != shown_beside(issue):",
            "and False:",
        ),
        red=(f"{PAGE}test_it_is_none_of_those_that_stood_there_and_of_no_others",),
    ),
    Guard(
        name="All above a line: of this company",
        prevents="A line of one company links the records of another",
        off="the questions of all companies",
        edits=one(
            LIKELY,
            "Issue.objects.filter(connection=connection, reason=Reason.LIKELY_PAIR)",
            "Issue.objects.filter(reason=Reason.LIKELY_PAIR)",
        ),
        red=(f"{ASKED}test_the_lines_and_buttons_of_another_company_reach_nothing_of_ours",),
    ),
    Guard(
        name="All above a line: what stood there",
        prevents="A question that came after the page was made is answered by whoever never saw it",
        off="whatever stands above it by now",
        edits=one(LIKELY, " & Q(pk__lte=self.newest)", ""),
        red=(f"{ASKED}test_what_came_after_the_page_was_made_is_not_accepted",),
    ),
    Guard(
        name="All above a line: just what was shown",
        prevents="Another record is linked than the one that stood beside the question",
        off="whatever stands beside it by now",
        edits=one(LIKELY, "        if found.seen != seen:\n", "        if not seen:\n"),
        red=(f"{ASKED}test_what_changed_since_it_was_shown_is_shown_again_and_nothing_is_linked",),
    ),
    Guard(
        name="All above a line: each there once",
        prevents="Two questions that show one record of QuickBooks are both linked with it",
        off="whoever claims it gets it",
        edits=one(LIKELY, "remote.pk not in claimed and ", ""),
        red=(f"{ASKED}test_a_question_with_several_beside_it_and_the_second_claim_of_one_stay_questions",),
    ),
    Guard(
        name="All above a line: of several none is chosen",
        prevents="Of several that are shown beside a question the first is linked, and nobody chose it",
        off="the first of them",
        edits=one(LIKELY, "if len(shown) == 1 else", "if shown else"),
        red=(f"{ASKED}test_a_question_with_several_beside_it_and_the_second_claim_of_one_stay_questions",),
    ),
    Guard(
        name="Asked again by its company alone",
        prevents="A stranger parts what another company has paired",
        off="any answer will do",
        edits=one(VIEWS, "Outcome, pk=id, connection__company=company)", "Outcome, pk=id)"),
        red=("integration/sync/test_tenancy.py::test_another_company_gets_404_for_every_record",),
    ),
    Guard(
        name="Asked again: only while nothing was written for the answer",
        prevents="A pair that was made the same is parted by one press, and each side is copied to the other",
        off="whatever was written since",
        edits=one(
            AGAIN,
            "    if link.here_baseline is not None or link.there_baseline is not None:\n",
            "    if False:\n",
        ),
        red=(f"{ANEW}test_once_something_was_written_it_cannot_be_asked_again",),
    ),
    Guard(
        name="Asked again: not while it is on its way",
        prevents="What is being created in QuickBooks is asked about again, and then paired with another",
        off="nobody looks what was sent",
        edits=one(AGAIN, "        and link.pk not in sent\n", ""),
        red=(f"{ANEW}test_once_something_was_written_it_cannot_be_asked_again",),
    ),
    Guard(
        name="Search for another: whoever has nobody here",
        prevents="A search offers who is linked with another record, or was put aside by a person",
        off="all there are",
        edits=one(
            "quickbooks_sync/gathering/searched.py",
            "        .exclude(link__local_id__isnull=False)\n",
            "",
        ),
        red=(f"{SOUGHT}test_nothing_typed_finds_what_shares_something_the_likeliest_first",),
    ),
)
