"""The product's verdicts about two lists, in a process of its own so that its memory can be told.

Reads two lists of customers from standard input as JSON, by field; writes what is linked and what is asked.
"""

import json
import sys
import time

from benchmarks.memory import peak_mb
from quickbooks_sync.planner.matching import lists
from quickbooks_sync.planner.matching.deciding import Verdict
from quickbooks_sync.planner.matching.features import of_customer
from quickbooks_sync.planner.records import CustomerRecord


def main() -> None:
    records = {
        side: {key: CustomerRecord(**values) for key, values in rows.items()}
        for side, rows in json.load(sys.stdin).items()
    }
    began = time.process_time()
    here, there = (
        {key: of_customer(record) for key, record in records[side].items()} for side in ("here", "there")
    )
    decided = lists.CUSTOMERS.match(here, there)
    seconds = time.process_time() - began
    pairs = {
        verdict: [(each.here, each.there) for each in decided if each.verdict is verdict]
        for verdict in Verdict
    }
    result = {"links": pairs[Verdict.LINK], "asked": pairs[Verdict.ASK], "seconds": seconds, "mb": peak_mb()}
    print(json.dumps(result))


if __name__ == "__main__":
    main()
