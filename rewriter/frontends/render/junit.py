"""JUnit's XML, as Jenkins, GitLab and others read it: a suite a file, a failure a change.

There is no standard. Elements and attributes are those of the schema that Jenkins' xUnit plugin has (`junit-10.xsd`).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from .notices import Grade, Notice, by_file
from .run import Run

# What XML 1.0 has no way to say ("Char", section 2.2).
_NO_CHAR = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def document(run: Run) -> bytes:
    """The whole document."""
    suites = [_suite(path, mine) for path, mine in by_file(run)]
    top = Element("testsuites", {"name": "dockfix", **{key: _sum(suites, key) for key in _COUNTS}})
    top.extend(suites)
    indent(top)
    text: str = tostring(top, encoding="unicode")
    return f'<?xml version="1.0" encoding="utf-8"?>\n{text}\n'.encode()


_COUNTS = ("tests", "failures", "errors")


def _sum(suites: Sequence[Element], key: str) -> str:
    return str(sum(int(suite.get(key, "0")) for suite in suites))


def _suite(path: str, mine: Sequence[Notice]) -> Element:
    """A suite without a case would look as if nothing had been run."""
    errors = sum(notice.grade is Grade.ERROR for notice in mine)
    failures = sum(map(_fails, mine)) - errors
    counts = {"tests": max(1, len(mine)), "failures": failures, "errors": errors}
    suite = Element("testsuite", {"name": _chars(path), **{key: str(count) for key, count in counts.items()}})
    for notice in mine:
        _case(suite, notice)
    if not mine:
        SubElement(suite, "testcase", {"classname": _chars(path), "name": "nothing to do"})
    return suite


def _case(suite: Element, notice: Notice) -> None:
    place = f":{notice.region.start.line}" if notice.region else ""
    name = f"{notice.rule} at {notice.path}{place}"
    case = SubElement(suite, "testcase", {"classname": _chars(notice.path), "name": _chars(name)})
    if not _fails(notice):
        return
    kind = str(notice.level) if notice.level else notice.grade.name.lower()
    attributes = {"type": kind, "message": _chars(notice.text)}
    outcome = SubElement(case, "error" if notice.grade is Grade.ERROR else "failure", attributes)
    outcome.text = _chars(f"{notice.path}{place}: {notice.rule}: {notice.text}")


def _fails(notice: Notice) -> bool:
    """All but what is told for information only."""
    return notice.level is not None or notice.grade is not Grade.NOTE


def _chars(text: str) -> str:
    return _NO_CHAR.sub("\N{REPLACEMENT CHARACTER}", text)
