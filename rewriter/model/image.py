"""The symbolic image configuration: what ENV, ARG, USER, WORKDIR, SHELL and the metadata instructions add up to."""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import NamedTuple

from ..syntax.instruction import Instruction
from ..syntax.words import expand, json_form, pairs, words


class Values(dict[bytes, bytes]):
    """Values by name, never changed once made; hashable, so that equal ones cost nothing to tell from the same one."""

    def __hash__(self) -> int:  # type: ignore[override]
        return len(self)


_NOTHING = Values()


class Configuration(NamedTuple):
    """A configuration, of a stage's end or of any point in it. None: what the base brings.

    Values are expanded as far as they are known. The value of an ARG is a symbol that names its default,
    since a build may give another; an unknown variable stays as written.
    """

    base: bytes = b""
    env: Values = _NOTHING
    args: Values = _NOTHING
    user: bytes | None = None
    workdir: bytes | None = None
    shell: tuple[str, ...] | None = None
    metadata: Mapping[tuple[str, bytes], bytes] = MappingProxyType({})

    def process(self) -> tuple[object, ...]:
        """What a RUN's process sees of it, hashable."""
        return (self.env, self.args, self.user, self.workdir, self.shell)


def after(config: Configuration, instruction: Instruction, escape: bytes) -> Configuration:
    """The configuration behind the instruction; RUN, COPY, ADD, FROM and what is wrong leave it as it is."""
    handler = _HANDLERS.get(instruction.keyword)
    try:
        return handler(config, instruction, escape) if handler else config
    except ValueError:
        return config


def value(config: Configuration, word: bytes, escape: bytes) -> bytes:
    """The word as the builder expands it at this point."""
    try:
        return expand(word, lambda name: config.env.get(name, config.args.get(name)), escape)
    except ValueError:
        return word


def _env(config: Configuration, instruction: Instruction, escape: bytes) -> Configuration:
    given = pairs(instruction.rest, escape)
    return config._replace(env=Values({**config.env, **{name: value(config, text, escape) for name, text in given}}))


def _arg(config: Configuration, instruction: Instruction, escape: bytes) -> Configuration:
    args = Values(config.args)
    for word in words(instruction.rest, escape):
        name, equals, text = word.partition(b"=")
        default = value(config, text, escape) if equals else b""
        args.pop(name, None)
        args[name] = b"<ARG %s%s%s>" % (name, equals, default)
    return config._replace(args=args)


def _user(config: Configuration, instruction: Instruction, escape: bytes) -> Configuration:
    return config._replace(user=value(config, instruction.rest, escape))


def _workdir(config: Configuration, instruction: Instruction, escape: bytes) -> Configuration:
    path = value(config, instruction.rest, escape)
    if not path.startswith(b"/"):
        path = (config.workdir or b"<workdir of the base>") + b"/" + path
    return config._replace(workdir=path)


def _shell(config: Configuration, instruction: Instruction, _: bytes) -> Configuration:
    return config._replace(shell=json_form(instruction.rest))


def _set(config: Configuration, kind: str, name: bytes, text: bytes) -> Configuration:
    return config._replace(metadata={**config.metadata, (kind, name): text})


def _labels(config: Configuration, instruction: Instruction, escape: bytes) -> Configuration:
    labels = {("LABEL", name): value(config, text, escape) for name, text in pairs(instruction.rest, escape)}
    return config._replace(metadata={**config.metadata, **labels})


def _whole(config: Configuration, instruction: Instruction, escape: bytes) -> Configuration:
    return _set(config, instruction.keyword, b"", value(config, instruction.rest, escape))


def _member(config: Configuration, instruction: Instruction, _: bytes) -> Configuration:
    """EXPOSE, VOLUME and ONBUILD add up."""
    return _set(config, instruction.keyword, instruction.rest + b"".join(instruction.bodies), b"")


def _command(config: Configuration, instruction: Instruction, _: bytes) -> Configuration:
    """CMD, ENTRYPOINT, HEALTHCHECK; a shell form holds the SHELL in force. ENTRYPOINT resets an inherited CMD."""
    form = b"" if json_form(instruction.rest) is not None else repr(config.shell).encode()
    text = b" ".join((*instruction.flags, instruction.rest)) + form
    changed = _set(config, instruction.keyword, b"", text)
    if instruction.keyword == "ENTRYPOINT" and ("CMD", b"") not in config.metadata:
        changed = _set(changed, "CMD", b"", b"<reset>")
    return changed


_HANDLERS: Mapping[str, Callable[[Configuration, Instruction, bytes], Configuration]] = {
    "ENV": _env,
    "ARG": _arg,
    "USER": _user,
    "WORKDIR": _workdir,
    "SHELL": _shell,
    "LABEL": _labels,
    "MAINTAINER": _whole,
    "STOPSIGNAL": _whole,
    "EXPOSE": _member,
    "VOLUME": _member,
    "ONBUILD": _member,
    "CMD": _command,
    "ENTRYPOINT": _command,
    "HEALTHCHECK": _command,
}
