"""When what a manager stores can't be deleted although its row says how: what the rows can't tell, one check each."""

from __future__ import annotations

import re
from collections.abc import Sequence

from ..facts import Facts
from ..runs import Run, root_of, runs
from ..stages import layout
from .call import Call, calls_in
from .managers import Does
from .stores import Store

# Options that yarn 1 has and later ones reject: https://classic.yarnpkg.com/en/docs/cli/install
_YARN_1 = (
    *(b"--pure-lockfile", b"--production", b"--prod", b"--network-timeout", b"--non-interactive", b"--no-progress"),
    *(b"--ignore-engines", b"--ignore-optional", b"--no-lockfile", b"--modules-folder", b"--ignore-platform"),
)
_LATER_YARN = rb"corepack|yarn (?:set|policies|dlx|workspaces focus|plugin)|\.yarnrc\.yml|\.yarn\b|berry|immutable"
_BUNDLED_ELSEWHERE = (b"BUNDLE_PATH", b"BUNDLE_DEPLOYMENT")
_NODE_IMAGE = r"(?:docker\.io/)?(?:library/)?node(?:[:@].*)?"
_PLAIN_FILE = rb"[\w./-]*\.(?:json|lock|js|ts|npmrc|yarnrc)|\.npmrc|\.yarnrc"


def objection(facts: Facts, run: Run, store: Store, calls: Sequence[Call]) -> str:
    """Why what these calls put into the store must stay; empty if nothing is against deleting it."""
    if store.needed_by and not store.root:
        reason = _ahead(facts, run, calls)
        if reason:
            return reason
    if store.manager == "dotnet":
        return _dotnet(calls)
    return by_manager(facts, run, store, calls)


def by_manager(facts: Facts, run: Run, store: Store, calls: Sequence[Call]) -> str:
    """The part of it that holds also in a stage that nobody runs."""
    match store.manager:
        case "uv":
            return _uv(run, calls)
        case "yarn":
            return _yarn(facts, run, calls)
        case "bundle":
            return _by_its_path(calls) or _bundle(facts, run, calls)
        case "gem":
            return _by_its_path(calls)
        case "gradle":
            return _gradle(facts, calls)
    return ""


def _ahead(facts: Facts, run: Run, calls: Sequence[Call]) -> str:
    """Why a repository may be there for whoever runs the image."""
    if all(call.does is Does.RESTORE for call in calls):
        return f"its `{calls[-1].shown}` fetches ahead what is built later"
    if run.stage.number not in facts.of(_started):
        return "no CMD or ENTRYPOINT tells that nothing is built when the image runs"
    return ""


def _started(facts: Facts) -> frozenset[int]:
    """The numbers of the stages that have a CMD or ENTRYPOINT, or from which one is built that has."""
    places = facts.of(layout)
    pairs = zip(facts.instructions, places.stage_of, strict=True)
    found = {number for instruction, number in pairs if instruction.keyword in ("CMD", "ENTRYPOINT")}
    for stage in reversed(places.stages):
        if stage.number in found and stage.parent is not None:
            found.add(stage.parent)
    return frozenset(found)


def _uv(run: Run, calls: Sequence[Call]) -> str:
    linked = run.config.env.get(b"UV_LINK_MODE") == b"symlink" or any(b"symlink" in call.options for call in calls)
    return "what uv installs is only a link into its cache" if linked else ""


def _yarn(facts: Facts, run: Run, calls: Sequence[Call]) -> str:
    """`yarn cache clean` of a later version may delete what the program runs from (Plug'n'Play)."""
    later = facts.of(_has_later_yarn)
    if not later and any(call.verb == b"global add" or call.has(*_YARN_1) for call in calls):
        return ""
    places = facts.of(layout)
    if not later and re.fullmatch(_NODE_IMAGE, root_of(places, run.stage).base):
        before = facts.instructions[run.stage.first : run.position]
        copied = [word for i in before if i.keyword in ("COPY", "ADD") for word in i.rest.split()[:-1]]
        inherits = run.stage.parent is not None or any(i.flags for i in before if i.keyword == "COPY")
        if copied and not inherits and all(re.fullmatch(_PLAIN_FILE, word.rstrip(b"*")) for word in copied):
            return ""
    return "it is not known to be yarn 1, and a later one may run the program from its cache"


def _has_later_yarn(facts: Facts) -> bool:
    return re.search(_LATER_YARN, facts.source.text) is not None


def _by_its_path(calls: Sequence[Call]) -> str:
    """Another Ruby than the one that stands first on PATH."""
    if any(b"/" in call.command.words[call.at].text for call in calls):
        return f"its `{calls[-1].shown}` is called by its path, and may have another folder than the `gem` on PATH"
    return ""


def _bundle(facts: Facts, run: Run, calls: Sequence[Call]) -> str:
    if any(name in values for values in (run.config.env, run.config.args) for name in _BUNDLED_ELSEWHERE):
        return "bundler is told to install elsewhere"
    words = {word for call in (*facts.of(_bundle_settings), *calls) for word in (*call.arguments, *call.options)}
    if any(word.split(b"=")[0].lstrip(b"-") in (b"path", b"deployment", b"cache_path") for word in words):
        return "bundler is told to install elsewhere"
    return ""


def _bundle_settings(facts: Facts) -> tuple[Call, ...]:
    """All calls of `bundle config`."""
    scripts = (run.script for run in facts.of(runs).values() if run.script is not None)
    calls = (call for script in scripts for call in calls_in(script) if call.manager.name == "bundle")
    return tuple(call for call in calls if call.verb.startswith(b"config"))


def _gradle(facts: Facts, calls: Sequence[Call]) -> str:
    if all(call.has(b"--no-daemon") for call in calls) or facts.of(_has_no_daemon):
        return ""
    return "gradle's daemon may still use its caches: it is not called with `--no-daemon`"


def _has_no_daemon(facts: Facts) -> bool:
    return b"org.gradle.daemon=false" in facts.source.text


def _dotnet(calls: Sequence[Call]) -> str:
    if calls[-1].verb in (b"publish", b"tool install"):
        return ""
    return "what was built, but not published, may be run with packages from there"
