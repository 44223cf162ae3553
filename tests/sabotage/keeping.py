"""Guards of keeping: on the disk before anybody relies on it."""

from tests.sabotage.guard import Guard, one

SITE = "service_genius_site/"
BACKUP = "integration/site/test_backup.py::"
DISK = "integration/site/test_on_the_disk.py::"
OPENED = "unit/site/test_databases.py::"

KEEPING = (
    Guard(
        name="On the disk before it leaves",
        prevents="A power cut takes back what was sent or entered, like a backup that nobody restored",
        off="SQLite syncs now and then",
        edits=one(SITE + "databases.py", "PRAGMA synchronous=FULL;", "PRAGMA synchronous=NORMAL;"),
        red=(
            f"{DISK}test_what_is_sent_is_on_the_disk_before_it_leaves",
            f"{DISK}test_what_is_entered_is_on_the_disk_before_the_page_says_so",
        ),
    ),
    Guard(
        name="A session waits for the disk",
        prevents="A server of PostgreSQL that is set to hurry does so with the books",
        off="as the server is set",
        edits=one(
            SITE + "databases.py", "f\"{options.get('options', '')} {WAITING}\"", "options.get('options', '')"
        ),
        red=(f"{OPENED}test_a_session_of_postgresql_waits_for_the_disk_whatever_else_is_asked_for",),
    ),
    Guard(
        name="A key is on the disk before it is used",
        prevents="A power cut leaves the tokens and empties the file of the key to them",
        off="written and not waited for",
        edits=one(SITE + "configuration.py", "        sync(draft)  #", "        #"),
        red=(f"{OPENED}test_a_key_is_on_the_disk_before_it_can_be_read",),
    ),
    Guard(
        name="A backup of a newer version is refused",
        prevents="Old code over tables that it does not know, and records that it cannot keep",
        off="taken as it is",
        edits=one(
            SITE + "keeping.py",
            """if set(manifest.get("migrations", ())) - _known_migrations():""",
            "if False:",
        ),
        red=(f"{BACKUP}test_a_backup_of_a_newer_version_is_refused",),
    ),
)
