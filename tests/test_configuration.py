"""Which configuration counts for a file, and what is said about a wrong one."""

from __future__ import annotations

import textwrap
from pathlib import Path

import pytest

from dockfix.adapters.config import Configurations
from dockfix.adapters.patterns import pattern
from dockfix.adapters.settings import ConfigError, Layer
from dockfix.engine.change import Level

KNOWN = {"merge-runs": {"when": "always"}, "clean-package-lists": {}, "pin": {"days": 3, "deep": False, "of": ("a",)}}


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def write(path: str, text: str) -> None:
    Path(path).parent.mkdir(parents=True, exist_ok=True)
    Path(path).write_text(textwrap.dedent(text))


def layer(path: str = "Dockerfile", explicit: str | None = None) -> Layer:
    return Configurations(KNOWN, explicit).layer_for(path)


def complaint(text: str, path: str = ".dockfix.toml") -> str:
    write(path, text)
    with pytest.raises(ConfigError) as caught:
        layer()
    return str(caught.value)


EVERYTHING = """
    level = "unsafe"
    only = ["merge-runs"]
    skip = ["clean-package-lists"]
    builder = "kaniko"
    shipped = ["api", "worker"]
    transforms.merge-runs.when = "gains"
    transforms.pin = { days = 7, deep = true, of = ["b", "c"] }
"""
EVERYTHING_READ = Layer(
    Level.UNSAFE,
    frozenset({"merge-runs"}),
    frozenset({"clean-package-lists"}),
    "kaniko",
    frozenset({"api", "worker"}),
    {"merge-runs": {"when": "gains"}, "pin": {"days": 7, "deep": True, "of": ("b", "c")}},
)


class TestFinding:
    def test_without_a_file_nothing_is_set(self) -> None:
        assert layer() == Layer()

    def test_all_keys_of_a_file_of_its_own(self) -> None:
        write(".dockfix.toml", EVERYTHING)
        assert layer() == EVERYTHING_READ

    def test_all_keys_of_a_table_in_pyproject(self) -> None:
        write("pyproject.toml", "[project]\nname = 'x'\n[tool.dockfix]\n" + textwrap.dedent(EVERYTHING))
        assert layer() == EVERYTHING_READ

    def test_an_empty_file_sets_nothing_and_ends_the_search(self) -> None:
        write(".dockfix.toml", 'level = "safe"')
        write("a/.dockfix.toml", "")
        assert layer("a/Dockerfile") == Layer()

    def test_the_nearest_file_up_from_the_dockerfile_counts_alone(self) -> None:
        write(".dockfix.toml", 'level = "safe"\nbuilder = "buildah"')
        write("a/b/.dockfix.toml", 'level = "unsafe"')
        configurations = Configurations(KNOWN)
        assert configurations.layer_for("a/b/c/Dockerfile") == Layer(level=Level.UNSAFE)
        assert configurations.layer_for("a/Dockerfile") == Layer(level=Level.SAFE, builder="buildah")

    def test_in_one_folder_the_own_file_comes_first(self) -> None:
        write(".dockfix.toml", 'level = "safe"')
        write("pyproject.toml", '[tool.dockfix]\nlevel = "unsafe"')
        assert layer().level is Level.SAFE

    def test_a_pyproject_that_does_not_speak_of_dockfix_is_passed_by_even_if_it_is_broken(self) -> None:
        write(".dockfix.toml", 'level = "safe"')
        write("a/pyproject.toml", "[tool.black")
        write("b/pyproject.toml", "[project]\nname = 'dockfix'")
        assert layer("a/Dockerfile").level is layer("b/Dockerfile").level is Level.SAFE

    def test_each_file_is_read_once_in_a_run(self) -> None:
        write(".dockfix.toml", 'level = "safe"')
        configurations = Configurations(KNOWN)
        assert configurations.layer_for("a/Dockerfile").level is Level.SAFE
        Path(".dockfix.toml").unlink()
        assert configurations.layer_for("b/Dockerfile").level is Level.SAFE

    def test_a_file_that_is_named_takes_the_place_of_what_would_be_found(self) -> None:
        write(".dockfix.toml", 'level = "safe"')
        write("ci/own.toml", 'level = "unsafe"')
        assert layer(explicit="ci/own.toml").level is Level.UNSAFE

    def test_a_named_pyproject_must_speak_of_dockfix(self) -> None:
        write("ci/pyproject.toml", "")
        with pytest.raises(ConfigError, match=r"ci/pyproject\.toml: there is no table \[tool.dockfix\] in this file"):
            layer(explicit="ci/pyproject.toml")

    def test_a_named_file_must_be_there(self) -> None:
        with pytest.raises(ConfigError, match=r"away\.toml: cannot be read: No such file or directory"):
            layer(explicit="away.toml")


