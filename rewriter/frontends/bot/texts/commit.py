"""The messages of the commits, and what tells these commits from any others.

The trailers are the last paragraph, as git-interpret-trailers(1) has it. No line of another paragraph can be taken for
one of them, nor for the `---` that git thinks a patch begins with.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from hashlib import sha256
from textwrap import wrap

from ..groups import Group, Made
from ..settings import BotSettings, Operator
from .escaping import bare, shortened_path
from .pull import names, prefix_of
from .words import LEVELS, PROOFS

CONTENT = "Dockfix-Content"
"""The trailer by which the bot knows its own commits."""
TRANSFORM = "Dockfix-Transform"
"""The trailer that says which transform made the change."""
_WIDTH = 72
_LONGEST_PATH = 40
# A line like a trailer, or one with a sign that git or a forge reads at the beginning of a line.
_SIGNAL = re.compile(r"[^\w(`'\"]|[\w-]+\s*:")


def messages(group: Group, settings: BotSettings, operator: Operator, content: str) -> list[str]:
    """A message for each of the group's changes; `content` is what the function below gives."""
    return [_message(made, settings, operator, content) for made in group.made]


def content(base_commit: str, group: Group, settings: BotSettings, operator: Operator) -> str:
    """Sixteen hexadecimal digits that tell the commits, with what they rest on, from any others.

    They change with the base, the texts, the messages, the author and the key that signs.
    """
    parts = [base_commit, group.edit, operator.author, operator.signing_key, operator.signing_format]
    parts += messages(group, settings, operator, "")
    texts = [_bytes(part) for part in parts]
    texts += [text for made in group.made for path in sorted(made.files) for text in (_bytes(path), made.files[path])]
    told = sha256()
    for text in texts:
        told.update(b"%d:" % len(text) + text)
    return told.hexdigest()[:16]


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogateescape")


def _message(made: Made, settings: BotSettings, operator: Operator, content: str) -> str:
    paragraphs = [_subject(made, settings)]
    if made.why:
        paragraphs.append(_wrapped(bare(made.why, 1_000)))
    if made.level in LEVELS:
        paragraphs.append(_wrapped(f"Level {made.level}: {LEVELS[made.level]}"))
    if made.proof in PROOFS:
        paragraphs.append(_wrapped(f"Proof {made.proof}: {PROOFS[made.proof]}"))
    if made.level:
        paragraphs.append(_wrapped(f"`dockfix explain {bare(made.transform)}` tells what it does, and when."))
    return "\n\n".join([*paragraphs, "\n".join(_trailers(made, settings, operator, content))]) + "\n"


def _subject(made: Made, settings: BotSettings) -> str:
    """What is done and where, cut to the width: the path at its beginning, and what is done at its end."""
    prefix = prefix_of(settings)
    title = made.title.strip() or made.transform
    # "chore: merge 2 RUN instructions", but "Merge 2 RUN instructions".
    begin, what = (f"{prefix} ", title) if prefix else ("", title[:1].upper() + title[1:])
    if names(what, made.path):
        return f"{begin}{bare(what, max(12, _WIDTH - len(begin)))}"[:_WIDTH]
    path = bare(made.path, len(made.path) + 1)
    where = shortened_path(path, max(_WIDTH - len(f"{begin}{bare(what)} in "), _LONGEST_PATH - len(begin) // 2))
    return f"{begin}{bare(what, max(12, _WIDTH - len(f'{begin} in {where}')))} in {where}"[:_WIDTH]


def _wrapped(text: str) -> str:
    lines = wrap(text, _WIDTH - 1, break_on_hyphens=False)
    return "\n".join(f" {line}" if _SIGNAL.match(line) else line for line in lines)


def _trailers(made: Made, settings: BotSettings, operator: Operator, content: str) -> Sequence[str]:
    rests = ", ".join(bare(word) for word in (made.level, made.proof) if word)
    trailers = [f"{TRANSFORM}: {bare(made.transform)}" + (f" ({rests})" if rests else "")]
    if settings.sign_off:
        trailers.append(f"Signed-off-by: {' '.join(operator.author.split())}")
    return [*trailers, f"{CONTENT}: {content}"]
