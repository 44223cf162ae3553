"""Guards of names: what is the same on both sides, what is asked about, and what pairing replaces."""

from tests.sabotage.guard import Guard, one

KEYS = "quickbooks_sync/planner/keys.py"
MEND = "quickbooks_sync/resolving/resolve.py"
NAMESAKES = "integration/sync/test_namesakes.py::"
REPLACED = "integration/sync/test_replaced.py::"
ANEW = "integration/sync/test_keys_anew.py::"
UNIT_KEYS = "unit/sync/test_keys.py::"
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
        red=(f"{UNIT_KEYS}test_what_may_be_another_way_of_writing_is_no_one_name",),
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
            f"{UNIT_KEYS}test_what_may_be_another_way_of_writing_is_no_one_name",
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
        name="Keys of before are reckoned anew",
        prevents="What was seen before is not found under its name any more, and is made a second time",
        off="the first portion only",
        edits=one(
            "quickbooks_sync/migrations/0009_keys.py", "        last = portion[-1].pk\n", "        break\n"
        ),
        red=(f"{ANEW}test_every_key_becomes_what_a_run_would_write",),
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
