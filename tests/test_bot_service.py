"""The service, as it is run: real requests to a real uvicorn, which is killed and started anew."""

from __future__ import annotations

import hashlib
import hmac
import json
import os
import re
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from base64 import b64decode, b64encode
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from itertools import count
from pathlib import Path
from uuid import uuid4

import httpx
import pytest
from bot_work import told, until

SECRET = "a-secret-of-the-tests-0123456789"  # noqa: S105 - of no use elsewhere
KEY = "whsec_" + b64encode(b"k" * 32).decode()
_NUMBERS = count()


class Server:
    """A service in a process of its own."""

    def __init__(self, folder: Path, kind: str, options: dict[str, object], secret: str) -> None:
        self.log = folder / f"log-{next(_NUMBERS)}"
        command = [sys.executable, "-m", "bot_server", kind, str(folder), *(f"{k}={v}" for k, v in options.items())]
        environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parent), "DOCKFIX_WEBHOOK_SECRET": secret}
        # Making one takes a while: it reads the certificates of the system.
        self.client = httpx.Client(verify=False, trust_env=False, timeout=60)  # noqa: S501 - plain HTTP
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(command, env=environment, stderr=log, process_group=0)

    @property
    def port(self) -> int:
        pattern = re.compile(r"listening at http://127\.0\.0\.1:(\d+)")
        until(lambda: pattern.search(self.said()) or self.process.poll() is not None)
        found = pattern.search(self.said())
        assert found, self.said()
        return int(found[1])

    def said(self) -> str:
        return self.log.read_text()

    def post(self, path: str, body: bytes | Iterator[bytes], **headers: str) -> httpx.Response:
        sent = {
            "content-type": "application/json",
            **{name.replace("_", "-"): value for name, value in headers.items()},
        }
        return self.client.post(f"http://127.0.0.1:{self.port}{path}", content=body, headers=sent)

    def health(self) -> httpx.Response:
        return self.client.get(f"http://127.0.0.1:{self.port}/healthz")

    def raw(self, data: bytes) -> socket.socket:
        connection = socket.create_connection(("127.0.0.1", self.port), timeout=60)
        connection.sendall(data)
        return connection


Start = Callable[..., Server]


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    running: list[Server] = []

    def started(kind: str = "github", secret: str = SECRET, **options: object) -> Server:
        running.append(Server(tmp_path, kind, options, secret))
        return running[-1]

    yield started
    for server in running:
        server.client.close()
        server.process.kill()
        server.process.wait()


def push(name: str, branch: str = "main", **more: object) -> bytes:
    repository = {"id": 1, "full_name": name, "default_branch": "main", "pushed_at": time.time_ns()}
    return json.dumps({"ref": f"refs/heads/{branch}", "after": "0a" * 20, "repository": repository, **more}).encode()


def signed(body: bytes, event: str = "push", delivery: str = "", secret: str = SECRET) -> dict[str, str]:
    digest = hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
    return {
        "x-github-event": event,
        "x-github-delivery": delivery or str(uuid4()),
        "x-hub-signature-256": f"sha256={digest}",
    }


def send(server: Server, name: str, **headers: str) -> httpx.Response:
    body = push(name)
    return server.post("/webhooks/github", body, **{**signed(body), **headers})


def queued(folder: Path) -> dict[str, str]:
    with sqlite3.connect(folder / "journal") as database:
        return dict(database.execute("SELECT name, state FROM queue").fetchall())


def test_a_signed_push_is_answered_at_once_and_worked_off(tmp_path: Path, start: Start) -> None:
    server = start()
    assert server.health().json() == {"status": "up", "waiting": 0, "working": 0, "failures": 0, "failed_at": None}
    answer = send(server, "one/gate-1")
    assert (answer.status_code, answer.text) == (202, "queued\n")
    until(lambda: told(tmp_path, "begin"))
    (tmp_path / "open").touch()
    until(lambda: queued(tmp_path) == {})
    assert told(tmp_path, "end") == ["gate-1"]


def test_a_push_to_the_base_counts_and_to_another_branch_until_the_base_is_known(tmp_path: Path, start: Start) -> None:
    server = start()

    def pushed(branch: str) -> int:
        body = push("one/ok-1", branch)
        return server.post("/webhooks/github", body, **signed(body)).status_code

    assert pushed("work") == 202
    until(lambda: told(tmp_path, "end") == ["ok-1"] and queued(tmp_path) == {})
    assert [pushed(branch) for branch in ("work", "develop", "main")] == [200, 202, 202]


