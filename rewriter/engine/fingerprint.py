"""What makes a change or a finding the same one in another run, whatever was edited elsewhere."""

from collections import Counter
from collections.abc import Hashable, Iterable, Iterator
from typing import TypeVar

from .change import Change, Outcome
from .findings import Finding

T = TypeVar("T", bound=Hashable)


def fingerprint(name: str, path: str, text: bytes) -> str:
    """32 hex digits for the transform or report `name`, the file and the text of the instructions concerned.

    Equal ones have the same: who needs to tell them apart counts them. Line endings do not matter: git may change them.
    """
    from hashlib import sha256  # Most runs need none.

    parts = (name.encode(), path.encode("utf-8", "surrogateescape"), text.replace(b"\r\n", b"\n").strip())
    # Lengths, so that no two lists of parts are the same bytes.
    return sha256(b"".join(b"%d:%s" % (len(part), part) for part in parts)).hexdigest()[:32]


def text_of(change: Change) -> bytes:
    """The instructions that a change touches; of a change that only adds to an ignore file, what it adds."""
    return change.was or b"".join(edit.new for path in sorted(change.edits) for edit in change.edits[path])


def found_text(finding: Finding, outcome: Outcome) -> bytes:
    """The first lines of the instructions that a finding is about, in the text behind all changes."""
    text = outcome.files.get(finding.path, b"")
    ends = ((at, text.find(b"\n", at)) for at in (finding.at, *finding.also))
    return b"\n".join(text[at : end if end >= 0 else len(text)] for at, end in ends)


def numbered(items: Iterable[T]) -> Iterator[tuple[T, int]]:
    """Each item, and how many equal ones came before it."""
    seen: Counter[T] = Counter()
    for item in items:
        yield item, seen[item]
        seen[item] += 1