class TestOverrides:
    TEXT = """
        level = "safe"
        builder = "buildah"
        transforms.pin = { days = 1, deep = true }
        [[overrides]]
        paths = ["legacy/", "*.dev.Dockerfile"]
        skip = ["merge-runs"]
        transforms.pin.days = 2
        [[overrides]]
        paths = ["legacy/new"]
        level = "review"
        skip = []
    """

    def test_other_files_are_not_touched_by_an_override(self) -> None:
        write(".dockfix.toml", self.TEXT)
        assert layer() == Layer(Level.SAFE, builder="buildah", settings={"pin": {"days": 1, "deep": True}})

    def test_an_override_sets_its_keys_and_leaves_the_others(self) -> None:
        write(".dockfix.toml", self.TEXT)
        expected = Layer(
            Level.SAFE, None, frozenset({"merge-runs"}), "buildah", settings={"pin": {"days": 2, "deep": True}}
        )
        assert layer("legacy/a/Dockerfile") == layer("x/y/my.dev.Dockerfile") == expected

    def test_of_two_overrides_the_last_that_sets_a_key_counts(self) -> None:
        write(".dockfix.toml", self.TEXT)
        found = layer("legacy/new/Dockerfile")
        assert (found.level, found.skip, found.settings["pin"]["days"]) == (Level.REVIEW, frozenset(), 2)

    def test_patterns_are_about_paths_from_the_folder_of_the_file(self) -> None:
        write("a/.dockfix.toml", "[[overrides]]\npaths = ['b/*']\nlevel = 'unsafe'")
        assert layer("a/b/Dockerfile").level is Level.UNSAFE
        assert layer("a/c/b/Dockerfile").level is None

    @pytest.mark.parametrize(
        ("text", "path"),
        [
            ("Dockerfile", "Dockerfile"),
            ("Dockerfile", "a/b/Dockerfile"),
            ("/Dockerfile", "Dockerfile"),
            ("a/*", "a/Dockerfile"),
            ("a/*", "a/b/Dockerfile"),
            ("a/**", "a/b/Dockerfile"),
            ("a/**/c", "a/c/Dockerfile"),
            ("a/**/c", "a/b/b/c/Dockerfile"),
            ("**/c/Dockerfile", "c/Dockerfile"),
            ("**/Dockerfile", "a/Dockerfile"),
            ("a", "a/b/Dockerfile"),
            ("a", "b/a/Dockerfile"),
            ("?.Dockerfile", "x.Dockerfile"),
            ("[x].Dockerfile", "[x].Dockerfile"),
            ("a/../b", "a/../b/Dockerfile"),
        ],
    )
    def test_a_pattern_that_matches(self, text: str, path: str) -> None:
        assert pattern(text).fullmatch(path)

    @pytest.mark.parametrize(
        ("text", "path"),
        [
            ("/Dockerfile", "a/Dockerfile"),
            ("a/*.x", "a/b/c.x"),
            ("a/b", "x/a/b/Dockerfile"),
            ("b", "a/bc/Dockerfile"),
            ("?.Dockerfile", "xy.Dockerfile"),
            ("x.ockerfile", "xDockerfile"),
            ("[x].Dockerfile", "x.Dockerfile"),
        ],
    )
    def test_a_pattern_that_does_not(self, text: str, path: str) -> None:
        assert not pattern(text).fullmatch(path)


class TestMistakes:
    @pytest.mark.parametrize(
        ("text", "expected"),
        [
            ("levle = 'safe'", 'unknown key "levle"; did you mean level?'),
            ("xyz = 1", 'unknown key "xyz"; known are bot, builder, level, only, overrides, shipped, skip, transforms'),
            ("level = 'save'", '"level" cannot be "save"; did you mean safe?'),
            ("level = 2", '"level" cannot be 2; known are safe, review, unsafe'),
            ("builder = 'bazel'", '"builder" cannot be "bazel"; known are buildah, buildkit, kaniko, legacy'),
            ("only = 'merge-runs'", '"only" must be a list of strings, not "merge-runs"'),
            ("skip = [1]", '"skip" must be a list of strings, not [1]'),
            ("only = ['merge-run']", 'unknown transform "merge-run"; did you mean merge-runs?'),
            ("transforms = 1", '"transforms" must be a table of tables, one for each transform'),
            ("transforms.pni.days = 1", 'in [transforms]: unknown transform "pni"; did you mean pin?'),
            ("transforms.pin.day = 1", 'in [transforms.pin]: unknown key "day"; did you mean days?'),
            ("transforms.pin.days = true", 'in [transforms.pin]: "days" must be like 3, not true'),
            ("transforms.pin.of = 'a'", 'in [transforms.pin]: "of" must be like ["a"], not "a"'),
            ("transforms.pin = 3", "in [transforms.pin]: must be a table, not 3"),
            ("transforms.clean-package-lists.x = 1", "in [transforms.clean-package-lists]: clean-package-lists has no options"),
            ("overrides = 1", '"overrides" must be a list of tables, as in [[overrides]]'),
            ("[[overrides]]\nlevel = 'safe'", 'in [overrides]: "paths" is missing: a list of patterns, as in paths = ["legacy/**"]'),
            ("[[overrides]]\npaths = ['a']\nlvl = 1", 'in [overrides]: unknown key "lvl"; did you mean level?'),
            ("level", "not TOML: Expected '=' after a key in a key/value pair (at end of document)"),
        ],
    )  # fmt: skip
    def test_a_mistake_is_said_in_one_sentence(self, text: str, expected: str) -> None:
        assert complaint(text) == f".dockfix.toml: {expected}"

    def test_the_table_is_named_as_it_stands_in_pyproject(self) -> None:
        text = "[tool.dockfix]\nlevle = 'safe'"
        assert complaint(text, "pyproject.toml") == (
            'pyproject.toml: in [tool.dockfix]: unknown key "levle"; did you mean level?'
        )

    def test_a_file_that_is_not_utf8(self) -> None:
        Path(".dockfix.toml").write_bytes(b"level = '\xff'")
        with pytest.raises(ConfigError, match=r"\.dockfix\.toml: not UTF-8 \(byte 9\)"):
            layer()
