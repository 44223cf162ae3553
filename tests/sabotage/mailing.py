"""Guards of what customers are sent: nobody is mailed unless somebody said so."""

from tests.sabotage.guard import Guard, one

KINDS, PAY_LINKS = "quickbooks_sync/kinds/", "quickbooks_sync/sending/pay_links.py"
SYNC = "integration/sync/test_online_payment.py::"

MAILING = (
    Guard(
        name="A new invoice says in every way that it is not paid online",
        prevents="QuickBooks takes the company's setting, and mails the customer by itself",
        off="what is made says nothing about it",
        edits=one(
            f"{KINDS}online_payment.py",
            '{**dict.fromkeys(WAYS, False), "EmailStatus": "NotSet"}',
            '{"EmailStatus": "NotSet"}',
        ),
        red=(
            f"{SYNC}test_without_the_pay_link_an_invoice_says_so_in_every_way",
            f"{SYNC}test_an_invoice_that_is_sent_anew_is_decided_on_like_a_new_one",
        ),
    ),
    Guard(
        name="Every update says again how an invoice can be paid",
        prevents="QuickBooks sets it back to the company's setting: what somebody turned off is mailed",
        off="an update leaves it out",
        edits=one(
            f"{KINDS}invoice.py", "return payload | online_payment.as_last_seen(base)", "return payload"
        ),
        red=(f"{SYNC}test_every_write_leaves_the_ways_to_pay_as_a_person_set_them",),
    ),
    Guard(
        name="A way that was never seen is off",
        prevents="An update of an older invoice turns on the ways it does not know",
        off="only what was seen is said again",
        edits=one(
            f"{KINDS}online_payment.py",
            "{way: seen.get(way) is True for way in WAYS}",
            "{way: seen[way] for way in WAYS if way in seen}",
        ),
        red=(f"{SYNC}test_an_older_invoice_that_knows_fewer_ways_gets_none_of_the_others",),
    ),
    Guard(
        name="What was mailed is never said not to be",
        prevents="An update takes back that an invoice was sent meanwhile, and it is sent a second time",
        off="whatever was seen is said again",
        edits=one(
            f"{KINDS}online_payment.py",
            '    if seen.get("EmailStatus") == SENT:\n        payload["EmailStatus"] = SENT\n',
            '    if "EmailStatus" in seen:\n        payload["EmailStatus"] = seen["EmailStatus"]\n',
        ),
        red=(f"{SYNC}test_what_was_mailed_stays_mailed_also_if_that_happened_after_the_look",),
    ),
    Guard(
        name="The pay link is asked about before the first invoice",
        prevents="A company that takes payments online is never asked",
        off="nothing is undecided",
        edits=one(
            PAY_LINKS,
            "undecided = session.facts.online_payment and not session.connection.pay_link",
            "undecided = False",
        ),
        red=(
            f"{SYNC}test_one_question_is_asked_before_the_first_invoice",
            f"{SYNC}test_payments_that_are_turned_on_later_are_asked_about_before_the_next_invoice",
        ),
    ),
    Guard(
        name="One question about the pay link, however many invoices wait",
        prevents="Thirty new invoices are thirty questions",
        off="each is asked about",
        edits=one(PAY_LINKS, "    if asked[0] == gathered.link.pk:\n", "    if asked:\n"),
        red=(f"{SYNC}test_one_question_is_asked_before_the_first_invoice",),
    ),
    Guard(
        name="The question about the pay link moves on",
        prevents="Its invoice is voided, and the others wait for an answer that nobody can give",
        off="it stays where it was asked",
        edits=one(
            PAY_LINKS,
            '            session.pay_link_asked = (0, "")  #',
            "            pass  #",
        ),
        red=(f"{SYNC}test_the_question_moves_on_when_its_invoice_is_taken_back",),
    ),
    Guard(
        name="A preview asks about the pay link of what comes with its customer",
        prevents="A preview shows an invoice as sent that will wait",
        off="only what waits for nothing is asked about",
        edits=one(
            "quickbooks_sync/foresight/forecast.py",
            "now = in_turn(session, gathered, now) if now is not action else now",
            "",
        ),
        red=(f"{SYNC}test_a_preview_shows_the_question_and_what_waits_for_it",),
    ),
    Guard(
        name="Payments turned off there end the question",
        prevents="Invoices wait for an answer about a link that there is no more",
        off="what QuickBooks takes is not asked for again",
        edits=one(
            "quickbooks_sync/planner/actions.py",
            "        Reason.BOOKS_CLOSED,\n        Reason.PAY_LINK,\n",
            "        Reason.BOOKS_CLOSED,\n",
        ),
        red=(f"{SYNC}test_the_question_goes_when_payments_are_turned_off_there",),
    ),
)
