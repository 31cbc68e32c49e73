"""The documents that forges and CI servers read: held against the schemas and rules of others."""

from __future__ import annotations

import json
import re
from functools import cache
from pathlib import Path
from urllib.parse import unquote

import jsonschema
import pytest
import xmlschema
from command import dockfix, files_below
from corpus import corpus, needs_corpus

from dockfix import Edit, Options, Outcome, rewrite
from dockfix.engine.change import Level
from dockfix.frontends.render.columns import Columns
from dockfix.frontends.render.located import located
from dockfix.frontends.render.markdown import LIMIT
from dockfix.syntax.edit import apply, ordered

SCHEMAS = Path(__file__).parent / "schemas"
SPLIT = b"FROM debian:12-slim\nRUN echo a\nRUN echo b\n"
# The second change is about text that the first one makes; the third stands for itself.
CHAIN = b"FROM debian:12-slim\nRUN apt-get update\nRUN apt-get install -y --no-install-recommends curl\nUSER nobody\nRUN echo a\nRUN echo b\n"
LEAK = b"FROM scratch\nCOPY id_rsa /root/.ssh/id_rsa\nFROM debian:12-slim\nCOPY id_rsa /root/.ssh/id_rsa\nRUN ssh git@example.org\nRUN rm /root/.ssh/id_rsa\n"
BROKEN = b"FROM debian:12\nNONSENSE\n"
HOSTILE = "a b,c:d%`|<i>.Dockerfile"


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """Every kind of thing to tell: changes of two levels, a finding, an error, a file without any, an odd name."""
    for name, text in {
        "api/Dockerfile": CHAIN,
        "leak/Dockerfile": LEAK,
        "broken/Dockerfile": BROKEN,
        "done/Dockerfile": b"FROM debian:12-slim\nRUN echo a\n",
        HOSTILE: SPLIT.replace(b"echo a", b"echo '```` \xc3\xa9 \xf0\x9f\x90\xb3'"),
    }.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(text)
    return tmp_path


def printed(folder: Path, form: str, *arguments: str) -> str:
    ended = dockfix(folder, "--format", form, *arguments)
    assert (ended.status, ended.err) == (2, "")
    return ended.out.decode()


