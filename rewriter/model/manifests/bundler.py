"""What `bundle install` reads: https://bundler.io/man/bundle-install.1.html, .../gemfile.5.html.

What moves that: https://bundler.io/man/bundle-config.1.html.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable, Mapping

from .asked import Asked, Needs, NotTold
from .reading import (
    Said,
    above,
    below,
    check_variables,
    home,
    inside,
    line,
    needs,
    options,
    text,
    there,
    those_there,
    trees,
)

_FLAGS = frozenset(
    """--deployment --frozen --no-cache --no-prune --quiet --full-index --system --local --redownload --force --verbose
    --prefer-local --no-color --clean""".split()
)
_VALUED = frozenset("-j --jobs -r --retry --without --with --path --trust-policy".split())
# Settings, as variables and in .bundle/config, that leave alone what is read of the project.
_HARMLESS = {
    "BUNDLE_PATH": "where gems go; heeded by itself",
    "BUNDLE_DEPLOYMENT": "as --deployment",
    "BUNDLE_FROZEN": "as --frozen",
    "BUNDLE_WITHOUT": "which groups",
    "BUNDLE_WITH": "which groups",
    "BUNDLE_ONLY": "which groups",
    "BUNDLE_JOBS": "how many at once",
    "BUNDLE_RETRY": "how often",
    "BUNDLE_TIMEOUT": "how long",
    "BUNDLE_REDIRECT": "how it fetches",
    "BUNDLE_SILENCE_ROOT_WARNING": "tells less",
    "BUNDLE_SILENCE_DEPRECATIONS": "tells less",
    "BUNDLE_IGNORE_MESSAGES": "tells less",
    "BUNDLE_IGNORE_FUNDING_REQUESTS": "tells less",
    "BUNDLE_SUPPRESS_INSTALL_USING_MESSAGES": "tells less",
    "BUNDLE_DISABLE_CHECKSUM_VALIDATION": "of what is fetched",
    "BUNDLE_DISABLE_VERSION_CHECK": "of Bundler itself",
    "BUNDLE_FORCE_RUBY_PLATFORM": "which builds of gems",
    "BUNDLE_SPECIFIC_PLATFORM": "which builds of gems",
    "BUNDLE_NO_PRUNE": "of the cache, and that is refused by itself",
    "BUNDLE_CLEAN": "of the gems' folder",
    "BUNDLE_VERSION": "which Bundler runs",
    "BUNDLE_USER_AGENT": "how it fetches",
    "BUNDLE_ALLOW_OFFLINE_INSTALL": "how it fetches",
    "BUNDLE_SSL_VERIFY_MODE": "how it fetches",
    "BUNDLE_BUILD__*": "options of what is compiled",
    "BUNDLE_MIRROR__*": "where gems come from",
    "BUNDLE_*__COM": "who fetches gems from there",
    "BUNDLE_*__ORG": "who fetches gems from there",
    "BUNDLE_*__IO": "who fetches gems from there",
    "BUNDLE_*__NET": "who fetches gems from there",
    "BUNDLER_VERSION": "which Bundler runs",
}
_TREES = ("GEM_HOME", "BUNDLE_APP_CONFIG", "BUNDLE_USER_HOME", "BUNDLE_USER_CACHE", "BUNDLE_USER_CONFIG")
_ELSEWHERE = "/usr/local/bundle /usr/local/lib /usr/local/bin /usr/lib /usr/bin /var/lib/gems /root/.bundle /root/.gem"
# A Gemfile is a program. These words of it are known to read no file; all others are refused.
_WORDS = frozenset(
    """source gem group groups do end ruby git git_source github gist bitbucket platform platforms if unless else elsif
    and or not then true false nil lambda install_if env ENV fetch key each freeze to_s to_sym to_i strip empty nil to_f
    include Gem win_platform Version new RUBY_VERSION RUBY_ENGINE RUBY_PLATFORM Bundler WINDOWS frozen_string_literal
    defined start_with end_with match ruby_version size first last split puts warn raise""".split()
)
_REFUSED = {
    "gemspec": "a gemspec may read any file",
    "path": "it takes gems from a folder",
    "plugin": "a plugin may read any file",
    "instance_eval": "it runs code that is not told",
    "eval": "it runs code that is not told",
    "require_relative": "it runs another file",
    "require": "it runs another file",
}
_STRING = re.compile(
    r""""(?P<double>(?:\\.|[^"\\])*)"|'(?:\\.|[^'\\])*'|%[wi][\[({][^\])}]*[\])}]|(?P<comment>\#[^\n]*)"""
)
# Of these the ends are not looked for, so they could hide a part of the file; `?"` and `$"` are no ends of strings.
_OTHER_STRING = re.compile(
    r"`|/|<<[-~]?['\"A-Z]|%[^wi\s\d=]|[?$]\"\"|\"\":|__FILE__|__dir__|__END__|^=begin", re.MULTILINE
)
_RUBY_FILE = re.compile(
    r"""^\s*ruby\s*\(?\s*(?:file:\s*(['"])(?P<file>[\w./-]+)\1|File\.read\(\s*(['"])(?P<read>[\w./-]+)\3\s*\)(?:\.(?:strip|chomp))?)
    \s*\)?\s*$""",
    re.MULTILINE | re.VERBOSE,
)
_EVALUATED = re.compile(r"""^\s*eval_gemfile\s*\(?\s*(['"])([\w./-]+)\1\s*\)?\s*$""", re.MULTILINE)
# Options that Bundler writes down in .bundle/config, for later.
_REMEMBERED = ("--without", "--with", "--path", "--deployment", "--frozen", "--system", "--clean", "--no-prune")
_UNDONE = "bundle writes to .bundle/config, and the copy of that file undoes it"
_REWRITTEN = "bundle install may rewrite Gemfile.lock, which --frozen, --deployment or BUNDLE_FROZEN would keep it from"


