r"""Name what layers hold although a later step deletes, replaces or changes it.

A layer is never changed by a later one. What a RUN deletes that an earlier step has stored is gone from sight only:
everybody who has the image has it, and its bytes are pulled, stored and scanned.

```context
tool.deb 5 MB
```

```dockerfile
FROM debian:12
COPY tool.deb /tmp/
RUN dpkg -i /tmp/tool.deb
RUN rm /tmp/tool.deb
```

```report
2: warning: this layer keeps /tmp/tool.deb (5.0 MB), though `rm /tmp/tool.deb` deletes it
```

A name that looks like a secret is an error. By the names that [write-dockerignore](write-dockerignore.md) has, too;
where the name alone says little (`*.pem`) and the file can be read, by what it holds.

```dockerfile
FROM debian:12
COPY id_rsa /root/.ssh/id_rsa
RUN git clone git@example.com:team/app /app && rm /root/.ssh/id_rsa
```

```report
2: error: this layer keeps /root/.ssh/id_rsa, which looks like a secret, though
  `rm /root/.ssh/id_rsa` deletes it: mount it instead (RUN --mount=type=secret)
```

A change of mode or owner stores all bytes again, be the new mode the old one or not.

```context
app/server 40 MB
app/page.html 2 kB
```

```dockerfile
FROM debian:12
COPY app /srv
RUN chown -R www-data /srv
```

```report
2: warning: this layer keeps /srv (40.0 MB), which `chown -R www-data /srv` stores again
```

What commands of known make have brought counts, too, of a size that is not known: curl, wget, git, tar, unzip, cp,
mv, a redirect, package lists and download caches.

```dockerfile
FROM debian:12
RUN curl -fsSLo /tmp/go.tgz https://go.dev/dl/go1.22.0.linux-amd64.tar.gz
RUN tar -xzf /tmp/go.tgz -C /usr/local && rm /tmp/go.tgz
```

```report
2: warning: this layer keeps /tmp/go.tgz (size not known), though `rm /tmp/go.tgz` deletes it
```

## What is said, and what is not

It is about shipped stages, and about the text behind all changes: what a change has repaired is no longer named.
`dockfix verify` measures each finding.

What nobody is known to have made is not named, nor what a pattern may match that the build context does not settle, nor
what a command deletes that may not run. What is smaller than `least` bytes is told by `-v` and `--format json` only,
and so is a copy of the same file at the same place, which a good build may have: manifests first, then all.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from dockfix import Facts, Finding, Severity, report

if TYPE_CHECKING:
    from dockfix.model.files.hidden import Hidden, HiddenPath

_MOST = 3  # paths of a finding that a person reads; the rest is counted, and JSON has all


@report("hidden-bytes", title="Name what layers hold although nobody sees it", settings={"least": 100_000})
def hidden_bytes(facts: Facts) -> Iterator[Finding]:
    """One finding for what one step hides in the layer of another; secrets apart."""
    if sum(one.keyword in ("RUN", "COPY", "ADD") for one in facts.instructions) < 2:
        return
    from dockfix.model.files.hides import may_hide

    if not may_hide(facts):
        return
    from dockfix.model.files.hidden import How, hidden

    for one in facts.of(hidden):
        is_gone = one.how in (How.DELETED, How.REPLACED)
        secrets = tuple(path for path in one.paths if path.is_secret and is_gone)
        others = tuple(path for path in one.paths if path not in secrets)
        if secrets:
            yield _finding(facts, one._replace(paths=secrets), Severity.ERROR)
        if others:
            rest = one._replace(paths=others)
            yield _finding(facts, rest, _severity(facts, rest))


def _severity(facts: Facts, found: Hidden) -> Severity:
    from dockfix.model.files.hidden import How

    least = facts.settings["least"]
    is_copy = found.how is How.STORED_AGAIN and facts.instructions[found.by].keyword != "RUN"
    size = found.bytes
    if is_copy or (size is not None and isinstance(least, int) and size < least):
        return Severity.INFO
    # One file of the context is mostly a small one: a script, a configuration.
    return Severity.INFO if size is None and found.is_one_file else Severity.WARNING


def _finding(facts: Facts, found: Hidden, severity: Severity) -> Finding:
    starts = [facts.instructions[index].node.start for index in (found.position, found.by, found.origin)]
    return Finding(starts[0], severity, _message(found, severity), found, tuple(starts[1:]))


def _message(found: Hidden, severity: Severity) -> str:
    from dockfix.model.files.hidden import How
    from dockfix.model.listed import listed

    shown = listed([_path(path) for path in found.paths], _MOST)
    does = {How.DELETED: "deletes", How.REPLACED: "replaces", How.MOVED: "moves"}
    words = " ".join(found.words.decode("utf-8", "replace").split())
    words = words if len(words) <= 60 else words[:57] + "..."
    it = "it" if len(found.paths) == 1 else "them"
    if severity is Severity.ERROR:
        look = "which looks like a secret" if len(found.paths) == 1 else "which look like secrets"
        advice = "mount it instead (RUN --mount=type=secret)".replace("it", it, 1)
        return f"this layer keeps {shown}, {look}, though `{words}` {does[found.how]} {it}: {advice}"
    if found.how is How.STORED_AGAIN:
        return f"this layer keeps {shown}, which `{words}` stores again"
    return f"this layer keeps {shown}, though `{words}` {does[found.how]} {it}"


def _path(path: HiddenPath) -> str:
    from dockfix.model.sizes import size

    shown = path.path.decode("utf-8", "replace")
    if path.is_secret:
        return shown
    return f"{shown} ({size(path.bytes) if path.bytes is not None else 'size not known'})"
