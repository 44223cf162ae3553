"""Needs attention, as a person meets it: the buttons that the page shows, one of them pressed."""

from contextlib import suppress
from dataclasses import dataclass

from quickbooks_sync.kinds import KINDS
from quickbooks_sync.models import Issue, Link
from quickbooks_sync.pages.issues import issue_views
from quickbooks_sync.resolving import resolve
from tests.simulation.people import People

ENTITY = {kind.name: kind.entity for kind in KINDS}


@dataclass(kw_only=True)
class Answering:
    """The office, clearing what needs attention."""

    people: People

    def all_issues(self) -> int:
        """Press a button of every Issue; how many of them were decisions, and not just another try."""
        world = self.people.world
        waiting = list(
            Issue.objects.filter(connection=world.connection).select_related("link").order_by("pk")
        )
        return sum(self._one(issue) for issue in waiting)

    def _one(self, issue: Issue) -> bool:
        world, chance = self.people.world, self.people.chance
        if not Issue.objects.filter(pk=issue.pk).exists():
            return False  # another answer has settled it
        buttons = self._buttons(issue)
        what, value = chance.choice(buttons) if buttons else ("try_again", "")
        world.trace.append(f"pressed {what} of {issue}")
        if what == "try_again":
            resolve.try_again(issue)
            return False
        link = Link.objects.select_related("remote").get(pk=issue.link_id)
        with suppress(resolve.CannotResolveError):
            resolve.carry_out(issue, what, value=value)
            self._remember(issue, link, what, value)
            return True
        return False

    def _buttons(self, issue: Issue) -> list[tuple[str, str]]:
        [view] = issue_views(self.people.world.company, [issue])
        shown = [*view.answers, *(candidate.answer for candidate in view.candidates)]
        return [(button.what, button.value) for button in shown]

    def _remember(self, issue: Issue, link: Link, what: str, value: str) -> None:
        """What a person decided is nobody's mistake."""
        world, people = self.people.world, self.people
        world.pay_link_wanted |= what == "with_pay_link"
        self._forget_values(issue, link, what, value)
        if what == "same":
            people.bring_back(link.kind, value)  # linked, and so made active again
            people.overruled.add(value)  # of a pair that was not known before, what is here counts
            self._pass_over(issue, link, value)
        if what in {"different", "recreate"}:  # sent anew, whatever was sent before
            owner = (link.kind, link.local_id)
            world.released |= {one for one, its_owner in world.births.items() if its_owner == owner}
        if what in {"different", "stop"}:
            # What stands there beside it is somebody else's.
            alike = [issue.details.get("holder_id", "")]
            alike += [
                found["remote_id"] for found in issue.details.get("candidates", ()) if "remote_id" in found
            ]
            world.released |= {(ENTITY[link.kind], str(one)) for one in alike}
        if what == "activate":
            known = Link.objects.get(kind=issue.details["kind"], local_id=issue.details["local_id"])
            people.bring_back(known.kind, known.remote.remote_id if known.remote else "")
        if link.remote is None:
            return
        if what == "recreate":
            people.parted.add(link.pk)
            # Somebody else's from now on, should it come back to life.
            world.released.add((link.remote.entity, link.remote.remote_id))
        if what in {"reactivate", "send"}:
            people.bring_back(link.kind, link.remote.remote_id)
        if what in {"send", "recreate", "reactivate"}:
            people.overruled.add(link.remote.remote_id)

    def _pass_over(self, issue: Issue, link: Link, value: str) -> None:
        """Of several, one is said to be it: what was made for the same record is somebody else's, then."""
        if issue.reason != "in_doubt":
            return
        world = self.people.world
        shown = {(ENTITY[link.kind], str(found.get("remote_id"))) for found in issue.details["candidates"]}
        mine = {one for one, owner in world.births.items() if owner == (link.kind, link.local_id)}
        world.released |= (shown & mine) - {(ENTITY[link.kind], value)}

    def _forget_values(self, issue: Issue, link: Link, what: str, value: str) -> None:
        """What was written here gives way to what is there, which may not be what was sent from here.

        Or the other way round.
        """
        people, owner = self.people, (link.kind, link.local_id)
        mistaken = issue.reason == "in_doubt" and what == "same"
        mistaken &= people.world.births.get((ENTITY[link.kind], value)) != owner
        if what == "take" or mistaken:
            mine = [key for key in people.written if key[:3] == ("here", link.kind, str(link.local_id))]
            for key in mine:
                del people.written[key]
        if what == "relink":  # paired for the first time: what is here counts
            people.overruled.add(value or issue.details["remote_id"])
