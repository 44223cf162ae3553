"""Every guard, in the order of the page."""

from tests.sabotage.answers import ANSWERS
from tests.sabotage.asking import ASKING
from tests.sabotage.balancing import BALANCING
from tests.sabotage.belonging import BELONGING
from tests.sabotage.credit import CREDITED
from tests.sabotage.deciding import DECIDING
from tests.sabotage.foretelling import FORETELLING
from tests.sabotage.guard import Guard
from tests.sabotage.holding import HOLDING
from tests.sabotage.keeping import KEEPING
from tests.sabotage.mailing import MAILING
from tests.sabotage.merging import MERGING
from tests.sabotage.naming import NAMING
from tests.sabotage.pages import PAGES
from tests.sabotage.pairing import PAIRING
from tests.sabotage.parting import PARTING
from tests.sabotage.passing import PASSING
from tests.sabotage.pressing import PRESSING
from tests.sabotage.running import RUNNING
from tests.sabotage.saying import SAYING
from tests.sabotage.seeing import SEEING
from tests.sabotage.sending import SENDING
from tests.sabotage.standing import STANDING
from tests.sabotage.taxing import TAXING
from tests.sabotage.typing_in import TYPING
from tests.sabotage.weighing import WEIGHING
from tests.sabotage.winning import WINNING

CHAPTERS: dict[str, tuple[Guard, ...]] = {
    "Answers: nothing twice, nothing lost, whatever becomes of one": ANSWERS,
    "Sending: what goes when": SENDING,
    "Seeing: what changed on either side": SEEING,
    "Deciding: whose value counts, and that every sum is right": DECIDING,
    "Credit: what QuickBooks pays by itself": CREDITED,
    "Taxing: reckoned as QuickBooks does it, and asked about once": TAXING,
    "Mailing: nobody is mailed unless somebody said so": MAILING,
    "Naming: what is the same on both sides, and what pairing replaces": NAMING,
    "Weighing: who is never taken for another, whatever else agrees": WEIGHING,
    "Parting: what was paired and is none is two again": PARTING,
    "Winning: whose value counts at a first link, and that it is said before": WINNING,
    "Pairing: whoever says that two are the same has seen both": PAIRING,
    "Merging: two records become one there, and that is one question": MERGING,
    "Passing: what only one may hold goes from one to the next": PASSING,
    "Holding: what one side cannot hold costs one field": HOLDING,
    "Balancing: every cent is explained, or red": BALANCING,
    "Asking: what a person must see first": ASKING,
    "Foretelling: a preview says what the run from it does": FORETELLING,
    "Saying: no sentence outside its situation": SAYING,
    "Running: one worker a run, none that wakes too late": RUNNING,
    "Standing in line: no wish lost, and none that does more": STANDING,
    "Keeping: on the disk, and in the backup": KEEPING,
    "Pages: a form says what a person changed, and a list is whole": PAGES,
    "Pressing: done once, however often it is pressed": PRESSING,
    "Typing: nothing that is typed is lost, and nothing is guessed": TYPING,
    "Belonging: one's own data, and no other's": BELONGING,
}
GUARDS = [guard for guards in CHAPTERS.values() for guard in guards]
