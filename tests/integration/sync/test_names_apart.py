"""Names that mean two things, generated, through a whole Full Sync: none is paired by itself."""

import itertools

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from service_genius.customers import operations as customers
from service_genius.work_codes import operations as work_codes
from tests.apart import Two, two_apart
from tests.world import World

#: Each pair has a word of its own, of letters only, so that it can be taken for no other pair.
WORDS = ["".join(letters) for letters in itertools.product("bcdfg", "aeiou", "klmnp", "aeiou", "rst")]


def test_no_two_that_mean_two_things_are_paired_by_themselves(world: World) -> None:
    account = next(row["Id"] for row in world.there("Account") if row["AccountType"] == "Income")
    words = iter(WORDS)

    @settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.too_slow])
    @given(st.lists(two_apart(), min_size=20, max_size=20))
    def generated(pairs: list[Two]) -> None:
        named = [(word, *pair) for word, pair in zip(words, pairs, strict=False)]
        here = [f"{word} {one}" for word, one, _ in named]
        customers.create_many(company=world.company, rows=[{"display_name": name} for name in here])
        work_codes.create_many(company=world.company, rows=[{"name": name} for name in here])
        for word, _, other in named:
            name = f"{word} {other}"
            world.post("customer", {"DisplayName": name})
            world.post("item", {"Name": name, "Type": "Service", "IncomeAccountRef": {"value": account}})

        run = world.full()

        assert run.state == "done", run.error
        linked = {name: number for name, number in run.counts.items() if name.endswith(".linked")}
        assert linked == {}

    generated()