def test_what_is_not_signed_rightly_is_refused(tmp_path: Path, start: Start) -> None:
    server = start()
    body = push("one/ok-1")
    right = signed(body)
    wrong = {
        "another secret": signed(body, secret=SECRET + "x"),
        "another body": signed(push("one/ok-2")),
        "the first half": {**right, "x-hub-signature-256": right["x-hub-signature-256"][:39]},
        "no sha256": {**right, "x-hub-signature-256": right["x-hub-signature-256"][7:]},
        "not ASCII": {**right, "x-hub-signature-256": "sha256=\xe9"},
        "only SHA-1": {
            "x-github-event": "push",
            "x-github-delivery": "1",
            "x-hub-signature": "sha1=" + hmac.new(SECRET.encode(), body, "sha1").hexdigest(),
        },
        "nothing": {"x-github-event": "push", "x-github-delivery": "1"},
    }
    for name, headers in wrong.items():
        raw = {"content-type": "application/json", **{k: v.encode("latin-1") for k, v in headers.items()}}
        answer = server.client.post(f"http://127.0.0.1:{server.port}/webhooks/github", content=body, headers=raw)
        assert answer.status_code == 401, name
        assert "secret of this service" in answer.text
    assert told(tmp_path, "begin") == []
    assert server.post("/webhooks/github", body, **right).status_code == 202


def test_one_secret_is_changed_for_another_without_a_delivery_being_refused(start: Start) -> None:
    server = start(secret=f"{SECRET}-new\n{SECRET}\n")
    for secret in (SECRET, f"{SECRET}-new"):
        body = push("one/ok-1")
        assert server.post("/webhooks/github", body, **signed(body, secret=secret)).status_code == 202


@pytest.mark.parametrize("brand", ["forgejo", "gitea"])
def test_gitea_and_forgejo_sign_in_their_own_ways(tmp_path: Path, start: Start, brand: str) -> None:
    server = start("gitea")
    body = push("one/ok-1")
    digest = hmac.new(SECRET.encode(), body, hashlib.sha256).hexdigest()
    headers = {f"x-{brand}-event": "push", f"x-{brand}-delivery": str(uuid4()), f"x-{brand}-signature": digest}
    assert server.post("/webhooks/gitea", body, **{**headers, f"x-{brand}-signature": "0" * 64}).status_code == 401
    assert server.post("/webhooks/gitea", body, **headers).status_code == 202
    assert server.post("/webhooks/gitea", body, **headers).status_code == 409
    until(lambda: told(tmp_path, "end") == ["ok-1"])


def gitlab_push(name: str) -> bytes:
    project = {"id": 1, "path_with_namespace": name, "default_branch": "main"}
    return json.dumps({"object_kind": "push", "ref": "refs/heads/main", "project": project}).encode()


def test_gitlab_sends_the_secret_itself(tmp_path: Path, start: Start) -> None:
    server = start("gitlab")
    body = gitlab_push("deep/er/and/ok-1")
    headers = {"x-gitlab-event": "Push Hook", "x-gitlab-token": SECRET, "idempotency-key": str(uuid4())}
    assert server.post("/webhooks/gitlab", body, **{**headers, "x-gitlab-token": SECRET[:-1]}).status_code == 401
    assert server.post("/webhooks/gitlab", body, **headers).status_code == 202
    assert server.post("/webhooks/gitlab", body, **headers).status_code == 409
    # GitLab's pushes have no time in them: the same one may be told again.
    assert server.post("/webhooks/gitlab", body, **{**headers, "idempotency-key": "2"}).status_code == 202
    until(lambda: set(told(tmp_path, "end")) == {"ok-1"})


def test_gitlab_signs_where_it_has_a_signing_token(tmp_path: Path, start: Start) -> None:
    server = start("gitlab", KEY)
    body = gitlab_push("one/ok-1")

    def headers(at: float, key: str = KEY, number: str = "msg_1") -> dict[str, str]:
        text = f"{number}.{int(at)}.".encode() + body
        digest = hmac.new(b64decode(key.removeprefix("whsec_")), text, hashlib.sha256).digest()
        return {
            "x-gitlab-event": "Push Hook",
            "webhook-id": number,
            "webhook-timestamp": str(int(at)),
            "webhook-signature": "v1,bm90aGluZw== v1," + b64encode(digest).decode(),
        }

    now = time.time()
    wrong = [
        headers(now - 400),
        headers(now + 400),
        headers(now, "whsec_" + b64encode(b"x" * 32).decode()),
        {**headers(now), "webhook-id": "msg_2"},
        headers(now, number=""),
        {"x-gitlab-event": "Push Hook", "x-gitlab-token": KEY, "idempotency-key": "1"},
    ]
    assert [server.post("/webhooks/gitlab", body, **one).status_code for one in wrong] == [401] * 6
    assert server.post("/webhooks/gitlab", body, **headers(now)).status_code == 202
    assert server.post("/webhooks/gitlab", body, **headers(time.time())).status_code == 409
    until(lambda: told(tmp_path, "end") == ["ok-1"])


