"""What all tests of malformed requests share: a company of an emulator in process, and odd values."""

import json
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

from qbo_emulator.application import create_app

# Beyond it a new company is made: comparing all of it takes too long.
STATE_CHARACTERS_MAX = 60_000
EXAMPLES = int(os.environ.get("FUZZ_EXAMPLES", "150"))
FUZZ = settings(
    max_examples=EXAMPLES,
    derandomize="FUZZ_EXAMPLES" not in os.environ,
    suppress_health_check=list(HealthCheck),
)


@pytest.fixture(scope="module")
def server() -> Iterator[FlaskClient]:
    with tempfile.TemporaryDirectory() as folder:
        app = create_app(data=Path(folder) / "data.sqlite3")
        app.testing = True  # errors reach the test instead of becoming a 500
        client = app.test_client()
        client.put("/_emulator/settings", json={"limits": False})
        yield client
        app.extensions["gateway"].store.close()


class Company:
    """A company with one object of the sorts that matter, and a token for it."""

    def __init__(self, server: FlaskClient) -> None:
        self.server = server
        self.begin_anew()

    def begin_anew(self) -> None:
        server = self.server
        self.realm = server.post("/_emulator/realms", json={"template": "empty"}).get_json()["realm_id"]
        grant = server.post(f"/_emulator/realms/{self.realm}/grants", json={}).get_json()
        self.headers = {
            "Authorization": f"Bearer {grant['access_token']}",
            "Accept": "application/json",
            "Content-Type": "application/json",
        }
        self.post("customer", {"DisplayName": "Somebody"})
        line = {"Amount": 5, "DetailType": "SalesItemLineDetail", "SalesItemLineDetail": {}}
        for form in ("invoice", "creditmemo", "estimate", "salesreceipt"):
            self.post(form, {"CustomerRef": {"value": "1"}, "Line": [line]})
        self.post("payment", {"CustomerRef": {"value": "1"}, "TotalAmt": 5})

    def post(self, path: str, body: Any) -> None:
        url = f"/v3/company/{self.realm}/{path}"
        assert self.server.post(url, json=body, headers=self.headers).status_code == 200

    def state(self) -> str:
        return self.server.get(f"/_emulator/realms/{self.realm}/dump").text

    def survives(self, method: str, path: str, **sent: Any) -> None:
        """Send something; refused, it has to be a fault that is well formed and changes nothing."""
        before = self.state()
        if len(before) > STATE_CHARACTERS_MAX:
            self.begin_anew()
            before = self.state()
        url = f"/v3/company/{self.realm}/{path}"
        answer = self.server.open(
            url, method=method, headers={**self.headers, **sent.pop("headers", {})}, **sent
        )
        assert answer.status_code in {200, 400, 401, 403, 404, 405}, answer.text
        if answer.status_code in {400, 401, 403}:
            body = json.loads(answer.text, parse_constant=not_json)
            assert "Fault" in body or "fault" in body
        if answer.status_code != 200:
            assert self.state() == before
        json.loads(self.state(), parse_constant=not_json)


def not_json(constant: str) -> None:
    raise AssertionError(f"{constant} is not JSON")


@pytest.fixture(scope="module")
def company(server: FlaskClient) -> Company:
    return Company(server)


ODD = (
    "",
    "0",
    "-1",
    "1.5",
    "NaN",
    "1e999",
    "\x00",
    "' or 1=1 --",
    "9" * 40,
    "\ud800",
    "é\U0001f600",
    "TAX",
    "1",
)
SCALARS = (
    st.none() | st.booleans() | st.integers() | st.floats() | st.sampled_from(ODD) | st.text(max_size=20)
)
