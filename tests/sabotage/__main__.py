"""Switch off each guard in turn and see the tests go red: `make sabotage`.

First all the named tests run against the product as it is: they must be green. Then, guard by guard,
against a copy of it without that guard: each test named for the guard must fail, by its own assertion.
`ONLY=words` tries the guards whose name holds them; `--write` writes the page of the documents.
"""
# ruff: noqa: T201 - it speaks to a terminal

import argparse
import sys
import time
from concurrent.futures import ThreadPoolExecutor

from tests.sabotage.guard import Guard
from tests.sabotage.guards import GUARDS
from tests.sabotage.page import PAGE, page
from tests.sabotage.trial import Verdict, run, went_green, went_red

AT_ONCE = 2


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.sabotage", description=__doc__)
    parser.add_argument("only", nargs="*", help="words of the names of guards")
    parser.add_argument("--write", action="store_true", help=f"write {PAGE.name} and stop")
    asked = parser.parse_args()
    if asked.write:
        PAGE.write_text(page())
        return 0
    words = [word.casefold() for word in asked.only]
    guards = [guard for guard in GUARDS if all(word in guard.name.casefold() for word in words)]
    if not guards:
        print(f"No guard is called {' '.join(words)}.")
        return 2
    started = time.monotonic()
    tests = list(dict.fromkeys(test for guard in guards for test in guard.red))
    green = run(None, tests)
    bad = [verdict for test in tests if not (verdict := went_green(green, test)).good]
    for verdict in bad:
        print(f"  {verdict.test} {verdict.what}")
    print(f"{len(tests) - len(bad)} of {len(tests)} tests are green with every guard in place.", flush=True)
    held = 0
    with ThreadPoolExecutor(AT_ONCE) as pool:
        for guard, verdicts in zip(guards, pool.map(try_one, guards), strict=True):
            held += all(verdict.good for verdict in verdicts)
            show(guard, verdicts)
    print(
        f"{held} of {len(guards)} guards are missed when they are gone; {time.monotonic() - started:.0f} s."
    )
    return 0 if held == len(guards) and not bad else 1


def try_one(guard: Guard) -> list[Verdict]:
    found = run(guard, guard.red)
    return [went_red(guard, found, test) for test in guard.red]


def show(guard: Guard, verdicts: list[Verdict]) -> None:
    good = all(verdict.good for verdict in verdicts)
    print(f"{'red ' if good else 'WRONG'}  {guard.name}", flush=True)
    for verdict in verdicts:
        if not verdict.good:
            print(f"         {verdict.test} {verdict.what}", flush=True)


if __name__ == "__main__":
    sys.exit(main())
