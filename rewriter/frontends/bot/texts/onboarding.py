"""The first pull request in a repository: a configuration file, and what the bot would propose."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence

from ..groups import Group, Made
from ..inspection import Inspection
from ..marker import marked
from ..settings import BotSettings
from .escaping import Ready, code
from .pull import PREFIX, prefix_of
from .templates import rendered
from .words import counted, levels

NAME = "onboarding"
"""Of the group, and of the transform of its only change."""
FILE = ".dockfix.toml"
_MOST_RULES = 30
_MOST_TITLES = 10

# What each setting is for: those of a repository that fit on a line.
_MEANINGS: Mapping[str, str] = {
    "mode": '"pull-requests" of its own, or "comments" or "checks" on those that persons open',
    "level": 'how far changes may reach: "safe", "review" or "unsafe"',
    "group_by": 'what a pull request is made for: "level", "transform", "file"',
    "paths": "only Dockerfiles that these patterns match; an empty list is all of them",
    "skip_paths": "not these",
    "base": "the branch to propose for; empty is the default branch",
    "max_open": "pull requests of dockfix that may be open at a time",
    "per_hour": "and that may be opened within an hour",
    "schedule": 'when it may open them, as in a crontab: "* 6-8 * * 1" is on Mondays, from 6 to 9; empty is always',
    "timezone": "the time that the schedule is in",
    "labels": "of its pull requests",
    "reviewers": "asked for a review",
    "assignees": "",
    "draft": "open them as drafts",
    "title_prefix": f'such as "chore(docker):"; empty is "{PREFIX}"',
    "sign_off": "commits end in Signed-off-by (the Developer Certificate of Origin)",
    "dashboard": "keep an issue that lists what is open, held back and declined",
}


def title(settings: BotSettings) -> str:
    """The title of its pull request."""
    return f"{prefix_of(settings) or PREFIX} configure dockfix"


def group(inspection: Inspection) -> Group:
    """A group of one change, which makes the configuration file."""
    lines = _lines(inspection.settings)
    added = "".join(f"+{line}\n" for line in lines)
    diff = (
        f"diff --git a/{FILE} b/{FILE}\nnew file mode 100644\n--- /dev/null\n+++ b/{FILE}\n@@ -0,0 +1,{len(lines)} @@\n"
    )
    # `was` and `new` are empty on purpose: who has declined this is not asked again when a new version explains more.
    made = Made(
        NAME,
        "",
        "",
        FILE,
        1,
        "configure dockfix",
        "the settings that there are, with their defaults; nothing of the builds changes",
        f"{diff}{added}",
        b"",
        b"",
        {FILE: "".join(f"{line}\n" for line in lines).encode()},
    )
    return Group(NAME, [made])


def body(group: Group, inspection: Inspection) -> str:
    """What the file is, what the bot would propose, and what happens when this is merged or closed."""
    made = [one for each in inspection.groups for one in each.made]
    rules = Counter((one.level, one.transform) for one in made)
    order = list(levels(made))
    rows = sorted(rules.items(), key=lambda row: (order.index(row[0][0]), -row[1], row[0][1]))
    return (
        rendered(
            "onboarding",
            count=counted(len(made), "change"),
            files=counted(inspection.files, "Dockerfile"),
            pulls=counted(len(inspection.groups), "pull request"),
            has_changes=bool(made),
            rules=[(level, name, number) for (level, name), number in rows[:_MOST_RULES]],
            first=[(code(one.path), one.line, one.title) for one in made[:_MOST_TITLES]],
            more=max(0, len(made) - _MOST_TITLES),
            problems=inspection.problems[:_MOST_TITLES],
            settings=inspection.settings,
            mark=Ready(marked(group.name, group.edit)),
        )
        + "\n"
    )


def _lines(settings: BotSettings) -> Sequence[str]:
    """The file. All but one setting is a comment, so that a default that changes counts here, too."""
    lines = [
        "# dockfix: which changes it makes in this repository, and how it proposes them.",
        "# A line with a `#` before it says a default: take the `#` away to set it.",
        "",
        "# skip = []  # transforms that are not wanted; `dockfix list` names them all",
        "",
        "[bot]",
        "enabled = true  # false: dockfix proposes nothing here",
    ]
    for name, meaning in _MEANINGS.items():
        key = name.replace("_", "-")
        lines.append(f"# {key} = {_toml(getattr(settings, name))}" + (f"  # {meaning}" if meaning else ""))
    return [
        *lines,
        "",
        "# A pull request of its own for some changes:",
        "# [bot.groups.legacy]",
        "# transforms = []",
        "# levels = []",
        '# paths = ["legacy/"]',
    ]


def _toml(value: object) -> str:
    """The value as TOML has it; of what settings hold, JSON is written the same way."""
    return json.dumps(value, ensure_ascii=False)
