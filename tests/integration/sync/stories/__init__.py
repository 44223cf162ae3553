"""Every reason, brought about: what somebody did, the answers of the page, and what mends it elsewhere."""
