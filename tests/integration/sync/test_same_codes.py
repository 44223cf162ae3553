"""Work codes and Service Items of one code and different names: a person says whether they are the same."""

from quickbooks_sync.models import Issue, SyncRun
from quickbooks_sync.resolving import resolve
from quickbooks_sync.runs.queue import ask
from service_genius.work_codes import operations as work_codes
from service_genius.work_codes.models import WorkCode
from tests.world import World


def tune_ups(world: World) -> None:
    work_codes.create(company=world.company, values={"name": "Spring tune-up", "code": "TU-1"})
    account = next(row["Id"] for row in world.there("Account") if row["AccountType"] == "Income")
    item = {"Name": "AC maintenance", "Sku": "tu1", "Type": "Service", "IncomeAccountRef": {"value": account}}
    world.post("item", item)


def test_neither_is_copied_before_a_person_has_said_whether_they_are_the_same(world: World) -> None:
    tune_ups(world)
    before = world.names_there("Item")

    shown = world.work(ask(connection=world.connection, scope=SyncRun.Scope.FULL, preview=True))
    steps = {step.label: step.action for step in shown.plannedsteps.filter(kind="work_code")}
    assert (steps["Spring tune-up"], steps["AC maintenance"]) == ("attention", "waits")
    world.full()

    assert world.issues() == {"Spring tune-up": "likely_pair"}
    assert world.names_there("Item") == before
    assert not WorkCode.objects.filter(company=world.company, name="AC maintenance").exists()


def test_the_same_ones_are_paired_and_keep_their_names(world: World) -> None:
    tune_ups(world)
    world.full()
    issue = Issue.objects.get(connection=world.connection)

    resolve.carry_out(issue, "same", value=issue.details["candidates"][0]["remote_id"])
    world.full()

    assert world.issues() == {}
    assert WorkCode.objects.filter(company=world.company, code="TU-1").count() == 1
    assert "AC maintenance" in world.names_there("Item")
    assert "Spring tune-up" not in world.names_there("Item")


def test_different_ones_are_copied_both_ways(world: World) -> None:
    tune_ups(world)
    world.full()

    resolve.carry_out(Issue.objects.get(connection=world.connection), "different", value="")
    world.full()

    assert {"AC maintenance", "Spring tune-up"} <= set(world.names_there("Item"))
    assert WorkCode.objects.filter(company=world.company, name="AC maintenance").exists()
    assert world.issues() == {}
