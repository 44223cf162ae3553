"""The pure core: what to do about one pair of records. No clock, database or network."""