class TestSarif:
    @pytest.fixture
    def log(self, repository: Path) -> dict:
        return json.loads(printed(repository, "sarif"))

    @pytest.mark.parametrize("arguments", [[], ["-v"], ["--write"], ["--level", "unsafe"]], ids=" ".join)
    def test_it_keeps_to_the_schema_of_the_standard(self, repository: Path, arguments: list[str]) -> None:
        schema = json.loads((SCHEMAS / "sarif-2.1.0-rtm.5.json").read_text())
        log = json.loads(printed(repository, "sarif", *arguments))
        jsonschema.Draft4Validator(schema, format_checker=jsonschema.FormatChecker()).validate(log)
        assert log["runs"][0]["results"]

    def test_each_result_has_the_rule_that_its_index_names(self, log: dict) -> None:
        (run,) = log["runs"]
        rules = run["tool"]["driver"]["rules"]
        assert [rules[result["ruleIndex"]]["id"] for result in run["results"]] == [r["ruleId"] for r in run["results"]]

    def test_a_rule_says_its_level_and_phase(self, log: dict) -> None:
        rules = {rule["id"]: rule for rule in log["runs"][0]["tool"]["driver"]["rules"]}
        assert rules["merge-runs"]["defaultConfiguration"] == {"enabled": True, "level": "note"}
        assert rules["merge-runs"]["properties"] == {"level": "safe", "phase": "merge"}
        assert rules["narrow-copy"]["defaultConfiguration"]["level"] == "warning"
        assert rules["cache-mounts"]["defaultConfiguration"]["enabled"] is False
        assert all(rule["shortDescription"]["text"].endswith(".") for rule in rules.values())

    def test_a_file_that_cannot_be_read_is_a_notification_and_the_run_has_failed(self, log: dict) -> None:
        (invocation,) = log["runs"][0]["invocations"]
        assert invocation["executionSuccessful"] is False
        (told,) = invocation["toolExecutionNotifications"]
        (location,) = told["locations"]
        assert location["physicalLocation"]["artifactLocation"]["uri"] == "broken/Dockerfile"
        assert location["physicalLocation"]["region"]["startLine"] == 2

    def test_a_finding_is_a_result_without_a_fix(self, log: dict) -> None:
        found = [result for result in log["runs"][0]["results"] if result["ruleId"] == "hidden-bytes"]
        assert found
        assert all("fixes" not in result and "properties" not in result for result in found)

    def test_a_change_about_text_that_is_not_there_yet_has_no_fix_and_says_so(self, log: dict) -> None:
        results = [r for r in log["runs"][0]["results"] if uri(r) == "api/Dockerfile"]
        assert [(r["ruleId"], "fixes" in r) for r in results] == [
            ("merge-runs", True),
            ("merge-runs", True),
            ("clean-package-lists", False),
        ]
        assert results[-1]["properties"]["fix"] == "depends on changes before it, or makes a file"

    def test_what_is_written_already_has_no_fix(self, repository: Path) -> None:
        log = json.loads(printed(repository, "sarif", "--write"))
        changes = [r for r in log["runs"][0]["results"] if "properties" in r]
        assert changes
        assert {r["properties"]["fix"] for r in changes} == {"made"}
        assert not any("fixes" in r for r in changes)

    def test_the_fixes_of_a_file_give_what_write_gives(self, repository: Path) -> None:
        (repository / "api/Dockerfile").write_bytes(
            SPLIT + b"USER a\nRUN echo \xf0\x9f\x90\xb3\nRUN echo \xf0\x9f\x90\xb3 b\n"
        )
        log = json.loads(printed(repository, "sarif", "--level", "safe", "--only", "merge-runs"))
        fixed = {}
        for result in log["runs"][0]["results"]:
            for change in result.get("fixes", [{"artifactChanges": []}])[0]["artifactChanges"]:
                path = unquote(change["artifactLocation"]["uri"])
                fixed.setdefault(path, []).extend(change["replacements"])
        texts = {path: replaced((repository / path).read_bytes(), parts) for path, parts in fixed.items()}
        assert set(texts) == {"api/Dockerfile", "leak/Dockerfile", HOSTILE}
        dockfix(repository, "--write", "--only", "merge-runs")
        written = files_below(repository)
        assert texts == {path: written[path] for path in texts}

    def test_fingerprints_survive_lines_above_and_are_all_different(self, repository: Path) -> None:
        (repository / "api/Dockerfile").write_bytes(SPLIT + b"USER a\n" + SPLIT[20:] + b"USER b\n" + SPLIT[20:])
        before = marks(json.loads(printed(repository, "sarif")))
        text = (repository / "api/Dockerfile").read_bytes()
        (repository / "api/Dockerfile").write_bytes(b"# one\n\n# two\n" + text + b"CMD echo\n")
        after = marks(json.loads(printed(repository, "sarif")))
        assert before == after
        assert len(set(before)) == len(before)


def uri(result: dict) -> str:
    return result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]


def marks(log: dict) -> list[str]:
    return [result["partialFingerprints"]["dockfix/v1"] for result in log["runs"][0]["results"]]


def replaced(text: bytes, parts: list[dict]) -> bytes:
    """What a reader of SARIF makes of replacements: by lines, and columns in UTF-16 code units."""
    whole = text.decode()
    lines = [0, *(found.end() for found in re.finditer("\n", whole))]

    def offset(line: int, column: int) -> int:
        units = whole[lines[line - 1] :].encode("utf-16-le")[: 2 * (column - 1)]
        return lines[line - 1] + len(units.decode("utf-16-le"))

    for part in sorted(
        parts, key=lambda part: (part["deletedRegion"]["startLine"], part["deletedRegion"]["startColumn"]), reverse=True
    ):
        region = part["deletedRegion"]
        start, end = offset(region["startLine"], region["startColumn"]), offset(region["endLine"], region["endColumn"])
        whole = whole[:start] + part["insertedContent"]["text"] + whole[end:]
    return whole.encode()


