"""Guards of matching by evidence: what is never linked by itself, whatever else agrees."""

from tests.sabotage.guard import Guard, one

ROOM = "quickbooks_sync/planner/matching"
TRAPS = "unit/sync/matching/test_traps.py::"
CUSTOMERS = "unit/sync/matching/test_customers_compared.py::"
SERVICES = "unit/sync/matching/test_services_compared.py::"
LAWS = "properties/test_matching_laws.py::"
COMPARED = "quickbooks_sync/gathering/compared.py"
PAIRED = "integration/sync/test_paired_by_evidence.py::"
NAMESAKES = "integration/sync/test_namesakes.py::"
CODES = "integration/sync/test_same_codes.py::"
ALONE = "simulation/test_one_guard_alone.py::"

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
        name="A name that many have needs one thing that agrees",
        prevents="Maria Garcia of one town gets the phone of Maria Garcia of another",
        off="every name written alike is enough",
        edits=one(f"{ROOM}/comparing.py", "names.is_common and a.is_known and b.is_known", "False"),
        red=(
            f"{CUSTOMERS}test_a_name_that_many_have_needs_something_that_agrees",
            f"{CUSTOMERS}test_in_long_lists_a_name_of_common_words_is_one_that_many_have",
        ),
    ),
    Guard(
        name="What is told apart by its name is asked about last",
        prevents="Accept all above this line links North with South, because all else agrees",
        off="only the weight decides the order",
        edits=one(f"{ROOM}/evidence.py", "APART_BITS if self.apart else 0", "0"),
        red=(f"{CUSTOMERS}test_what_is_told_apart_by_its_name_is_asked_about_last",),
    ),
    Guard(
        name="Signs alone are no words",
        prevents="Two work codes called --- and *** are one",
        off="two names without a word have the same words",
        edits=one(f"{ROOM}/work_codes.py", "bool(a.words)\n", "True\n"),
        red=(f"{SERVICES}test_another_number_or_word_is_another_service",),
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
        edits=one(f"{ROOM}/word_pairs.py", "None if a in names and b in names else ", ""),
        red=(f"{TRAPS}test_two_given_names_are_no_typing_error",),
    ),
    Guard(
        name="Another number is another service",
        prevents="Labor 12 hr is linked with Labor 1/2 hr",
        off="numbers do not count",
        edits=one(
            f"{ROOM}/work_codes.py",
            "OTHER_FIGURES: a.figures != b.figures",
            "OTHER_FIGURES: len(a.figures) != len(b.figures)",
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
    Guard(
        name="Whoever has the very name there is asked about, whatever differs",
        prevents="A namesake there is passed over, and QuickBooks refuses ours, for it holds each name once",
        off="only the weight counts",
        edits=one(f"{ROOM}/evidence.py", "        if self.written_alike:\n            return True\n", ""),
        red=(f"{CUSTOMERS}test_whoever_has_the_very_name_is_asked_about_whatever_else_differs",),
    ),
    Guard(
        name="What is barred and shares nothing else is asked by nobody",
        prevents="Each numbered namesake is asked about beside each other one",
        off="a name that is nearly the same is enough",
        edits=one(f"{ROOM}/evidence.py", "if self.bars and not self.agreeing:", "if False:"),
        red=(f"{NAMESAKES}test_different_ones_at_one_press_stand_on_both_sides_under_two_names",),
    ),
    Guard(
        name="Another code is another work code",
        prevents="Labor by the day is paired with Labor by the hour, and takes its price",
        off="codes do not count",
        edits=one(f"{ROOM}/work_codes.py", "    if a.code and b.code:\n", "    if same_code:\n"),
        red=(f"{NAMESAKES}test_a_work_code_of_another_code_or_price_is_asked_about_and_keeps_its_price",),
    ),
    Guard(
        name="The same code is found",
        prevents="A service that both sides name differently is copied both ways, and is there twice",
        off="names alone are sought",
        edits=one(
            f"{ROOM}/work_codes.py",
            "for each in (one, one.coded) if",
            "for each in () if",
        ),
        red=(f"{CODES}test_neither_is_copied_before_a_person_has_said_whether_they_are_the_same",),
    ),
    Guard(
        name="What is compared is as it is now",
        prevents="Whoever was edited while the lists were compared is linked by what was known before",
        off="a comparison is good for the whole run",
        edits=one("quickbooks_sync/gathering/matches.py", "known.revisions.get(pk) == each", "True"),
        red=(f"{PAIRED}test_what_was_edited_while_the_lists_were_compared_is_compared_anew",),
    ),
    Guard(
        name="Sub-customers are compared below parents that are one",
        prevents="Every unit of a house that is written otherwise there is made a second time",
        off="only parents linked before count",
        edits=one(COMPARED, "        self._owners |= new\n", ""),
        red=(f"{PAIRED}test_sub_customers_are_compared_below_the_parents_that_are_one",),
    ),
    Guard(
        name="How common something is, the whole list says",
        prevents="Two new houses of one manager are linked by the phone that stands at all of them",
        off="only what is not linked yet counts",
        edits=one(
            "quickbooks_sync/gathering/common.py",
            "        return of_lists(here(), there())\n",
            "        return of_lists((), ())\n",
        ),
        red=(f"{PAIRED}test_what_many_have_is_no_reason_also_if_those_are_linked_long_since",),
    ),
    Guard(
        name="Of two that are written alike neither is linked by itself",
        prevents="Two customers here both claim the one there that is written like them, and the run stops",
        off="rivals do not count",
        edits=one(
            f"{ROOM}/deciding.py",
            "if pair[2].is_certain and _is_clear(pair, of_here[pair[0]], of_there[pair[1]])",
            "if pair[2].is_certain",
        ),
        red=(f"{ALONE}test_of_two_here_that_are_written_alike_neither_is_paired_by_itself",),
        raises="IntegrityError",
    ),
    Guard(
        name="Whoever types is told of one's own company alone",
        prevents="The name and phone of another company's customer are told to whoever types them",
        off="anybody's customers are sought",
        edits=one(
            "quickbooks_sync/pages/entering.py",
            "everybody: QuerySet[Any] = kind.all_here(company).exclude(pk=own)",
            "everybody: QuerySet[Any] = kind.model.objects.exclude(pk=own)",
        ),
        red=("integration/sync/test_entering.py::test_somebody_of_another_company_is_nobody",),
    ),
    Guard(
        name="A name that is held there is told when it is typed",
        prevents="A customer called like a vendor is entered, and needs attention tomorrow",
        off="only customers are looked at",
        edits=one("quickbooks_sync/pages/entering.py", "entity__in=family(kind)", "entity=kind.entity"),
        red=(
            "integration/sync/test_entering.py::test_a_name_that_is_held_in_quickbooks_is_told_with_a_free_one",
        ),
    ),
)