def bundler(asked: Asked) -> Needs:
    """What `bundle install` needs: the Gemfile, which must be plain, Gemfile.lock and what says which Ruby it is.

    `bundle config` may stand before it, with settings that change nothing of that. Where only .bundle/config says
    `frozen`, it stays unsure: images of Ruby set BUNDLE_APP_CONFIG, and the file is not read then.
    """
    words, env = line(asked)
    check_variables(env, r"BUNDLER?_\w+|GEM_\w+|RUBY(?:OPT|LIB)", (*_HARMLESS, *_TREES, "GEM_PATH"))
    elsewhere = trees(env, _ELSEWHERE, _TREES)
    folder = home(asked)
    top = _top(asked, folder)
    config = those_there(asked, top, (".bundle/config",))
    if below(asked, posixpath.join(top, ".bundle")) != config:
        raise NotTold(".bundle holds more than settings, maybe plugins")
    own = [_settings(text(asked, path), path) for path in config]
    outputs = [posixpath.join(top, name) for name in (".bundle", "vendor/bundle")]
    if words[1:2] == ("config",):
        _check_config(words[2:], config)
        return needs((*config, posixpath.join(top, "Gemfile")), outputs[:1], elsewhere)
    said = _said(words, config)
    for path in filter(None, (*said.values("--path"), *(each.get("BUNDLE_PATH") for each in (env, *own)))):
        if not re.fullmatch(r"[\w./@+-]+", path) or (top != folder and not path.startswith("/")):
            raise NotTold(f"where the gems go, {path}, is not known")
        if path.startswith("/"):
            elsewhere += (path.encode(),)
        else:
            outputs.append(inside(asked, top, path, "the path of the gems"))
    lock = those_there(asked, top, ("Gemfile.lock",))
    _check_lock(asked, lock)
    frozen = said.has("--deployment", "--frozen") or any(_is_on(env, name) for name in ("DEPLOYMENT", "FROZEN"))
    unsure = "there is no Gemfile.lock" if not lock else "" if frozen else _REWRITTEN
    versions = those_there(asked, top, (".ruby-version", ".tool-versions"))
    return needs((*_gemfiles(asked, top), *lock, *config, *versions), outputs, elsewhere, unsure)


def _said(words: tuple[str, ...], config: list[str]) -> Said:
    verb = next((word for word in words[1:2] if not word.startswith("-")), "")
    if verb not in ("", "install", "i"):
        raise NotTold(f"bundle {verb} may read any file")
    said = options(words[2:] if verb else words[1:], _FLAGS, _VALUED)
    if said.arguments and not said.has("--without", "--with"):  # They take several words.
        raise NotTold(f"it is not known what bundle install makes of {said.arguments[0]}")
    if config and said.has(*_REMEMBERED):
        raise NotTold(_UNDONE)
    return said


def _is_on(env: Mapping[str, str], name: str) -> bool:
    return env.get(f"BUNDLE_{name}", "").lower() in ("1", "true", "yes", "on")


