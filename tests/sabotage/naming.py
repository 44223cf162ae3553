"""Guards of names: what is the same on both sides, what is asked about, and what pairing replaces."""

from tests.sabotage.guard import Edit, Guard, one

KEYS = "quickbooks_sync/planner/keys.py"
EVIDENCE = "quickbooks_sync/planner/evidence.py"
MATCHING = "quickbooks_sync/planner/matching/by_name.py"
MATCHES = "quickbooks_sync/gathering/matches.py"
MEND = "quickbooks_sync/resolving/resolve.py"
ALONE = "simulation/test_one_guard_alone.py::"
CODES = "integration/sync/test_same_codes.py::"
NAMESAKES = "integration/sync/test_namesakes.py::"
REPLACED = "integration/sync/test_replaced.py::"
ANEW = "integration/sync/test_keys_anew.py::"
UNIT_KEYS = "unit/sync/test_keys.py::"
UNIT = "unit/sync/test_matching.py::"
NAMES = "integration/sync/test_names.py::"
LAWS = "properties/test_names_apart.py::"

NAMING = (
    Guard(
        name="What stands between two digits counts",
        prevents="Labor 12 hr at 1,200 is paired with Labor 1/2 hr at 55, and its price becomes 55",
        off="it is put aside",
        edits=one(KEYS, "        return gap\n", '        return ""\n'),
        red=(
            f"{UNIT_KEYS}test_what_tells_two_names_apart_makes_them_different",
            f"{LAWS}test_two_names_that_mean_two_things_are_never_a_match",
        ),
    ),
    Guard(
        name="A dash or a point at a digit counts",
        prevents="Season -10 % is paired with Season 10 %, and Valve .5 with Valve 5",
        off="it is put aside",
        edits=one(
            KEYS, '    first, *more = gap.split(" ")\n', '    return ""\n    first, *more = gap.split(" ")\n'
        ),
        red=(f"{UNIT_KEYS}test_what_may_be_another_way_of_writing_is_likely_and_never_certain",),
    ),
    Guard(
        name="What is not known to be harmless counts",
        prevents="Motor <5 HP is paired with Motor >5 HP, and Hindi names of other vowels are one",
        off="letters and digits alone count",
        edits=one(
            KEYS,
            "    return sign in _HARMLESS or unicodedata.category(sign) in _HARMLESS_CATEGORIES\n",
            "    return not sign.isalnum()\n",
        ),
        red=(
            f"{UNIT_KEYS}test_what_tells_two_names_apart_makes_them_different",
            f"{UNIT_KEYS}test_what_may_be_another_way_of_writing_is_likely_and_never_certain",
        ),
    ),
    Guard(
        name="A power is no digit",
        prevents="Tank 10² is paired with Tank 102",
        off="compatible forms are one",
        edits=one(
            KEYS, 'unicodedata.normalize("NFC", unicodedata', 'unicodedata.normalize("NFKC", unicodedata'
        ),
        red=(f"{UNIT_KEYS}test_what_tells_two_names_apart_makes_them_different",),
    ),
    Guard(
        name="Marks of scripts that need them are never put aside",
        prevents="Each two Thai or Hindi names of the same consonants are asked about",
        off="they are, as Latin accents",
        edits=one(KEYS, "if base.isalnum() and not _is_latin(base) else", "if not base else"),
        red=(f"{UNIT_KEYS}test_what_tells_two_names_apart_makes_them_different",),
    ),
    Guard(
        name="Names decide, whatever keys are stored",
        prevents="A database whose keys are of before pairs what those took for one",
        off="the keys decide",
        edits=one(
            MATCHES,
            "if remote.active and matching.is_match(local, each.there[remote.pk])",
            "if remote.active and remote.match_key == each.link.match_key",
        ),
        red=(f"{ANEW}test_a_pair_is_decided_by_names_whatever_the_keys_say",),
    ),
    Guard(
        name="Keys of before are reckoned anew",
        prevents="What was seen before is not found under its name any more, and is made a second time",
        off="the first portion only",
        edits=one(
            "quickbooks_sync/migrations/0009_keys.py", "        last = portion[-1].pk\n", "        break\n"
        ),
        red=(f"{ANEW}test_every_key_becomes_what_a_run_would_write",),
    ),
    Guard(
        name="What speaks against two of one name is weighed",
        prevents="Two people of one name are paired, and one overwrites the other",
        off="the name is enough",
        edits=one(MATCHING, " and not weigh(a, b).contradicts", ""),
        red=(
            f"{UNIT}test_two_people_of_one_name_are_asked_about",
            f"{UNIT}test_one_that_speaks_against_is_enough_if_none_agrees",
            f"{NAMESAKES}test_two_people_of_one_name_are_asked_about_and_neither_is_touched",
        ),
    ),
    Guard(
        name="What agrees outweighs it",
        prevents="Whoever has moved, or has another e-mail, is asked about although the phone is the same",
        off="it does not",
        edits=one(EVIDENCE, "bool(self.against) and not self.agree", "bool(self.against)"),
        red=(
            f"{UNIT}test_any_that_agrees_is_enough_however_it_is_written",
            f"{NAMESAKES}test_one_person_with_something_that_agrees_is_paired",
        ),
    ),
    Guard(
        name="Phones are compared by their digits",
        prevents="One person is asked about because the phone is written with a country code or an extension",
        off="as they are written",
        edits=one(
            EVIDENCE, "return set(filter(None, map(_digits, written)))", "return set(filter(None, written))"
        ),
        red=(f"{UNIT}test_any_that_agrees_is_enough_however_it_is_written",),
    ),
    Guard(
        name="Addresses are compared by house, street and ZIP code",
        prevents="One person is asked about because a street is abbreviated",
        off="as they are written",
        edits=one(EVIDENCE, "_WRITTEN.get(word, word) for word in", "word for word in"),
        red=(f"{UNIT}test_any_that_agrees_is_enough_however_it_is_written",),
    ),
    Guard(
        name="Another code is another work code",
        prevents="Labor by the day is paired with Labor by the hour, and takes its price",
        off="codes do not count",
        edits=one(
            EVIDENCE,
            "match_key(a.code) == match_key(b.code) if a.code and b.code else None",
            "None",
        ),
        red=(f"{NAMESAKES}test_a_work_code_of_another_code_or_price_is_asked_about_and_keeps_its_price",),
    ),
    Guard(
        name="Quite another price is another work code",
        prevents="A service of 1,200 gets the price of one of 55 that has its name",
        off="prices do not count",
        edits=one(EVIDENCE, "False if _other_price(a.price, b.price) else None", "None"),
        red=(f"{NAMESAKES}test_a_work_code_of_another_code_or_price_is_asked_about_and_keeps_its_price",),
    ),
    Guard(
        name="Another firm is another customer",
        prevents="John Smith of Acme is paired with John Smith of Zenith",
        off="firms do not count",
        edits=one(EVIDENCE, "False if _other_firm(a.company, b.company) else None", "None"),
        red=(f"{UNIT}test_other_firms_of_one_persons_name_are_asked_about",),
    ),
    Guard(
        name="Different legal forms are different firms",
        prevents="Acme LLC is shown as perhaps the same as Acme Inc",
        off="the form does not count",
        edits=one(MATCHING, "    return len(suffixes) < 2", "    return len(suffixes) < 9"),
        red=(f"{UNIT}test_different_legal_suffixes_are_different_firms",),
    ),
    Guard(
        name="A match is the only candidate here",
        prevents="Two customers here both claim the one there that is written like them, and the run stops",
        off="rivals do not count",
        edits=one(MATCHES, "if names[each.link.match_key, each.level] < 2:", "if True:"),
        red=(f"{ALONE}test_of_two_here_that_are_written_alike_neither_is_paired_by_itself",),
        raises="IntegrityError",
    ),
    Guard(
        name="Rivals stand on one level",
        prevents="Unit 1 of every house is asked about, because other houses have one, too",
        off="the customer above does not count",
        edits=(
            Edit(file=MATCHES, old='level=getattr(local, "parent_id", None),', new="level=None,"),
            Edit(file=MATCHES, old="Counter((name, levels.get(pk)) for", new="Counter((name, None) for"),
        ),
        red=(f"{NAMESAKES}test_sub_customers_of_one_name_below_other_parents_are_no_rivals",),
    ),
    Guard(
        name="Whoever has a namesake here is shown beside no other",
        prevents="A person is asked whether <5 HP is the >5 HP there, which is paired with ours",
        off="it is shown",
        edits=one(
            MATCHES,
            "(remote.match_key == each.link.match_key or not names[remote.match_key, each.level])",
            "True",
        ),
        red=(f"{NAMESAKES}test_what_has_its_own_namesake_here_is_shown_beside_no_other",),
    ),
    Guard(
        name="The same code is asked about",
        prevents="A service that both sides name differently is copied both ways, and is there twice",
        off="names alone count",
        edits=one(MATCHING, "    if a.code and code_key(a.code) == code_key(b.code):\n", "    if False:\n"),
        red=(f"{CODES}test_neither_is_copied_before_a_person_has_said_whether_they_are_the_same",),
    ),
    Guard(
        name="Different ones of one name are named apart at the press",
        prevents="Whoever says that two are different is asked twice more, for each side holds a name once",
        off="both keep it",
        edits=one(
            MEND,
            ' if issue.reason == Reason.LIKELY_PAIR and namesakes(issue) else ""',
            ' if False else ""',
        ),
        red=(f"{NAMESAKES}test_different_ones_at_one_press_stand_on_both_sides_under_two_names",),
    ),
    Guard(
        name="All others of one name are named apart, too",
        prevents="A hundred answers at one press become two hundred questions",
        off="they keep their names",
        edits=one(MEND, 'name = give_number(issue, issue.link) if namesakes(issue) else ""', 'name = ""'),
        red=(f"{NAMESAKES}test_a_hundred_namesakes_are_settled_at_one_press",),
    ),
    Guard(
        name="The first look counts what is replaced",
        prevents="A Full Sync overwrites values in QuickBooks of which nobody was told",
        off="it counts what is sent and taken alone",
        edits=one(
            "quickbooks_sync/foresight/first_look.py",
            "counts.update(replaced(gathered.there, {name: gathered.here[name] for name in fields}))",
            "pass",
        ),
        red=(
            f"{REPLACED}test_first_look_preview_and_run_agree_on_what_is_replaced",
            f"{REPLACED}test_the_pages_say_who_wins_and_how_much_is_replaced",
        ),
    ),
    Guard(
        name="A preview counts what is replaced",
        prevents="It can be read off single steps only, if anybody reads them",
        off="it does not",
        edits=one(
            "quickbooks_sync/foresight/preview.py",
            "            session.counts.update(replaced(before, after))\n",
            "",
        ),
        red=(f"{REPLACED}test_the_pages_say_who_wins_and_how_much_is_replaced",),
    ),
    Guard(
        name="What was blank is not replaced",
        prevents="The warning counts what is merely copied, and is believed no more",
        off="a blank counts like a value",
        edits=one(
            "quickbooks_sync/planner/records.py",
            "if not is_blank(before.get(name)) and before[name]",
            "if before[name]",
        ),
        red=(f"{REPLACED}test_what_one_side_misses_is_copied_and_nothing_counts_as_replaced",),
    ),
    Guard(
        name="A number behind (deleted) is not part of a name",
        prevents="A customer put away here is called Birch (deleted) (1), for another there was Birch before",
        off="only (deleted) is left out",
        edits=one("quickbooks_sync/kinds/base.py", r" \(deleted\)( \(\d+\))?$", r" \(deleted\)$"),
        red=(f"{NAMES}test_the_number_behind_the_name_of_one_that_is_put_away_is_none_of_its_name",),
    ),
)
