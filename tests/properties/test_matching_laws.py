"""Laws of matching by evidence, for any customers and services."""

from dataclasses import replace
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from quickbooks_sync.planner.matching import comparing, lists, work_codes
from quickbooks_sync.planner.matching.deciding import Verdict
from quickbooks_sync.planner.matching.features import of_customer
from quickbooks_sync.planner.matching.rarity import ALL_RARE, of_lists
from quickbooks_sync.planner.records import CustomerRecord, WorkCodeRecord

GIVEN = st.sampled_from(["Amelia", "Bob", "Robert", "John", "Jon", "J.", "María", "Chris", ""])
FAMILY = st.sampled_from(["Hartwell", "Hartwel", "Smith", "Smyth", "O'Neil", "de la Cruz", ""])
BEHIND = st.sampled_from(
    ["", " Jr", " Sr", " LLC", " Inc", " Plumbing", " Unit 12", " Unit 1-2", " North", " #2",
     " (do not call)", " of Bayshore", " c/o Bob Smith", " dba Oakdale Bakery", " (Bob Smith)"]
)  # fmt: skip
EMAILS = st.sampled_from(["", "amelia@gmail.com", "amelia@yahoo.com", "info@oak.com", "office@oak.com"])
PHONES = st.sampled_from(["", "(520) 521-0143", "520-521-0134", "602 585 9977", "521-0143"])
STREETS = st.sampled_from(
    ["", "12 Oak St", "12 Oak Street Apt 4", "12 Oak Ave", "14 Oak St", "PO Box 9", "Elm Road"]
)
TOWNS = st.sampled_from(["", "Bayshore", "Millbrook", "Bayshroe"])
CODES = st.sampled_from(["", "94501", "94030", "94510"])


@st.composite
def customers(draw: st.DrawFn) -> CustomerRecord:
    given_name, family = draw(GIVEN), draw(FAMILY)
    name = f"{given_name} {family}{draw(BEHIND)}".strip() or draw(st.text(min_size=1, max_size=12))
    known = draw(st.booleans())
    return CustomerRecord(
        display_name=name,
        given_name=given_name if known else "",
        family_name=family if known else "",
        company_name=draw(st.sampled_from(["", "", "Oakdale Bakery", name])),
        email=draw(EMAILS),
        phone=draw(PHONES),
        billing_street=draw(STREETS),
        billing_city=draw(TOWNS),
        billing_postal_code=draw(CODES),
        service_street=draw(STREETS),
        service_city=draw(TOWNS),
        parent=draw(st.sampled_from([None, None, None, 7, 8])),
    )


@st.composite
def services(draw: st.DrawFn) -> WorkCodeRecord:
    words = draw(
        st.lists(
            st.sampled_from(["Drain", "Repair", "Labor", "1/2", "12", "hr", "-10%", "Svc", '3"', "L-1"]),
            min_size=1,
        )
    )
    return WorkCodeRecord(
        name=draw(st.sampled_from(["", "", "Plumbing: ", "L-2 - "])) + " ".join(words),
        code=draw(st.sampled_from(["", "", "L-1", "L1", "L-2"])),
        price=draw(st.sampled_from([Decimal(0), Decimal(55), Decimal(60), Decimal(1200)])),
    )


@given(customers(), customers())
def test_it_makes_no_difference_which_of_two_is_named_first(
    one: CustomerRecord, other: CustomerRecord
) -> None:
    a, b = of_customer(one), of_customer(other)
    rarity = of_lists([comparing.facts(a)], [comparing.facts(b)])
    there, back = comparing.compare(a, b, rarity), comparing.compare(b, a, rarity)
    assert (there.bits, there.needs, there.agreeing, there.against) == (
        back.bits,
        back.needs,
        back.agreeing,
        back.against,
    )
    assert sorted(there.bars) == sorted(back.bars)
    assert there.told == back.told


@given(services(), services())
def test_the_same_of_two_services(one: WorkCodeRecord, other: WorkCodeRecord) -> None:
    a, b = work_codes.of_work_code(one), work_codes.of_work_code(other)
    there, back = work_codes.compare(a, b, ALL_RARE), work_codes.compare(b, a, ALL_RARE)
    assert (there.bits, there.needs, there.told) == (back.bits, back.needs, back.told)


AGREEING = st.sampled_from(
    [
        {"email": "zoe.new@gmail.com"},
        {"phone": "(480) 555-7788"},
        {"mobile": "(480) 555-7788"},
        {"billing_street": "901 Juniper Lane", "billing_city": "Yuma", "billing_postal_code": "85364"},
    ]
)


