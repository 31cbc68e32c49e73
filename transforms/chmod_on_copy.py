r"""Set modes and owners by flags of COPY, not by a RUN behind it.

`chmod` and `chown` change a file that a copy has brought by storing it once more, in the layer of the RUN. `--chmod`
and `--chown` give the copy its mode and owner at once. What else the RUN does stays; a RUN that does nothing else goes.

```context
docker-entrypoint.sh: exec "$@"
```

```diff
--- Dockerfile
 FROM debian:bookworm-slim
-COPY docker-entrypoint.sh /usr/local/bin/
-RUN chmod +x /usr/local/bin/docker-entrypoint.sh
+COPY --chmod=755 docker-entrypoint.sh /usr/local/bin/
 ENTRYPOINT ["docker-entrypoint.sh"]
```

Several RUNs over several copies leave each mode once. What they say by steps (`+x`) is worked out from the mode that
the file has in the build context.

```context
start.sh: exec nginx
reload.sh: nginx -s reload
```

```diff
--- Dockerfile
 FROM nginx:1.29
-COPY start.sh /start.sh
-COPY reload.sh /reload.sh
-RUN chmod 600 /reload.sh
-RUN chmod +x /start.sh
-RUN chmod 750 /reload.sh \
-    && nginx -t
+COPY --chmod=755 start.sh /start.sh
+COPY --chmod=750 reload.sh /reload.sh
+RUN nginx -t
```

The owner of a whole folder can be set where the copy is the first to make it; its mode, where files and folders all
come to 755, as the folders that a copy makes always do.

```context
app/main.py: print("hello")
app/lib/one.py: pass
```

```diff
--- Dockerfile
 FROM python:3.13-slim
 RUN useradd --system app
-COPY app /srv/app
-RUN chown -R app:app /srv/app
+COPY --chown=app:app app /srv/app
 USER app
```

`chown` without a group leaves the group of the file, where `--chown` would take another one.

```context
secrets.conf: key = 1
```

```diff
--- Dockerfile
 FROM debian:bookworm-slim
-COPY secrets.conf /etc/secrets.conf
-RUN chown www-data /etc/secrets.conf && chmod 0400 /etc/secrets.conf
+COPY --chown=www-data:0 --chmod=400 secrets.conf /etc/secrets.conf
```

What ADD fetches has the mode 600, to which `+x` gives 711.

```diff
 FROM debian:bookworm-slim
-ADD https://github.com/krallin/tini/releases/download/v0.19.0/tini /usr/local/bin/tini
-RUN chmod +x /usr/local/bin/tini
+ADD --chmod=711 https://github.com/krallin/tini/releases/download/v0.19.0/tini /usr/local/bin/tini
 ENTRYPOINT ["tini", "--"]
```

## Left alone

Of a copy of several files, all would get the mode.

```context
start.sh: exec nginx
nginx.conf: worker_processes 4;
```

```dockerfile
FROM nginx:1.29
COPY start.sh nginx.conf /srv/
RUN chmod +x /srv/start.sh
```

WORKDIR has made the folder, and the copy would not change its owner.

```context
app/main.py: print("hello")
```

```dockerfile
FROM python:3.13-slim
WORKDIR /srv/app
COPY app .
RUN chown -R www-data:www-data /srv/app
```

A copy makes the folders on its way for the owner that it names.

```context
app.conf: a = 1
```

```dockerfile
FROM debian:bookworm-slim
COPY app.conf /etc/app/app.conf
RUN chown www-data /etc/app/app.conf
```

The user is not there yet when the file is copied.

```context
app.conf: a = 1
```

```dockerfile
FROM debian:bookworm-slim
COPY app.conf /etc/app.conf
RUN useradd app
RUN chown app /etc/app.conf
```

What runs in between reads the file as it was copied.

```context
key: secret
```

```dockerfile
FROM debian:bookworm-slim
COPY key /srv/key
RUN sha256sum /srv/key
RUN chmod 400 /srv/key
```

Where `/opt/tool` is a folder of the base, the file comes to lie in it.

```context
tool: run
```

```dockerfile
FROM debian:bookworm-slim
COPY tool /opt/tool
RUN chmod 755 /opt/tool
```

Setuid bits, patterns, files of another stage, and what is not known of the build context stay with `chmod` and `chown`,
too. So does a file whose mode in the context is neither 644 nor 755, where the result depends on it: git keeps no
other, so that another checkout has another.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from dockfix import DropChange, Facts, Level, Licence, Phase, Proof, Proposal, Refusal, SetFlag, transform
from dockfix.model.files.likely import may_delete_copied

if TYPE_CHECKING:
    from dockfix.model.folding.fold import Fold

_CHANGE = re.compile(rb"[\w/]*\bch(?:mod|own)\s")


@transform(
    "chmod-on-copy",
    title="Set modes and owners by flags of COPY",
    level=Level.SAFE,
    phase=Phase.SPLIT,
)
def chmod_on_copy(facts: Facts) -> Iterator[Proposal | Refusal]:
    """Each RUN that begins with such commands is one decision."""
    if not _is_concerned(facts):
        return
    from dockfix.model.folding.fold import folds
    from dockfix.model.folding.written import written

    found = facts.of(folds)
    passing = _deleted_later(facts) if found.folds else frozenset()
    for index, reason in found.refused:
        yield Refusal(facts.instructions[index].node.start, reason)
    for fold in found.folds.values():
        at = facts.instructions[fold.position].node.start
        edits = written(facts, fold)
        if not passing.isdisjoint(fold.flags):
            yield Refusal(at, "a later RUN deletes the file: it need not be in the image (copy-then-delete)")
        elif isinstance(edits, str):
            yield Refusal(at, edits)
        else:
            yield Proposal(at, _title(fold), _why(fold), edits, _licences(fold), Proof.MODELLED)


def _is_concerned(facts: Facts) -> bool:
    """Whether a RUN below a copy begins with such a command: in most files, none does."""
    copied = False
    for instruction in facts.instructions:
        copied = copied or instruction.keyword in ("COPY", "ADD")
        if copied and instruction.keyword == "RUN" and _CHANGE.match(instruction.rest):
            return True
    return False


def _deleted_later(facts: Facts) -> frozenset[int]:
    """The copies whose files a later RUN deletes: a mount takes no flags, but then nothing is stored twice, either."""
    if not may_delete_copied(facts):
        return frozenset()
    from dockfix.model.files.passing import deleted_later

    return facts.of(deleted_later)


def _title(fold: Fold) -> str:
    names = dict.fromkeys(flag.after.partition(b"=")[0].decode() for flags in fold.flags.values() for flag in flags)
    does = " and ".join(dict.fromkeys(command.words[0].text.decode() for command in fold.dropped))
    return f"use {' and '.join(names)} in the place of {does}" if names else f"drop {does}: the copy does the same"


def _why(fold: Fold) -> str:
    from dockfix.model.sizes import size

    weight = f" ({size(fold.size)})" if fold.size else ""
    return f"the layer of the RUN holds the same files once more{weight}"


def _licences(fold: Fold) -> tuple[Licence, ...]:
    from dockfix.syntax.script import texts

    flags = (SetFlag(*flag) for flags in fold.flags.values() for flag in flags)
    return (*flags, *(DropChange(texts(command)) for command in fold.dropped))