def _settings(told: str, path: str) -> dict[str, str]:
    """The settings of a .bundle/config; NotTold for those that name files of the project."""
    found = {}
    for row in told.splitlines():
        match = re.fullmatch(r"""(BUNDLE_\w+):\s*(?:"([^"\\]*)"|([^\s"']\S*)?)\s*""", row)
        if match:
            found[match[1]] = match[2] or match[3] or ""
        elif row.strip() not in ("", "---"):
            raise NotTold(f"{path} has a line that is not understood: {row.strip()}")
    check_variables(found, r"BUNDLE_\w+", _HARMLESS)
    return found


def _check_config(words: Iterable[str], config: list[str]) -> None:
    """NotTold for settings that move what is read or written: what follows must be told without them."""
    said = options(words, ("--global", "--local"), ())
    if config and not said.has("--global"):
        raise NotTold(_UNDONE)
    names = said.arguments[1:] if said.arguments[:1] == ("set",) else said.arguments
    setting = f"BUNDLE_{names[0]}".upper().replace(".", "__").replace("-", "___") if len(names) >= 2 else ""
    moved = setting in ("BUNDLE_PATH", "BUNDLE_DEPLOYMENT") or setting.startswith("BUNDLE_LOCAL")
    if not setting or moved:
        raise NotTold(f"bundle config {' '.join(said.arguments)} may move what is read or written")
    check_variables({setting: ""}, r".*", _HARMLESS)


def _top(asked: Asked, folder: str) -> str:
    """The first folder, upwards, that has a Gemfile."""
    for each in above(asked, folder):
        if there(asked, posixpath.join(each, "gems.rb")):
            raise NotTold("gems.rb stands for the Gemfile")
        if there(asked, posixpath.join(each, "Gemfile")):
            if any(path.startswith(posixpath.join(each, "vendor/cache/")) for path in asked.context.entries):
                raise NotTold("vendor/cache holds gems, and bundle install brings it up to date")
            return each
    raise NotTold("there is no Gemfile")


def _gemfiles(asked: Asked, top: str) -> list[str]:
    """The Gemfile, those that it evaluates, and files that say which Ruby it is for."""
    found: list[str] = []
    waiting = [posixpath.join(top, "Gemfile")]
    while waiting:
        path = waiting.pop()
        if path in found:
            continue
        told = text(asked, path)
        found.append(path)
        for match in _EVALUATED.finditer(told):
            waiting.append(inside(asked, posixpath.dirname(path), match[2], path))
        for match in _RUBY_FILE.finditer(told):
            found.append(inside(asked, top, match["file"] or match["read"], path))
            text(asked, found[-1])
        _check_gemfile(_EVALUATED.sub("", _RUBY_FILE.sub("", told)), path)
    return found


def _check_gemfile(told: str, path: str) -> None:
    """NotTold where the Gemfile has a word of Ruby that is not known: strings, symbols and keys are none."""
    strings = [match for match in _STRING.finditer(told) if not match["comment"]]
    if any(re.match(r"""["'](?:\.{0,2}/|file:)""", match[0]) for match in strings):
        raise NotTold(f"{path}: {_REFUSED['path']}")
    code = _STRING.sub('""', told)
    inner = "\n".join(match["double"] or "" for match in strings)
    odd = _OTHER_STRING.search(code) or re.search(r"#\{", re.sub(r"#\{[^}]*\}", "", inner))
    if odd:
        raise NotTold(f"{path} has {odd[0]!r}, and what stands there is not understood")
    code = "\n".join((code, *re.findall(r"#\{([^}]*)\}", inner)))
    own = {match[1] for match in re.finditer(r"^\s*([a-z_]\w*)\s*=(?!=)", code, re.MULTILINE)}
    own |= {name for match in re.finditer(r"\|([\w, ]+)\|", code) for name in re.findall(r"\w+", match[1])}
    keyed = re.search(r"(?<![\w:])(?::(?:path|gemspec)\b(?!:)|path:)", code)
    if keyed:
        raise NotTold(f"{path}: {_REFUSED['path']}")
    for name in re.findall(r"(?<![\w:@$])[A-Za-z_]\w*(?![\w]*:(?!:))", code):
        if name in _REFUSED:
            raise NotTold(f"{path}: {_REFUSED[name]}")
        if name not in _WORDS and name not in own:
            raise NotTold(f"{path} runs code, {name}, of which it is not known what it reads")


def _check_lock(asked: Asked, lock: list[str]) -> None:
    for path in lock:
        match = re.search(r"^(PATH|PLUGIN SOURCE)\s*$", text(asked, path), re.MULTILINE)
        if match:
            raise NotTold(f"{path} takes gems from a folder or a plugin")
