"""What every Kind shares: revisions, money, tenancy, checks. Not a Django app; no tables."""
