"""The file of whoever runs the bot, and what is said about a wrong one."""

from __future__ import annotations

from pathlib import Path

import pytest

from dockfix.adapters.settings import ConfigError
from dockfix.frontends.bot.operator import operator_of
from dockfix.frontends.bot.settings import BotSettings, NamedGroup, Operator

KNOWN = {"merge-runs": {}}

EVERYTHING = """
author = "Robot <robot@example.org>"
signing-key = "/etc/dockfix/key"
signing-format = "ssh"
onboarding = false
forks = true
depth = 10
largest = 1_000_000
most-files = 1000
timeout = 2.5
memory = 500_000_000

[bot]
max-open = 2
labels = ["docker"]

[bot.groups.runs]
transforms = ["merge-runs"]
"""
EVERYTHING_READ = Operator(
    author="Robot <robot@example.org>",
    signing_key="/etc/dockfix/key",
    signing_format="ssh",
    onboarding=False,
    forks=True,
    depth=10,
    largest=1_000_000,
    most_files=1000,
    timeout=2.5,
    memory=500_000_000,
    defaults=BotSettings(
        max_open=2, labels=("docker",), groups=(NamedGroup("runs", transforms=frozenset({"merge-runs"})),)
    ),
)


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def read(text: str | bytes) -> Operator:
    Path("operator.toml").write_bytes(text if isinstance(text, bytes) else text.encode())
    return operator_of("operator.toml", KNOWN)


def test_every_key_is_read() -> None:
    assert read(EVERYTHING) == EVERYTHING_READ


@pytest.mark.parametrize(
    ("key", "expected"),
    [
        ("~/key", "{home}/key"),
        ("key", "{here}/key"),
        ("/etc/key", "/etc/key"),
        ("", ""),
        ("key::ssh-ed25519 AAAA", "key::ssh-ed25519 AAAA"),
        ("ssh-ed25519 AAAA", "ssh-ed25519 AAAA"),
    ],
)
def test_a_key_of_ssh_is_a_file_of_the_operators_and_none_of_a_clone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, key: str, expected: str
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    found = read(f'signing-key = "{key}"\nsigning-format = "ssh"').signing_key
    assert found == expected.format(home=tmp_path / "home", here=tmp_path)


def test_a_key_of_openpgp_is_no_file() -> None:
    assert read("signing-key = '~x'").signing_key == "~x"


def test_without_a_file_and_with_an_empty_one_the_defaults_count() -> None:
    assert operator_of(None, KNOWN) == Operator()
    assert read("") == Operator()


def test_a_dry_run_is_asked_for_on_the_command_line_alone() -> None:
    with pytest.raises(ConfigError, match='unknown key "dry-run"'):
        read("dry-run = true")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (b"author = \xff", "not TOML: "),
        ("author", "not TOML: "),
        ("autor = 'x'", 'unknown key "autor"; did you mean author?'),
        ("author = 'x'", '"author" must be like "Name <address>", not "x"'),
        ("author = 1", '"author" must be like "Name <address>", not 1'),
        ('author = "a\\n <b@c>"', '"author" must be like "Name <address>", not "a'),
        ("signing-key = 1", '"signing-key" must be text on one line, not 1'),
        ('signing-key = "a\\nb"', '"signing-key" must be text on one line, not "a'),
        ("signing-format = 'pgp'", '"signing-format" cannot be "pgp"; did you mean openpgp?'),
        ("signing-format = 1979-05-27", '"signing-format" cannot be 1979-05-27; known are openpgp, ssh'),
        ("onboarding = 'no'", '"onboarding" must be true or false, not "no"'),
        ("forks = 0", '"forks" must be true or false, not 0'),
        ("depth = 0", '"depth" must be a whole number from 1 to 100,000,000, not 0'),
        ("depth = 1.5", '"depth" must be a whole number from 1 to 100,000,000, not 1.5'),
        ("depth = inf", '"depth" must be a whole number from 1 to 100,000,000, not inf'),
        ("depth = 9_999_999_999", '"depth" must be a whole number from 1 to 100,000,000, not 9999999999'),
        ("largest = true", '"largest" must be a whole number from 1 to 1,000,000,000,000,000, not true'),
        ("most-files = []", '"most-files" must be a whole number from 1 to 1,000,000,000, not []'),
        ("memory = 1000", '"memory" must be a whole number from 200,000,000 to 1,000,000,000,000,000, not 1000'),
        ("timeout = 0.5", '"timeout" must be seconds from 1 to 3600, not 0.5'),
        ("timeout = nan", '"timeout" must be seconds from 1 to 3600, not nan'),
        ("timeout = inf", '"timeout" must be seconds from 1 to 3600, not inf'),
        ("timeout = '1h'", '"timeout" must be seconds from 1 to 3600, not "1h"'),
        ("bot = 1", '"bot" must be a table, not 1'),
        ("[bot]\nmax-open = 'x'", 'in [bot]: "max-open" must be a number from 0 to 1000, not "x"'),
        ("[bot.groups.a]\ntransforms = ['merge-run']", 'in [bot.groups.a]: unknown transform "merge-run"'),
    ],
)
def test_a_mistake_is_said_in_one_sentence(text: str | bytes, expected: str) -> None:
    with pytest.raises(ConfigError) as caught:
        read(text)
    assert str(caught.value).startswith(f"operator.toml: {expected}")


def test_a_file_that_cannot_be_read_is_named() -> None:
    with pytest.raises(ConfigError, match=r"^none: cannot be read: No such file or directory$"):
        operator_of("none", KNOWN)