def test_what_has_come_before_is_refused_also_after_a_restart(tmp_path: Path, start: Start) -> None:
    server = start()
    body = push("one/ok-1")
    headers = signed(body, delivery="first")
    assert server.post("/webhooks/github", body, **headers).status_code == 202
    assert server.post("/webhooks/github", body, **headers).status_code == 409
    server.process.kill()
    server.process.wait()
    server = start()
    assert server.post("/webhooks/github", body, **headers).status_code == 409
    # The number is not signed: who has overheard the rest can change it.
    assert server.post("/webhooks/github", body, **{**headers, "x-github-delivery": "second"}).status_code == 409
    another = push("one/ok-1")
    assert server.post("/webhooks/github", another, **signed(another, delivery="first")).status_code == 409
    assert send(server, "one/ok-1").status_code == 202
    until(lambda: queued(tmp_path) == {})


def test_a_body_that_is_too_large_is_refused_by_its_length_and_by_what_comes(tmp_path: Path, start: Start) -> None:
    server = start()
    body = push("one/ok-1", padding="x" * 1_000_000)
    lines = "\r\n".join(f"{name}: {value}" for name, value in signed(body).items())
    head = f"POST /webhooks/github HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\n{lines}\r\n".encode()
    with server.raw(head + b"content-length: %d\r\n\r\n" % len(body)) as connection:
        assert connection.recv(4096).startswith(b"HTTP/1.1 413 ")
    with server.raw(head + b"content-length: 99999999999999999999\r\n\r\n") as connection:
        assert connection.recv(4096).startswith(b"HTTP/1.1 413 ")
    with server.raw(head + b"transfer-encoding: chunked\r\n\r\n") as connection:
        answer = b""
        with suppress(ConnectionError):
            for _ in range(1000):
                connection.sendall(b"2000\r\n" + b"x" * 0x2000 + b"\r\n")
        with suppress(ConnectionError):
            answer = connection.recv(4096)
    assert answer.startswith((b"HTTP/1.1 413 ", b""))
    assert server.said().count("refused (413)") == 3
    assert told(tmp_path, "begin") == []


def test_a_body_in_chunks_without_a_length_is_taken(tmp_path: Path, start: Start) -> None:
    body = push("one/ok-1")
    chunks = (body[at : at + 7] for at in range(0, len(body), 7))
    assert start().post("/webhooks/github", chunks, **signed(body)).status_code == 202
    until(lambda: told(tmp_path, "end") == ["ok-1"])


def test_a_body_that_breaks_off_is_not_taken(tmp_path: Path, start: Start) -> None:
    server = start()
    body = push("one/ok-1")
    lines = "\r\n".join(f"{name}: {value}" for name, value in signed(body).items())
    head = f"POST /webhooks/github HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\n{lines}\r\n".encode()
    server.raw(head + b"content-length: %d\r\n\r\n" % len(body) + body[:-1]).close()
    until(lambda: "refused (400): the body ended before its end" in server.said())
    # What was sent in full, but says that it is shorter, has another signature.
    with server.raw(head + b"content-length: %d\r\n\r\n" % (len(body) - 1) + body) as connection:
        assert connection.recv(4096).startswith(b"HTTP/1.1 401 ")
    assert told(tmp_path, "begin") == []
    assert "Traceback" not in server.said()


def test_who_sends_byte_by_byte_is_cut_off(start: Start) -> None:
    server = start(longest=4, patience=1)
    lines = "\r\n".join(f"{name}: {value}" for name, value in signed(b"").items())
    head = f"POST /webhooks/github HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\n{lines}\r\n".encode()
    with server.raw(head + b"content-length: 1000\r\n\r\n{") as connection:
        assert connection.recv(4096).startswith(b"HTTP/1.1 408 ")
    before = time.monotonic()
    with server.raw(b"POST /webhooks/github HTTP/1.1\r\n") as slow, server.raw(b"") as silent:
        with suppress(ConnectionError):
            while time.monotonic() - before < 40:
                slow.sendall(b"x")
                time.sleep(0.2)
        with suppress(ConnectionError):
            assert silent.recv(1) == b""
    assert time.monotonic() - before < 30
    assert server.health().status_code == 200


