"""Guards of matching by evidence: what is never linked by itself, whatever else agrees."""

from tests.sabotage.guard import Guard, one

ROOM = "quickbooks_sync/planner/matching"
TRAPS = "unit/sync/matching/test_traps.py::"
CUSTOMERS = "unit/sync/matching/test_customers_compared.py::"
SERVICES = "unit/sync/matching/test_services_compared.py::"
LAWS = "properties/test_matching_laws.py::"

WEIGHING = (
    Guard(
        name="A bar is not outweighed",
        prevents="Father and son, who share a house and a phone, become one customer",
        off="only the weight counts",
        edits=one(
            f"{ROOM}/evidence.py", "if self.bars or self.bits < LINK_BITS:", "if self.bits < LINK_BITS:"
        ),
        red=(
            f"{CUSTOMERS}test_a_hard_contradiction_is_told_and_never_linked",
            f"{LAWS}test_nothing_barred_is_linked_and_each_is_linked_once",
        ),
    ),
    Guard(
        name="What speaks against must be outweighed",
        prevents="Two people called John Smith are one, though phone and town are others",
        off="one name is enough",
        edits=one(
            f"{ROOM}/evidence.py",
            "return self.agreeing >= max(self.needs, self.against)",
            "return self.agreeing >= self.needs",
        ),
        red=(f"{CUSTOMERS}test_one_name_with_something_against_it_and_nothing_for_it_is_asked_about",),
    ),
    Guard(
        name="A link is clear of the next",
        prevents="Of two that are as like, either is linked",
        off="the next does not count",
        edits=one(
            f"{ROOM}/deciding.py",
            "return all(pair[2].standing - rival.standing >= MARGIN_BITS for rival in rivals)",
            "return True",
        ),
        red=(f"{CUSTOMERS}test_the_likelier_of_two_is_linked_only_if_it_is_clear_of_the_other",),
    ),
    Guard(
        name="What several have is no reason by itself",
        prevents="Two houses of one manager become one customer by the manager's phone",
        off="nothing counts as shared",
        edits=one(
            f"{ROOM}/rarity.py", "return self.holders(fact) >= SHARED", "return self.holders(fact) < 0"
        ),
        red=(f"{TRAPS}test_what_stands_at_three_records_proves_nothing_by_itself",),
    ),
    Guard(
        name="Two given names are no typing error",
        prevents="Joshua and Joseph, of one household, become one customer",
        off="given names are words like all others",
        edits=one(f"{ROOM}/word_pairs.py", "if (a in names and b in names) or ", "if "),
        red=(f"{TRAPS}test_two_given_names_are_no_typing_error",),
    ),
    Guard(
        name="Another number is another service",
        prevents="Labor 12 hr is linked with Labor 1/2 hr",
        off="numbers do not count",
        edits=one(
            f"{ROOM}/work_codes.py",
            "    if a.figures != b.figures:\n",
            "    if len(a.figures) != len(b.figures):\n",
        ),
        red=(f"{SERVICES}test_another_number_or_word_is_another_service",),
    ),
    Guard(
        name="Moving house is one event",
        prevents="Whoever moved is made twice, for street, town and ZIP code each speak against it",
        off="each is added",
        edits=one(
            f"{ROOM}/comparing_places.py",
            "bits = max(MOVED_BITS, street + where)",
            "bits = street + where",
        ),
        red=(f"{TRAPS}test_moving_house_is_one_event",),
    ),
)