class TestFixes:
    """What is given as a fix can be made in the file as it is: alone, and with all others."""

    @needs_corpus
    def test_each_alone_and_all_together_give_texts_that_can_be_read(self) -> None:
        given = 0
        for outcome in outcomes():
            ((path, text),) = outcome.originals.items()
            sets = [one.edits[path] for one in located(outcome) if one.edits is not None]
            if not sets:
                continue
            given += len(sets)
            texts = [
                *(apply(text, edits) for edits in sets),
                apply(text, ordered(edit for edits in sets for edit in edits)),
            ]
            for fixed in texts:
                again = rewrite({path: fixed}, options=Options(only=frozenset({"layer-budget"})))
                assert again.errors == (), (path, again.errors)
        assert given > 300

    @needs_corpus
    def test_where_each_change_has_a_fix_all_together_are_the_new_text(self) -> None:
        whole = 0
        for outcome in outcomes():
            ((path, text),) = outcome.originals.items()
            found = located(outcome)
            if found and all(one.edits is not None for one in found):
                edits: list[Edit] = [edit for one in found for edit in (one.edits or {})[path]]
                assert apply(text, ordered(edits)) == outcome.files[path]
                whole += 1
        assert whole > 100


@cache
def outcomes() -> list[Outcome]:
    """The outcomes for a part of the corpus that leaves no kind of file out."""
    every = sorted(corpus().items())[::4]
    return [rewrite({name: text}, options=Options(level=Level.UNSAFE)) for name, text in every]


def test_columns_are_utf16_code_units_and_a_byte_order_mark_is_none() -> None:
    text = b"\xef\xbb\xbfFROM a\n\xc3\xa9\xf0\x9f\x90\xb3x\n\xff\xfey"
    columns = Columns(text)
    assert columns.point(3) == (1, 1)
    assert columns.point(text.index(b"x")) == (2, 4)
    assert columns.point(len(text)) == (3, 4)


class TestGithub:
    def test_each_command_is_one_line_with_its_properties(self, repository: Path) -> None:
        lines = printed(repository, "github").splitlines()
        assert all(
            re.fullmatch(r"::(notice|warning|error) (\w+=[^:,]+)(,\w+=[^:,]+)*::[^\r\n]+", line) for line in lines
        )
        assert lines[0].startswith(
            "::notice file=a b%2Cc%3Ad%25`|<i>.Dockerfile,line=2,endLine=3,title=dockfix%3A merge-runs (safe%2C proved)::merge 2 RUN"
        )

    def test_the_command_says_how_much_it_matters(self, repository: Path) -> None:
        (repository / "api/Dockerfile").write_bytes(CHAIN.replace(b" --no-install-recommends", b""))
        kinds = {
            tuple(re.findall(r"^::(\w+)|dockfix%3A ([\w-]+)", line))
            for line in printed(repository, "github").splitlines()
        }
        assert {(command[0], rule[1]) for command, rule in kinds} >= {
            ("notice", "merge-runs"),
            ("warning", "no-install-recommends"),
            ("error", "unreadable"),
            ("error", "hidden-bytes"),
        }

    def test_percent_signs_in_messages_do_not_become_escapes(self, tmp_path: Path) -> None:
        (tmp_path / "Dockerfile").write_bytes(b"FROM debian:12\nNON%0ASENSE\n")
        assert "NON%250ASENSE" in printed(tmp_path, "github")


class TestGitlab:
    def test_it_is_a_list_of_issues_with_what_gitlab_wants(self, repository: Path) -> None:
        issues = json.loads(printed(repository, "gitlab"))
        for issue in issues:
            assert set(issue) == {"description", "check_name", "fingerprint", "severity", "location"}
            assert issue["severity"] in {"info", "minor", "major", "critical", "blocker"}
            assert not issue["location"]["path"].startswith(("./", "/"))
            assert issue["location"]["lines"]["begin"] >= 1
        assert {(issue["check_name"], issue["severity"]) for issue in issues} >= {
            ("merge-runs", "info"),
            ("unreadable", "blocker"),
            ("hidden-bytes", "critical"),
        }

    def test_fingerprints_are_unique(self, repository: Path) -> None:
        (repository / "api/Dockerfile").write_bytes(SPLIT * 3)
        issues = json.loads(printed(repository, "gitlab"))
        assert len({issue["fingerprint"] for issue in issues}) == len(issues)