def test_what_is_no_webhook_is_refused_without_an_echo(tmp_path: Path, start: Start) -> None:
    server = start()
    body = push("one/ok-1")
    odd = "<odd-input>"
    deep = b"[" * 100_000
    requests = [
        (404, "/webhooks/gitlab", body, signed(body)),
        (404, f"/webhooks/{odd}", body, signed(body)),
        (404, f"/{odd}", body, signed(body)),
        (415, "/webhooks/github", body, {**signed(body), "content-type": f"text/{odd}"}),
        (415, "/webhooks/github", body, {**signed(body), "content-type": "application/x-www-form-urlencoded"}),
        (400, "/webhooks/github", odd.encode(), signed(odd.encode())),
        (400, "/webhooks/github", b"\xff\xfe", signed(b"\xff\xfe")),
        (400, "/webhooks/github", deep, signed(deep)),
        (400, "/webhooks/github", b"1" * 5000, signed(b"1" * 5000)),
        *((400, "/webhooks/github", text, signed(text)) for text in (b"", b"[]", b"null", b'{"ref": 7}')),
        (400, "/webhooks/github", body, {**signed(body), "x-github-delivery": ""}),
    ]
    for status, path, sent, headers in requests:
        answer = server.post(path, sent, **headers)
        assert (answer.status_code, odd in answer.text) == (status, False), (path, sent[:50])
        assert answer.headers["content-type"] == "text/plain; charset=utf-8"
    assert httpx.get(f"http://127.0.0.1:{server.port}/webhooks/github").status_code == 405
    assert told(tmp_path, "begin") == []
    assert odd not in server.said()
    assert "Traceback" not in server.said()


def test_a_surprising_name_and_one_that_nobody_has_listed_are_not_worked_on(tmp_path: Path, start: Start) -> None:
    server = start()
    assert send(server, "one/../two/ok-1").status_code == 400
    answer = send(server, "another/ok-1")
    assert (answer.status_code, answer.text) == (200, "nothing to do\n")
    assert send(server, "one/ok-2").status_code == 202
    assert send(server, "ONE/ok-3").status_code == 202
    until(lambda: told(tmp_path, "end") == ["ok-2", "ok-3"])
    assert told(tmp_path, "begin") == ["ok-2", "ok-3"]
    assert "another" not in server.said()


def test_200_deliveries_at_once_are_all_taken_and_each_repository_is_worked_on(tmp_path: Path, start: Start) -> None:
    server = start()
    server.health()
    with ThreadPoolExecutor(50) as senders:
        answers = list(senders.map(lambda number: send(server, f"one/ok-{number % 20}"), range(200)))
    assert [answer.status_code for answer in answers] == [202] * 200
    assert max(answer.elapsed.total_seconds() for answer in answers) < 10
    until(lambda: queued(tmp_path) == {})
    ended = told(tmp_path, "end")
    assert set(ended) == {f"ok-{number}" for number in range(20)}
    # Deliveries for one that waits already are one look.
    assert len(ended) < 200


def test_what_happens_in_a_repository_while_it_is_worked_on_is_looked_at_once_more(
    tmp_path: Path, start: Start
) -> None:
    server = start()
    send(server, "one/gate-1")
    until(lambda: told(tmp_path, "begin"))
    for _ in range(5):
        assert send(server, "one/gate-1").status_code == 202
    (tmp_path / "open").touch()
    until(lambda: queued(tmp_path) == {})
    assert told(tmp_path, "end") == ["gate-1", "gate-1"]


def test_nothing_that_was_queued_is_lost_where_the_service_is_killed(tmp_path: Path, start: Start) -> None:
    server = start()
    names = ["gate-1", "gate-2", *(f"ok-{number}" for number in range(10))]
    for name in names:
        assert send(server, f"one/{name}").status_code == 202
    until(lambda: len(told(tmp_path, "begin")) == 2)
    server.process.kill()
    server.process.wait()
    assert told(tmp_path, "end") == []
    (tmp_path / "open").touch()
    server = start()
    until(lambda: queued(tmp_path) == {})
    assert "repositories waiting from before: 12" in server.said()
    assert set(names) == set(told(tmp_path, "end"))


def test_at_sigterm_it_finishes_what_it_has_begun(tmp_path: Path, start: Start) -> None:
    server = start()
    for name in ("gate-1", "gate-2", "ok-1"):
        send(server, f"one/{name}")
    until(lambda: len(told(tmp_path, "begin")) == 2)
    server.process.send_signal(signal.SIGTERM)
    time.sleep(0.5)
    (tmp_path / "open").touch()
    assert server.process.wait(60) == 0
    assert told(tmp_path, "end") == ["gate-1", "gate-2"]
    assert queued(tmp_path) == {"one/ok-1": "waiting"}


