"""How a company stands with QuickBooks: whether it is paid for, what its plan lacks, whose app may come in.

Set by the control plane and the pages (facts A8, B6).
"""

from dataclasses import dataclass
from typing import Any, Literal, get_args

from qbo_emulator.ground import refusals
from qbo_emulator.ground.values import Json

State = Literal["active", "lapsed", "suspended", "no_access", "sign_in_fails", "wrong_cluster"]
STATES: tuple[str, ...] = get_args(State)
# What each state means, for a person.
SAID: dict[str, str] = {
    "active": "Everything works",
    "lapsed": "The subscription has ended: the books can be read, not changed (6190)",
    "suspended": "The subscription is suspended: nothing is answered (6190)",
    "no_access": "The person who connected has lost access (120)",
    "sign_in_fails": "QuickBooks' own sign-in fails (100)",
    "wrong_cluster": "Calls reach the wrong cluster (130)",
}
ENVIRONMENTS = ("sandbox", "production")


class WrongStanding(ValueError):  # noqa: N818  the mistake is the caller's
    """A standing that cannot be; the text says why."""


@dataclass(frozen=True, kw_only=True)
class Standing:
    state: str = "active"
    without: tuple[str, ...] = ()  # entities that the plan does not hold (5020)
    environment: str = "sandbox"

    def check_call(self) -> None:
        """Refuse whatever is asked, where the state says so."""
        match self.state:
            case "suspended":
                raise refusals.company_status()
            case "no_access":
                raise refusals.no_access()
            case "sign_in_fails":
                raise refusals.authentication_failure()
            case "wrong_cluster":
                raise refusals.wrong_cluster()

    def check_write(self, entity: str) -> None:
        if self.state == "lapsed":
            raise refusals.company_status()
        if entity in self.without:
            raise refusals.permission_denied(entity)

    def as_json(self) -> Json:
        return {"state": self.state, "without": list(self.without), "environment": self.environment}


def checked_standing(wanted: Json) -> Standing:
    """A standing with these members; raises WrongStanding."""
    without: Any = wanted["without"]
    if not wanted.keys() <= {"state", "without", "environment"}:
        raise WrongStanding("A standing has 'state', 'without' and 'environment'.")
    if wanted["state"] not in STATES:
        raise WrongStanding(f"'state' is one of {', '.join(STATES)}.")
    if wanted["environment"] not in ENVIRONMENTS:
        raise WrongStanding(f"'environment' is one of {', '.join(ENVIRONMENTS)}.")
    if not isinstance(without, list) or not all(isinstance(one, str) for one in without):
        raise WrongStanding("'without' is a list of names of entities.")
    return Standing(state=wanted["state"], without=tuple(without), environment=wanted["environment"])
