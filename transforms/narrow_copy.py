r"""Copy what a Python application uses in place of its whole folder.

Tests, documents, notebooks and what else lies about weigh in the image, can be read by whoever has it, and each change
of them makes the image another one.

```context
app.py: from shop import prices
shop/__init__.py: VERSION = 1
shop/prices.py: import json; PRICES = json.load(open("data/prices.json"))
data/prices.json: {"tea": 3}
requirements.txt: flask==3.1.0
docs/manual.pdf 3 MB
tests/test_prices.py 9 kB
```

```diff
--- Dockerfile
 FROM python:3.13-slim
 WORKDIR /srv
-COPY . .
+COPY app.py requirements.txt ./
+COPY data ./data/
+COPY shop ./shop/
 RUN pip install --no-cache-dir -r requirements.txt
 CMD ["python", "app.py"]
```

What is used are the modules that the entry point imports, the paths that these name, what the build reads behind the
copy, and the files of a licence. In doubt a path counts: where any literal ends as it does, where a library is known
to look for it (`templates` and `static` of Flask), where Python may look for a module.

```context
web/__init__.py: from flask import Flask; app = Flask(__name__); from . import views
web/views.py: from flask import render_template; show = lambda: render_template("index.html")
web/templates/index.html: <p>shop</p>
web/static/logo.svg: <svg/>
notebooks/sales.ipynb 4 MB
LICENSE: MIT
```

```diff
--- Dockerfile
 FROM python:3.13-slim
 WORKDIR /app
 RUN pip install --no-cache-dir flask gunicorn
-COPY --chown=www-data . /app
+COPY --chown=www-data LICENSE /app/
+COPY --chown=www-data web /app/web/
 CMD ["gunicorn", "--bind", "0.0.0.0:8000", "web:app"]
```

It is unsafe, since a container may be told to start something else than the image says, and since a library may look
for files by itself of which dockfix does not know. Try it by `dockfix verify --smoke`. A folder that gets a copy
of its own gets mode 755; one that had 775 is named, any other mode is kept by leaving the copy alone. A change that
drops less than `least` bytes is not worth it.

## Left alone

Where modules are loaded by a name that the text does not hold, any of them may be used.

```context
app.py: import importlib, os; plugin = importlib.import_module(os.environ["PLUGIN"])
plugins/one.py 20 kB
```

```dockerfile
FROM python:3.13-slim
WORKDIR /app
COPY . .
CMD ["python", "app.py"]
```

So may any file, where one is opened that is not named.

```context
app.py: import sys; text = open(sys.argv[1]).read()
data/a.txt 20 kB
```

```dockerfile
FROM python:3.13-slim
WORKDIR /app
COPY . .
ENTRYPOINT ["python", "app.py"]
```

Django finds modules by its settings.

```context
manage.py: from django.core.management import execute_from_command_line
shop/settings.py 20 kB
```

```dockerfile
FROM python:3.13-slim
WORKDIR /app
COPY . .
CMD ["python", "manage.py", "runserver"]
```

A build of the project reads what it likes.

```context
app.py: import shop
setup.py 2 kB
shop/__init__.py: VERSION = 1
docs/manual.pdf 3 MB
```

```dockerfile
FROM python:3.13-slim
WORKDIR /app
COPY . .
RUN pip install --no-cache-dir .
CMD ["python", "app.py"]
```

Of applications in other languages it is not told what they use.

```context
package.json: {}
index.js 20 kB
docs/manual.pdf 3 MB
```

```dockerfile
FROM node:22
WORKDIR /app
COPY . .
CMD ["node", "index.js"]
```
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from dockfix import Facts, Level, NarrowCopy, Phase, Proof, Proposal, Refusal, transform
from dockfix.model.sizes import size
from dockfix.model.sources import may_be_whole, sources_of
from dockfix.model.stages import layout

_SHOWN = 6  # paths by name; the rest is counted
# What starts a Python application cannot lack: it is asked of each file.
_LIKELY = (
    rb"(?i)(?:CMD|ENTRYPOINT)\b[^\n]*?(?:python|pypy|gunicorn|uvicorn|hypercorn|daphne|waitress-serve|flask|celery|streamlit"
    rb"|fastapi)"
)


@transform(
    "narrow-copy",
    title="Copy what is used, not the whole folder",
    level=Level.UNSAFE,
    phase=Phase.CLEANUP,
    settings={"least": 10_000},
)
def narrow_copy(facts: Facts) -> Iterator[Proposal | Refusal]:
    """In the last stage, write the copies of what is used in the place of each copy of a folder."""
    stages = facts.of(layout).stages
    if not stages:
        return
    copies = [
        index
        for index in range(stages[-1].first + 1, stages[-1].last)
        if facts.instructions[index].keyword in ("COPY", "ADD") and may_be_whole(facts, index)
    ]
    if not copies:
        return
    if not re.search(_LIKELY, facts.source.text):
        if any(_is_whole(facts, index) for index in copies) and facts.context is not None:
            why = "no Python application that is known is started, and of these alone it is told what they use"
            yield Refusal(facts.instructions[copies[0]].node.start, why)
        return
    for index in copies:
        yield from _narrowed(facts, index)


def _is_whole(facts: Facts, index: int) -> bool:
    return any(source.whole for source in sources_of(facts, index))


def _narrowed(facts: Facts, index: int) -> Iterator[Proposal | Refusal]:
    from dockfix.model.listed import listed
    from dockfix.model.manifests.asked import NotTold
    from dockfix.model.narrowing.lines import lines, replaced
    from dockfix.model.narrowing.used import is_of_file, used

    at = facts.instructions[index].node.start
    context = facts.context
    if context is None:
        if _is_whole(facts, index):
            yield Refusal(at, "what of it is used, the build context tells, which is not known here (--context)")
        return
    if is_of_file(facts, index, context):
        return
    try:
        found = used(facts, index, context)
        if found.paths == found.all:
            return
        told = lines(facts, index, found, context)
        edit = replaced(facts, index, told.copies)
    except NotTold as unknown:
        yield Refusal(at, f"what of it is used is not told: {unknown}")
        return
    weight = sum(bytes_ for _, bytes_ in told.gone)
    least = facts.settings.get("least")
    if not told.gone or (isinstance(least, int) and weight < least):
        return
    modes = f"; {', '.join(told.modes)} will have mode 755, not 775" if told.modes else ""
    gone = listed([f"{path} ({size(bytes_)})" for path, bytes_ in told.gone], _SHOWN)
    why = f"-{size(weight)}: {gone}{modes}. {_REST}"
    title = f"copy {listed(told.paths, _SHOWN)} alone"
    yield Proposal(at, title, why, (edit,), (NarrowCopy(told.paths),), Proof.MODELLED)


_REST = (
    "It is right only if nothing else is started in the image, and no file is named from outside or sought by a library"
)
