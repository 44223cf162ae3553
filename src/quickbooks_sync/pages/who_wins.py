"""Who wins where two that first meet differ: the choice beside the first Full Sync."""

from collections import Counter

from django import forms
from django.contrib import messages
from django.db import transaction
from django.http import QueryDict

from quickbooks_sync.kinds import LISTS
from quickbooks_sync.models import Connection
from quickbooks_sync.planner.first_link import Group, WhoWins, Wins
from quickbooks_sync.wording.who_wins import CHOICES, GROUPS, difference_words, rule_words
from service_genius.shared.tenancy import Request

MOVED = (
    "Who wins was changed since you opened this page. Nothing was started: look at the choice, and press "
    "again."
)
HELP = (
    "For customers and work codes that are paired from now on. Names stay as they are on each side, and "
    "what is empty on one side is filled from the other."
)


def choice_fields(who_wins: WhoWins) -> dict[str, forms.ChoiceField]:
    """One choice for each group of fields, by the name of the group."""
    return {
        group.value: forms.ChoiceField(
            label=title,
            error_messages={"required": "Choose who wins."},
            choices=[(wins.value, words) for wins, words in CHOICES.items()],
            initial=who_wins[group].value,
        )
        for group, title in GROUPS.items()
    }


class WhoWinsForm(forms.Form):
    """The choices beside the first Full Sync; whatever page says who wins carries what it said."""

    as_said = forms.CharField(widget=forms.HiddenInput)

    def __init__(self, data: QueryDict | None = None, *, connection: Connection) -> None:
        super().__init__(data, prefix="wins")
        self.connection = connection
        self.fields["as_said"].initial = said(connection.winners)
        self.fields |= choice_fields(connection.winners)

    @property
    def moved(self) -> bool:
        """Whether somebody has chosen something else since the page was made."""
        shown = self.data.get(self.add_prefix("as_said"))
        return shown is not None and shown != said(self.connection.winners)

    @property
    def has_choices(self) -> bool:
        """Whether the page had them: only an owner's has, before the first Full Sync."""
        return any(self.add_prefix(group) in self.data for group in Group)

    def save(self) -> bool:
        """Keep what was chosen; see `choose`."""
        chosen = {group: Wins(self.cleaned_data[group]) for group in Group}
        return choose(self.connection, chosen)


def stands_beside(connection: Connection) -> bool:
    """Whether the choice stands beside the first Full Sync: there is something that it decides."""
    looks = connection.first_look.values()
    return connection.full_synced_at is None and any(look.get("different") for look in looks)


def said(who_wins: WhoWins) -> str:
    """Who wins, as a page carries it."""
    return " ".join(who_wins[group] for group in Group)


def choose(connection: Connection, chosen: WhoWins) -> bool:
    """Keep who wins; whether what a first look counted by another choice is to be counted anew."""
    with transaction.atomic():
        standing = Connection.objects.select_for_update().get(pk=connection.pk)
        winners = {**standing.winners, **chosen}
        if winners == standing.winners:
            return False
        standing.who_wins = {group.value: wins.value for group, wins in winners.items()}
        if standing.full_synced_at is None:
            standing.first_look = {}
        standing.save(update_fields=["who_wins", "first_look"])
    connection.who_wins, connection.first_look = standing.who_wins, standing.first_look
    return standing.full_synced_at is None


def take_choice(request: Request, connection: Connection) -> bool | None:
    """Keep what was chosen beside the button; as `choose`, or None if nothing is to be started."""
    form = WhoWinsForm(request.POST, connection=connection)
    if form.moved:
        messages.warning(request, MOVED)
        return None
    if not (request.user.is_owner and form.has_choices):
        return False
    if not form.is_valid():
        messages.error(request, "Choose who wins for each sort of field, and press again.")
        return None
    return form.save()


def who_wins_context(connection: Connection) -> dict[str, object]:
    """What stands beside the tick for a Full Sync, and under What was found."""
    sums: Counter[str] = Counter()
    for look in connection.first_look.values():
        sums.update({name: number for name, number in look.items() if name.endswith(("_values", "_records"))})
    return {
        "wins_form": WhoWinsForm(connection=connection),
        "who_wins": rule_words(connection.winners),
        "would_differ": "; ".join(difference_words(sums, done=False)),
        "different": _different(connection),
        "choose_who_wins": stands_beside(connection),
        "wins_help": HELP,
    }


def _different(connection: Connection) -> str:
    """How many records are on both sides with different details, in words; nothing if none is."""
    told = [
        f"{number:,} {kind.title.lower().removesuffix('s') if number == 1 else kind.title.lower()}"
        for kind in LISTS
        if (number := connection.first_look.get(kind.name, {}).get("different", 0))
    ]
    if not told:
        return ""
    one = told[0].startswith("1 ") and len(told) == 1
    found = f"{' and '.join(told)} {'is' if one else 'are'} on both sides with different details"
    otherwise = sum(look.get("written_otherwise", 0) for look in connection.first_look.values())
    if not otherwise:
        return found
    say = "says" if otherwise == 1 else "say"
    return f"{found}; {otherwise:,} of them {say} the same, only written otherwise"
