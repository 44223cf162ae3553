"""Every guard, in the order of the page."""

from tests.sabotage.guard import Guard, Superfluous
from tests.sabotage.seeing import SEEING
from tests.sabotage.sending import SENDING

CHAPTERS: dict[str, tuple[Guard, ...]] = {
    "Sending: nothing twice, nothing lost": SENDING,
    "Seeing: what changed on either side": SEEING,
}
GUARDS = [guard for guards in CHAPTERS.values() for guard in guards]
SUPERFLUOUS: tuple[Superfluous, ...] = ()
