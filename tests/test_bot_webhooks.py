"""What a webhook is signed with, what it asks for, whom it may name, and what waits: each by itself."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from dockfix.frontends.bot.journal import Journal
from dockfix.frontends.bot.service import queue as queues
from dockfix.frontends.bot.service.allowed import Allowed, PatternError, is_name
from dockfix.frontends.bot.service.events import Surprise, parse, repositories
from dockfix.frontends.bot.service.queue import Queue
from dockfix.frontends.bot.service.signatures import SecretError, Secrets, is_signed, marks, secrets_from


def test_the_example_of_github_is_signed() -> None:
    # docs.github.com/en/webhooks/using-webhooks/validating-webhook-deliveries#testing-the-webhook-payload-validation
    headers = {"x-hub-signature-256": "sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17"}
    secrets = Secrets([b"It's a Secret to Everybody"], [])
    assert is_signed("github", headers, b"Hello, World!", secrets, 0.0)
    assert not is_signed("github", headers, b"Hello, World?", secrets, 0.0)


def test_the_example_of_standard_webhooks_is_signed_for_five_minutes() -> None:
    # docs.svix.com/receiving/verifying-payloads/how-manual
    headers = {
        "webhook-id": "msg_p5jXN8AQM9LWM0D4loKWxJek",
        "webhook-timestamp": "1614265330",
        "webhook-signature": "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
    }
    secrets = secrets_from({"DOCKFIX_WEBHOOK_SECRET": "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"})
    body = b'{"test": 2432232314}'
    assert is_signed("gitlab", headers, body, secrets, 1614265330.0)
    assert [is_signed("gitlab", headers, body, secrets, 1614265330.0 + off) for off in (-301, -299, 299, 301)] == [
        False,
        True,
        True,
        False,
    ]


@pytest.mark.parametrize("at", ["", "x", "-1614265330", "\uff11614265330", "9" * 5000])
def test_a_time_that_is_none_is_refused(at: str) -> None:
    headers = {"webhook-id": "1", "webhook-timestamp": at, "webhook-signature": "v1,x"}
    assert not is_signed("gitlab", headers, b"", Secrets([], [b"key"]), 1614265330.0)


def test_an_empty_signature_never_fits() -> None:
    for kind, name in (("github", "x-hub-signature-256"), ("gitea", "x-gitea-signature"), ("gitlab", "x-gitlab-token")):
        assert not is_signed(kind, {name: ""}, b"", Secrets([], []), 0.0)
        assert not is_signed(kind, {}, b"", Secrets([b""], [b""]), 0.0)


def test_the_secret_is_read_from_a_file_and_shown_to_nobody(tmp_path: Path) -> None:
    path = tmp_path / "secret"
    path.write_text("0123456789abcdef\n\n  fedcba9876543210  \n")
    secrets = secrets_from({"DOCKFIX_WEBHOOK_SECRET": "another-one-which-does-not-count"}, str(path))
    assert secrets.texts == [b"0123456789abcdef", b"fedcba9876543210"]
    assert f"{secrets} {secrets!r}" == "Secrets(...) Secrets(...)"
    with pytest.raises(SecretError, match="cannot be read, and should hold the secret of the webhooks"):
        secrets_from({}, str(tmp_path / "none"))


def test_the_body_tells_deliveries_apart_where_the_number_is_not_signed() -> None:
    for kind, name, shared in (("github", "x-github-delivery", 1), ("gitea", "x-gitea-delivery", 1)):
        first, second = (set(marks(kind, {name: number}, b"{}")) for number in "12")
        assert len(first & second) == shared
    assert marks("github", {}, b"{}") == ()


BASE = {"full_name": "one/two", "default_branch": "main"}
PROJECT = {"path_with_namespace": "one/two", "default_branch": "main"}
TICKED = "<!-- dockfix:dashboard -->\n\n- [ ] safe\n- [x] review\n"


def pull(action: str, branch: str = "work") -> dict[str, object]:
    return {"action": action, "repository": BASE, "pull_request": {"head": {"ref": branch}}}


def merge(action: str, branch: str = "work", **more: str) -> dict[str, object]:
    return {"project": PROJECT, "object_attributes": {"action": action, "source_branch": branch, **more}}


def issue(action: str, body: str | None) -> dict[str, object]:
    return {"action": action, "repository": BASE, "issue": {"body": body}}


MATTERS = [
    ("github", "push", {"ref": "refs/heads/main", "repository": BASE}),
    ("gitea", "push", {"ref": "refs/heads/main", "repository": BASE}),
    ("gitlab", "Push Hook", {"ref": "refs/heads/main", "project": PROJECT}),
    ("github", "pull_request", pull("opened")),
    ("github", "pull_request", pull("synchronize")),
    ("github", "pull_request", pull("synchronize", "dockfix/safe-0123456789ab")),
    ("github", "pull_request", pull("closed", "dockfix/safe-0123456789ab")),
    ("gitea", "pull_request", pull("synchronized")),
    ("gitlab", "Merge Request Hook", merge("open")),
    ("gitlab", "Merge Request Hook", merge("close", "dockfix/safe-0123456789ab")),
    ("gitlab", "Merge Request Hook", merge("update", oldrev="0a" * 20)),
    ("github", "issues", issue("edited", TICKED)),
    ("gitea", "issues", issue("edited", TICKED.replace("[x]", "[X]"))),
    ("gitlab", "Issue Hook", {"project": PROJECT, "object_attributes": {"action": "update", "description": TICKED}}),
]
DOES_NOT = [
    ("github", "push", {"ref": "refs/heads/work", "repository": BASE}),
    ("github", "push", {"ref": "refs/tags/main", "repository": BASE}),
    ("github", "push", {"ref": "refs/heads/dockfix/safe-0123456789ab", "repository": BASE}),
    ("gitlab", "Tag Push Hook", {"ref": "refs/tags/main", "project": PROJECT}),
    ("github", "pull_request", pull("labeled")),
    ("github", "pull_request", pull("opened", "dockfix/safe-0123456789ab")),
    ("gitlab", "Merge Request Hook", merge("update")),
    ("gitlab", "Merge Request Hook", merge("approved")),
    ("github", "issues", issue("opened", TICKED)),
    ("github", "issues", issue("edited", TICKED.replace("[x]", "[ ]"))),
    ("github", "issues", issue("edited", "- [x] done")),
    ("github", "issues", issue("edited", None)),
    ("github", "star", {}),
    ("github", "Push Hook", {}),
    ("gitlab", "push", {}),
]


@pytest.mark.parametrize(("kind", "event", "payload"), MATTERS)
def test_what_matters_has_its_repository_looked_at(kind: str, event: str, payload: object) -> None:
    assert list(repositories(kind, event, payload, "")) == ["one/two"]


@pytest.mark.parametrize(("kind", "event", "payload"), DOES_NOT)
def test_what_does_not_matter_asks_for_nothing(kind: str, event: str, payload: object) -> None:
    assert list(repositories(kind, event, payload, "")) == []


def pushed(branch: str, base: str | None) -> list[str]:
    return list(repositories("github", "push", {"ref": f"refs/heads/{branch}", "repository": BASE}, base))


def test_another_base_counts_and_the_default_branch_whose_configuration_names_it() -> None:
    assert [pushed(branch, "develop") for branch in ("develop", "main", "work")] == [["one/two"], ["one/two"], []]


def test_where_nobody_knows_the_base_yet_it_may_be_any_branch_but_the_bots_own() -> None:
    assert [pushed(branch, None) for branch in ("main", "work")] == [["one/two"], ["one/two"]]
    assert pushed("dockfix/safe-0123456789ab", None) == []
    assert list(repositories("github", "push", {"ref": "refs/tags/v1", "repository": BASE}, None)) == []


def test_repositories_that_are_added_to_the_app_are_looked_at() -> None:
    payload = {"action": "added", "repositories_added": [{"full_name": "one/two"}, {"full_name": "one/three"}]}
    assert list(repositories("github", "installation_repositories", payload, "")) == ["one/two", "one/three"]


@pytest.mark.parametrize(("kind", "event", "payload"), MATTERS)
def test_what_lacks_what_it_should_say_is_a_surprise(kind: str, event: str, payload: dict[str, object]) -> None:
    for key in ("repository", "project", "action", "ref"):
        if key in payload:
            for wrong in ({}, [], 7, None):
                with pytest.raises(Surprise, match="the event does not say what it is about"):
                    repositories(kind, event, {**payload, key: wrong}, "")


def test_a_long_issue_takes_no_time() -> None:
    # A pattern that goes back and forth would take minutes.
    text = "<!-- dockfix:" * 30_000 + "\n  " * 100_000 + "- [ x]" * 30_000
    assert list(repositories("github", "issues", parse(json.dumps(issue("edited", text)).encode()), "")) == []


@pytest.mark.parametrize(
    "name",
    [
        "../../etc/passwd", "one/../two", "one/.", "one", "/one/two", "one/two/", "--upload-pack=x/y", "one/-x",
        "file:///etc", "one/a:b", "one/\x1b[2J", "one/two three", "one/ok\n", "", "one/" + "x" * 101, "a/" * 30 + "b",
        "https://example.org/one/two", "git@example.org:one/two", "one/tw\u00f6", "one/..",
    ],
)  # fmt: skip
def test_a_name_that_is_none_is_known(name: str) -> None:
    assert not is_name(name)


@pytest.mark.parametrize("name", ["one/two", "one/.github", "one/a..b", "one/two.js", "a/b/c/d", "O-n_e/T.w-o"])
def test_a_name_of_a_repository_is_one(name: str) -> None:
    assert is_name(name)


def test_patterns_name_repositories_or_all_of_an_owner_or_of_all_groups_below() -> None:
    allowed = Allowed(["one/two", "three/*", "four/**", "five/web-*"])
    inside = ["one/two", "One/Two", "three/x", "four/x", "four/x/y/z", "five/web-1"]
    outside = ["one/twos", "one/tw", "zone/two", "one/two/x", "three/x/y", "three", "four", "five/api", "five/web-1/x"]
    assert [name for name in inside + outside if name in allowed] == inside


@pytest.mark.parametrize("pattern", ["", "one", "**", "one/two three", "one/[ab]", "one//two", "/one/two"])
def test_what_is_no_pattern_is_told(pattern: str) -> None:
    with pytest.raises(PatternError, match="names no repositories: say `owner/name`"):
        Allowed([pattern])


def test_a_service_for_no_repositories_is_told() -> None:
    with pytest.raises(PatternError, match="no repositories are named"):
        Allowed([])


class Clock:
    def __init__(self) -> None:
        self.now = 1_700_000_000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    made = Clock()
    monkeypatch.setattr(queues, "time", made)
    return made


@pytest.fixture
def queue(clock: Clock) -> Iterator[Queue]:
    with Journal() as journal:
        yield Queue(journal)


def test_who_came_first_is_first(queue: Queue, clock: Clock) -> None:
    for number, name in enumerate("bca"):
        clock.now += 1
        assert queue.receive([str(number)], [name])
    clock.now += 1
    assert queue.receive(["4"], ["b"])
    assert [queue.take(), queue.take(), queue.take(), queue.take()] == ["b", "c", "a", None]


def test_what_fails_for_a_while_is_begun_anew_less_and_less_often_and_then_dropped(queue: Queue, clock: Clock) -> None:
    queue.receive(["1"], ["a"])
    pauses = []
    while queue.take():
        queue.end("a", failed=True, retry=True)
        began = clock.now
        while clock.now < began + 10_000 and queue.health().waiting and (name := queue.take()) is None:
            clock.now += 10
        if queue.health().working:
            queue.give_back(name or "")
            pauses.append(clock.now - began)
    assert pauses == [60, 120, 240, 480]
    assert queue.health()[:3] == (0, 0, 5)


def test_an_event_ends_the_pause(queue: Queue) -> None:
    queue.receive(["1"], ["a"])
    queue.take()
    queue.end("a", failed=True, retry=True)
    assert queue.take() is None
    queue.receive(["2"], ["a"])
    assert queue.take() == "a"


def test_what_fails_for_good_is_not_begun_anew_but_what_happened_meanwhile_counts(queue: Queue) -> None:
    for number in range(2):
        queue.receive([str(number)], ["a"])
        assert queue.take() == "a"
        if number:
            queue.receive(["meanwhile"], ["a"])
        queue.end("a", failed=True, retry=False)
    assert queue.take() == "a"


def test_what_breaks_the_service_time_and_again_is_dropped(queue: Queue) -> None:
    queue.receive(["1"], ["a", "b"])
    for number in range(5):
        assert queue.recover() == 2
        assert {queue.take(), queue.take()} == {"a", "b"}
        if number == 4:
            queue.end("b", failed=False, retry=False)
    assert queue.recover() == 0
    assert queue.health()[:3] == (0, 0, 1)


def test_what_is_given_back_is_never_dropped(queue: Queue) -> None:
    queue.receive(["1"], ["a"])
    for _ in range(10):
        assert queue.take() == "a"
        queue.give_back("a")
    assert queue.recover() == 1


def test_a_delivery_is_known_for_90_days(queue: Queue, clock: Clock) -> None:
    assert queue.receive(["1"], ["a"])
    clock.now += 89 * 86_400
    assert not queue.receive(["1"], ["a"])
    clock.now += 2 * 86_400
    assert queue.receive(["1"], ["a"])


def test_one_known_mark_is_enough_and_nothing_of_it_is_queued(queue: Queue) -> None:
    queue.receive(["number 1", "body 1"], ["a"])
    assert not queue.receive(["number 2", "body 1"], ["b"])
    assert queue.receive(["number 2", "body 2"], ["c"])
    assert queue.health().waiting == 2
