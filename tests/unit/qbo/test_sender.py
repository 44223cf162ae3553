"""The thread sender over real sockets: what it says of each way a request can end."""

from collections.abc import Iterator

import pytest

from qbo.sender import Completion, HttpRequest, ThreadSender

from .server import Behaviour, free_port, hang_up, reply, reset, serving, stay_silent


@pytest.fixture
def sender() -> Iterator[ThreadSender]:
    sender = ThreadSender()
    yield sender
    sender.close()


def request(url: str, timeout: float = 20.0) -> HttpRequest:
    return HttpRequest(
        method="POST", url=url, headers={"Authorization": "Bearer s"}, body=b"{}", timeout=timeout
    )


def sent(sender: ThreadSender, url: str, timeout: float = 20.0) -> Completion:
    sender.submit(7, request(url, timeout))
    completion = sender.wait(30.0)
    assert completion is not None
    return completion


def test_an_answer_comes_back_whole_with_lower_case_headers(sender: ThreadSender) -> None:
    with serving(reply(b'{"time":"t"}', "400 Bad Request")) as server:
        completion = sent(sender, f"{server.url}/v3")
    assert completion.ticket == 7
    assert completion.failure is None
    assert completion.response is not None
    assert (completion.response.status, completion.response.body) == (400, b'{"time":"t"}')
    assert completion.response.headers["intuit_tid"] == "1-abc"
    assert server.requests[0].startswith(b"POST /v3 HTTP/1.1\r\n")
    assert server.requests[0].endswith(b"\r\n\r\n{}")


def test_a_request_nobody_listens_to_was_not_sent(sender: ThreadSender) -> None:
    completion = sent(sender, f"http://127.0.0.1:{free_port()}/")
    assert (completion.failure, completion.response) == ("not_sent", None)


def test_a_proxy_is_never_asked_on_the_way_to_this_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy"):
        monkeypatch.setenv(name, f"http://127.0.0.1:{free_port()}")
    monkeypatch.delenv("no_proxy", raising=False)
    monkeypatch.delenv("NO_PROXY", raising=False)
    sender = ThreadSender()
    with serving(reply(b"{}")) as server:
        assert sent(sender, server.url).failure is None
    sender.close()


@pytest.mark.parametrize("end", [hang_up, reset, reply(b'{"Batch', length=100)])
def test_whatever_breaks_after_the_request_has_left_is_unknown(sender: ThreadSender, end: Behaviour) -> None:
    with serving(end) as server:
        completion = sent(sender, server.url)
    assert (completion.failure, completion.response) == ("unknown", None)
    assert len(server.requests) == 1
    assert "Bearer" not in completion.reason


def test_silence_beyond_the_time_out_is_unknown(sender: ThreadSender) -> None:
    with serving(stay_silent) as server:
        assert sent(sender, server.url, timeout=0.1).failure == "unknown"


def test_an_address_that_cannot_be_sent_to_still_completes(sender: ThreadSender) -> None:
    assert sent(sender, "gopher://127.0.0.1/").failure == "not_sent"


def test_several_requests_are_in_flight_until_handed_out(sender: ThreadSender) -> None:
    with serving(reply(b"1"), reply(b"2"), reply(b"3")) as server:
        for ticket in (1, 2, 3):
            sender.submit(ticket, request(server.url))
        assert sender.in_flight == 3
        tickets = {completion.ticket for _ in range(3) if (completion := sender.wait(30.0))}
    assert tickets == {1, 2, 3}
    assert sender.in_flight == 0
    assert sender.wait(0.0) is None


def test_a_request_shows_neither_token_nor_body() -> None:
    assert "Bearer" not in repr(request("http://127.0.0.1/"))
    assert "{}" not in repr(request("http://127.0.0.1/"))