@given(customers(), customers(), AGREEING)
def test_what_agrees_never_lowers(one: CustomerRecord, other: CustomerRecord, both: dict[str, str]) -> None:
    one, other = (replace(each, **dict.fromkeys(both, "")) for each in (one, other))  # type: ignore[arg-type]
    before = comparing.compare(of_customer(one), of_customer(other), ALL_RARE)
    after = comparing.compare(
        of_customer(replace(one, **both)),
        of_customer(replace(other, **both)),
        ALL_RARE,  # type: ignore[arg-type]
    )
    assert after.bits >= before.bits
    assert after.is_certain or not before.is_certain


CONTRADICTING = st.sampled_from(
    [
        ({"email": "zoe.new@gmail.com"}, {"email": "quite.other@hotmail.com"}),
        ({"phone": "(480) 555-7788"}, {"phone": "(928) 777-1122"}),
        ({"billing_city": "Yuma"}, {"billing_city": "Flagstaff"}),
        ({"billing_postal_code": "85364"}, {"billing_postal_code": "86001"}),
        ({"billing_street": "901 Juniper Lane"}, {"billing_street": "4 Quartz Trail"}),
    ]
)


@given(customers(), customers(), CONTRADICTING)
def test_what_contradicts_never_raises(
    one: CustomerRecord, other: CustomerRecord, apart: tuple[dict[str, str], dict[str, str]]
) -> None:
    one, other = (replace(each, **dict.fromkeys(apart[0], "")) for each in (one, other))  # type: ignore[arg-type]
    before = comparing.compare(of_customer(one), of_customer(other), ALL_RARE)
    after = comparing.compare(
        of_customer(replace(one, **apart[0])),  # type: ignore[arg-type]
        of_customer(replace(other, **apart[1])),  # type: ignore[arg-type]
        ALL_RARE,
    )
    assert after.bits <= before.bits
    assert before.is_certain or not after.is_certain


@given(st.lists(customers(), max_size=6), st.lists(customers(), max_size=6))
def test_nothing_barred_is_linked_and_each_is_linked_once(
    here: list[CustomerRecord], there: list[CustomerRecord]
) -> None:
    decided = lists.CUSTOMERS.match(
        {at: of_customer(each) for at, each in enumerate(here)},
        {at: of_customer(each) for at, each in enumerate(there)},
    )
    linked = [each for each in decided if each.verdict is Verdict.LINK]
    assert all(each.evidence.is_certain and not each.evidence.bars for each in linked)
    assert len({each.here for each in linked}) == len({each.there for each in linked}) == len(linked)
    asked = [each for each in decided if each.verdict is Verdict.ASK]
    assert not {each.here for each in asked} & {each.here for each in linked}
    assert not {each.there for each in asked} & {each.there for each in linked}


@given(
    st.lists(customers(), max_size=6), st.lists(customers(), max_size=6), st.randoms(use_true_random=False)
)
def test_the_order_of_the_lists_makes_no_difference(
    here: list[CustomerRecord], there: list[CustomerRecord], random: object
) -> None:
    def verdicts(mine: list[int], theirs: list[int]) -> set[tuple[int, int, Verdict]]:
        decided = lists.CUSTOMERS.match(
            {at: of_customer(here[at]) for at in mine}, {at: of_customer(there[at]) for at in theirs}
        )
        return {(each.here, each.there, each.verdict) for each in decided}

    mine, theirs = list(range(len(here))), list(range(len(there)))
    expected = verdicts(mine, theirs)
    random.shuffle(mine)  # type: ignore[attr-defined]
    random.shuffle(theirs)  # type: ignore[attr-defined]
    assert verdicts(mine, theirs) == expected


@given(st.lists(customers(), max_size=5), st.lists(customers(), max_size=5))
def test_the_sides_may_be_exchanged(here: list[CustomerRecord], there: list[CustomerRecord]) -> None:
    mine, theirs = ({at: of_customer(each) for at, each in enumerate(side)} for side in (here, there))
    one_way = {(each.here, each.there, each.verdict) for each in lists.CUSTOMERS.match(mine, theirs)}
    back = {(each.there, each.here, each.verdict) for each in lists.CUSTOMERS.match(theirs, mine)}
    assert one_way == back


@given(st.text(max_size=40), st.text(max_size=40), st.text(max_size=40))
def test_any_text_can_be_compared(name: str, street: str, other: str) -> None:
    one = CustomerRecord(
        display_name=name, email=other, phone=other, billing_street=street, billing_city=other
    )
    a = of_customer(one)
    assert comparing.compare(a, of_customer(CustomerRecord(display_name=other)), ALL_RARE).told is not None
    assert work_codes.of_work_code(WorkCodeRecord(name=name, code=other)).key is not None