class TestJunit:
    def test_it_keeps_to_the_schema_of_jenkins(self, repository: Path) -> None:
        (repository / "odd\x01.Dockerfile").write_bytes(SPLIT)
        xmlschema.XMLSchema(str(SCHEMAS / "junit-10.xsd")).validate(printed(repository, "junit"))

    def test_a_suite_is_a_file_and_a_case_that_fails_is_a_change(self, repository: Path) -> None:
        from xml.etree import ElementTree as ET

        suites = {suite.get("name"): suite for suite in ET.fromstring(printed(repository, "junit"))}
        api, done, broken = suites["api/Dockerfile"], suites["done/Dockerfile"], suites["broken/Dockerfile"]
        assert [case.get("name") for case in api] == [
            "merge-runs at api/Dockerfile:2",
            "merge-runs at api/Dockerfile:5",
            "clean-package-lists at api/Dockerfile:2",
        ]
        assert {case[0].tag for case in api} == {"failure"}
        assert [(case.get("name"), len(case)) for case in done] == [("nothing to do", 0)]
        assert (broken.get("errors"), broken[0][0].tag) == ("1", "error")
        assert (api.get("tests"), api.get("failures"), api.get("errors")) == ("3", "3", "0")


class TestMarkdown:
    def test_a_fence_is_longer_than_any_in_the_diff(self, repository: Path) -> None:
        text = printed(repository, "markdown")
        assert "`````diff\n--- a/a b,c:d%`|<i>.Dockerfile" in text
        opened = re.findall(r"^(`{3,})diff$", text, re.MULTILINE)
        assert len(opened) == text.count("\n### ")

    def test_names_and_reasons_bring_no_markup_of_their_own(self, repository: Path) -> None:
        outside = re.sub(r"^(`{3,})diff\n.*?^\1$", "", printed(repository, "markdown"), flags=re.DOTALL | re.MULTILINE)
        assert "<i>" not in outside
        assert "`" not in outside
        assert "| a b,c:d%&#96;&#124;&#60;i&#62;.Dockerfile | 1 | 0 | 0 |" in outside

    def test_each_change_has_its_reason_level_proof_and_diff(self, repository: Path) -> None:
        text = printed(repository, "markdown")
        start = text.index("### api/Dockerfile:2: merge 2 RUN instructions\n\nmerge-runs (safe, proved)\n\n")
        change = text[start : text.index("\n### ", start)]
        assert "goes stale; 1 layer fewer" in change
        assert "```diff\n--- a/api/Dockerfile\n" in change

    def test_a_long_one_is_cut_and_says_how_much_is_left_out(self, tmp_path: Path) -> None:
        for number in range(300):
            (tmp_path / f"{number:03}.Dockerfile").write_bytes(SPLIT)
        text = dockfix(tmp_path, "--format", "markdown").out.decode()
        assert len(text) < LIMIT + 200
        shown = text.count("\n### ")
        assert 100 < shown < 300
        assert text.endswith(
            f"\n{300 - shown} of 300 changes are left out here for their length; `dockfix --diff` shows all.\n"
        )
        assert "\n200 more files are left out of this table.\n" in text
        assert text.count("```") == 2 * shown


@pytest.mark.parametrize("form", ["json", "sarif", "github", "gitlab", "markdown", "junit"])
def test_bytes_that_are_not_utf8_break_no_document(tmp_path: Path, form: str) -> None:
    name = (b"caf\xe9.Dockerfile").decode("utf-8", "surrogateescape")
    (tmp_path / name).write_bytes(SPLIT.replace(b"a\n", b"a\n# caf\xe9\n"))
    ended = dockfix(tmp_path, "--format", form)
    assert (ended.status, ended.err) == (1, "")
    assert ended.out.decode()


@pytest.mark.parametrize("form", ["sarif", "github", "gitlab", "markdown", "junit"])
def test_a_document_goes_with_no_other_way_of_showing(tmp_path: Path, form: str) -> None:
    ended = dockfix(tmp_path, "--diff", "--format", form)
    assert (ended.status, ended.out) == (3, b"")
    assert f"--diff and --format {form} do not go together" in ended.err
