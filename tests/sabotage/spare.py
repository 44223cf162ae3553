"""Guards that no test can miss, because another one always stands behind them; and why they stay."""

from tests.sabotage.guard import Edit, Superfluous

SUPERFLUOUS = (
    Superfluous(
        name="Looked up: not linked already",
        where=Edit(
            file="quickbooks_sync/recovery/strangers.py",
            old="directory.unlinked(session.connection, kind.entity, rows[kind.name])",
            new="rows[kind.name]",
        ),
        why="What is linked was created before our send, or bears another marker, or has a name that was "
        "known as taken and so never sent. It stays, because those three rest on times and on what was seen.",
    ),
    Superfluous(
        name="An edit that never arrived is known by its old token",
        where=Edit(
            file="quickbooks_sync/recovery/lost_answers.py",
            old='    if int(payload["SyncToken"]) == item["token"]:\n',
            new="    if False:\n",
        ),
        why="Under the old token QuickBooks takes an edit once, whatever its request id, and the values are "
        "compared as well. With it the same bytes go again; without it the edit is decided anew.",
    ),
)
