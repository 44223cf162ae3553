"""What every Kind of the application shares: revisions, money, tenancy, checks. Not a Django app; no tables."""
