"""Tokens: had, renewed and ended; and what each refusal of Intuit means (facts A2 to A6)."""

import json
from base64 import b64encode
from urllib.parse import parse_qs, urlsplit

import pytest

from qbo import environment
from qbo.errors import ConfigurationWrong, Disconnected, QuickBooksError, Refused, TryAgain
from qbo.oauth import OAuth

from .server import Behaviour, free_port, hang_up, reply, serving

GRANT = (
    b'{"token_type":"bearer","access_token":"access-2","refresh_token":"refresh-2","expires_in":3600,'
    b'"x_refresh_token_expires_in":8726400}'
)


def oauth(url: str) -> OAuth:
    return OAuth(
        environment=environment.emulator(url),
        client_id="an-id",
        client_secret="a-secret",
        redirect_uri="http://127.0.0.1:8000/callback/",
    )


def refusal(error: str, status: str = "400 Bad Request") -> Behaviour:
    return reply(json.dumps({"error": error}).encode(), status)


def form(request: bytes) -> dict[str, list[str]]:
    return parse_qs(request.partition(b"\r\n\r\n")[2].decode())


def test_the_person_is_sent_to_intuit_with_everything_it_asks_for() -> None:
    url = urlsplit(oauth("http://127.0.0.1:8001").authorization_url("the-state"))
    assert f"{url.scheme}://{url.netloc}{url.path}" == "http://127.0.0.1:8001/connect/oauth2"
    assert parse_qs(url.query) == {
        "client_id": ["an-id"],
        "response_type": ["code"],
        "scope": ["com.intuit.quickbooks.accounting"],
        "redirect_uri": ["http://127.0.0.1:8000/callback/"],
        "state": ["the-state"],
    }


def test_a_code_becomes_tokens_that_no_repr_shows() -> None:
    with serving(reply(GRANT)) as server:
        tokens = oauth(server.url).exchange("the-code")
    assert (tokens.access_token, tokens.refresh_token) == ("access-2", "refresh-2")
    assert (tokens.access_expires_in, tokens.refresh_expires_in) == (3600, 8726400)
    assert "access-2" not in repr(tokens)
    assert "refresh-2" not in repr(tokens)
    (request,) = server.requests
    assert b"authorization: Basic " + b64encode(b"an-id:a-secret") in request.replace(
        b"Authorization", b"authorization"
    )
    assert form(request) == {
        "grant_type": ["authorization_code"],
        "code": ["the-code"],
        "redirect_uri": ["http://127.0.0.1:8000/callback/"],
    }


def test_the_day_on_which_a_person_must_connect_again_is_asked_for_and_may_be_missing() -> None:
    with serving(reply(GRANT[:-1] + b',"x_refresh_token_hard_expires_in":157680000}')) as server:
        assert oauth(server.url).refresh("refresh-1").hard_expires_in == 157680000
    assert b"x-include-refresh-token-hard-expires-in: true" in server.requests[0].lower()
    with serving(reply(GRANT)) as server:
        assert oauth(server.url).refresh("refresh-1").hard_expires_in is None


def test_a_refresh_token_becomes_new_tokens() -> None:
    with serving(reply(GRANT)) as server:
        assert oauth(server.url).refresh("refresh-1").refresh_token == "refresh-2"
    assert form(server.requests[0]) == {"grant_type": ["refresh_token"], "refresh_token": ["refresh-1"]}


@pytest.mark.parametrize(
    ("behaviour", "meaning"),
    [
        (refusal("invalid_grant"), Disconnected),
        (refusal("invalid_client", "401 Unauthorized"), ConfigurationWrong),
        (refusal("invalid_request"), Refused),
        (reply(b"<html>", "503 Service Unavailable"), TryAgain),
        (reply(b"<html>"), TryAgain),
        (reply(b"{}"), TryAgain),
        (reply(b"[]"), TryAgain),
        (hang_up, TryAgain),
    ],
)
def test_a_refusal_says_what_to_do_and_no_token(behaviour: Behaviour, meaning: type[QuickBooksError]) -> None:
    with serving(behaviour) as server, pytest.raises(meaning) as raised:
        oauth(server.url).refresh("refresh-1")
    assert type(raised.value) is meaning
    assert "refresh-1" not in repr(raised.value)
    assert raised.value.__suppress_context__


def test_an_unreachable_intuit_is_a_matter_of_time() -> None:
    with pytest.raises(TryAgain):
        oauth(f"http://127.0.0.1:{free_port()}").exchange("the-code")


def test_ending_a_grant_sends_json_and_an_ended_one_is_no_error() -> None:
    with serving(reply(b""), refusal("invalid_request")) as server:
        oauth(server.url).revoke("refresh-1")
        oauth(server.url).revoke("refresh-1")
    assert server.requests[0].startswith(b"POST /v2/oauth2/tokens/revoke ")
    assert server.requests[0].endswith(b'{"token":"refresh-1"}')


@pytest.mark.parametrize(
    ("behaviour", "meaning"),
    [
        (refusal("invalid_client", "401 Unauthorized"), ConfigurationWrong),
        (reply(b"", "502 Bad Gateway"), TryAgain),
        (hang_up, TryAgain),
    ],
)
def test_a_grant_that_cannot_be_ended_says_why(behaviour: Behaviour, meaning: type[QuickBooksError]) -> None:
    with serving(behaviour) as server, pytest.raises(meaning):
        oauth(server.url).revoke("refresh-1")