def test_at_sigterm_what_takes_too_long_is_given_back(tmp_path: Path, start: Start) -> None:
    server = start(grace=1)
    send(server, "one/clone-1")
    until(lambda: list(tmp_path.glob("clone-*")))
    before = time.monotonic()
    server.process.send_signal(signal.SIGTERM)
    assert server.process.wait(60) == 0
    assert time.monotonic() - before < 15
    assert queued(tmp_path) == {"one/clone-1": "waiting"}
    assert list(tmp_path.glob("clone-*")) == []
    (tmp_path / "open").touch()
    start()
    until(lambda: told(tmp_path, "end") == ["clone-1"])


def test_a_repository_that_fails_stops_no_other_and_what_was_limited_is_begun_anew(
    tmp_path: Path, start: Start
) -> None:
    server = start(pause=0.1, look=0.1)
    for name in ("raise-1", "die-1", "error-1", "limited-1", "ok-1"):
        assert send(server, f"one/{name}").status_code == 202
    until(lambda: queued(tmp_path) == {})
    assert told(tmp_path, "end") == ["limited-1", "ok-1"]
    assert told(tmp_path, "begin", "error") == ["error-1"]
    time.sleep(1.1)
    health = server.health().json()
    assert (health["status"], health["failures"]) == ("up", 4)
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT[\d:]{8}\+00:00", health["failed_at"])
    assert not {"one", "token", "error"} & set(re.findall(r"\w+", server.health().text))


def test_the_health_says_when_the_journal_cannot_be_written(tmp_path: Path, start: Start) -> None:
    server = start(busy=500)
    assert server.health().status_code == 200
    other = sqlite3.connect(tmp_path / "journal", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    time.sleep(1.1)
    answer = server.health()
    assert (answer.status_code, answer.json()) == (503, {"status": "down", "reason": "the journal cannot be written"})
    body = push("one/ok-1")
    headers = signed(body)
    refused = server.post("/webhooks/github", body, **headers)
    assert (refused.status_code, refused.headers["retry-after"]) == (503, "60")
    other.execute("ROLLBACK")
    time.sleep(1.1)
    assert server.health().status_code == 200
    # It was not taken, so it has not come before.
    assert server.post("/webhooks/github", body, **headers).status_code == 202
    until(lambda: told(tmp_path, "end") == ["ok-1"])


def test_the_log_has_neither_secrets_nor_what_came_in(tmp_path: Path, start: Start) -> None:
    server = start()
    body = push("one/ok-1", message="a-message")
    for headers in (signed(body, delivery="a-delivery"), {"x-hub-signature-256": "a-signature"}):
        server.post("/webhooks/github", body, **{**headers, "user-agent": "an-agent"})
    until(lambda: queued(tmp_path) == {})
    with server.raw(b"a-request\x1b[2J\r\n\r\n") as connection:
        assert b"a-request" not in connection.recv(4096)
    server.process.send_signal(signal.SIGTERM)
    server.process.wait(60)
    assert not re.search(rf"{SECRET}|a-(message|delivery|signature|request)|an-agent|\x1b", server.said())
    assert "queued: one/ok-1" in server.said()


@pytest.mark.parametrize(
    ("kind", "secret", "options", "sentence"),
    [
        ("github", "", {}, "DOCKFIX_WEBHOOK_SECRET holds no secret of the webhooks"),
        ("github", "short", {}, "a secret in DOCKFIX_WEBHOOK_SECRET has fewer than 16 characters"),
        ("gitlab", "whsec_no base64 at all!", {}, "has no base64 behind it"),
        ("local", SECRET, {}, "local sends no webhooks; these do: github, gitea, gitlab"),
        ("github", SECRET, {"executor": "nobody"}, "nobody is no executor"),
        ("github", SECRET, {"port": 99999}, "nothing can listen at 127.0.0.1, port 99999"),
    ],
)
def test_what_keeps_it_from_beginning_is_told(
    start: Start, kind: str, secret: str, options: dict[str, object], sentence: str
) -> None:
    server = start(kind, secret, **options)
    assert server.process.wait(60) == 1
    assert sentence in server.said()
    assert "Traceback" not in server.said()
    assert len(server.said().splitlines()) == 1


def test_two_services_do_not_share_a_journal_or_a_port(start: Start) -> None:
    port = start().port
    second, third = start(), start(port=port)
    assert (second.process.wait(60), third.process.wait(60)) == (1, 1)
    assert "is used by another `dockfix bot serve`" in second.said()
    assert "name another port" in third.said()
