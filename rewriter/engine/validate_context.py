"""Before, after, licence -> what a change of an ignore file takes away that it should not. Runs on every change."""

from collections.abc import Iterator, Sequence

from ..model.ignore import BadPattern, Ignore
from ..model.ignoring.losses import is_named, uses
from ..model.sources import sample, takes
from ..model.together import Together, problem, rules, sent
from ..syntax.edit import Edit, apply
from .licences import IgnoreDeleted, Licence, NarrowContext


def moved(together: Together, edits: Sequence[Edit], may: Sequence[Licence]) -> tuple[str, ...]:
    """What the edits of the ignore file take away that `may` does not allow, a sentence each; empty: it is right."""
    before = together.text or b""
    text = apply(before, edits)
    if any(edit.start != edit.end or edit.start != len(before) for edit in edits):
        return ("lines of the file change",)
    if together.of(problem):
        return ("the file fails the build as it is",)
    try:
        after = Ignore.parse(text)
    except BadPattern as error:
        return (f"the builder would reject it: {error}",)
    allowed = {path for licence in may if isinstance(licence, NarrowContext) for path in licence.lost}
    deleted = {path for licence in may if isinstance(licence, IgnoreDeleted) for path in licence.paths}
    if deleted:
        from ..model.ignoring.deleted_unused import deleted_unused

        used = sorted(deleted - together.of(deleted_unused).keys())
        if used:
            return tuple(f"{path} is not deleted unused by all who copy it" for path in used)
        name = together.path.rpartition("/")[2]
        if not after.ignores(name) and any(takes(use.source, name) for use in together.of(uses)):
            return (f"a copy brings {name}, which is another one then",)
    return tuple(_moved(together, after, allowed | deleted))


def _moved(together: Together, after: Ignore, allowed: set[str]) -> Iterator[str]:
    """Each path is asked for by itself, not as the transform does, by what is no longer sent."""
    was = together.of(rules)
    left = after.left(together.context.entries)
    lost = together.of(sent).keys() - left.keys()
    for use in together.of(uses):
        name = sample(use.source)
        if after.ignores(name) and not was.ignores(name):
            yield f"{use.shown} names {use.source.pattern}, which would be lost"
        if not use.source.whole and any(is_named(use.source, path) for path in lost):
            yield f"{use.shown} matches what would be lost"
    for path in left.keys() - together.of(sent).keys():
        yield f"{path} would be sent, which is not today"
    for path in lost:
        if not _is_below(path, allowed) and any(takes(use.source, path) for use in together.of(uses)):
            yield f"{path} is copied today and would be lost"


def _is_below(path: str, allowed: set[str]) -> bool:
    while path:
        if path in allowed:
            return True
        path = path.rpartition("/")[0]
    return False
