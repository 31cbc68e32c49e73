"""Applications in Python whose folder is copied, with what is copied of it instead, or why it stays as it is."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

START = '["python", "app.py"]'


class NarrowCase(NamedTuple):
    """`copies` stand in the place of `copy`; where they are empty, it stays, and `why` says why (empty: nothing does).

    `start` is behind CMD, `above` and `behind` are lines before and behind the copy. Beside `files` there is always
    something that nobody uses.
    """

    says: str
    files: Mapping[str, str]
    copies: str = ""
    why: str = ""
    start: str = START
    copy: str = "COPY . .\n"
    above: str = ""
    behind: str = ""
    links: Mapping[str, str] = {}

    def text(self, *, narrow: bool = False) -> str:
        """The Dockerfile, before or after."""
        copy = self.copies if narrow else self.copy
        return f"FROM python:3.13-slim\nWORKDIR /app\n{self.above}{copy}{self.behind}CMD {self.start}\n"


def one(text: str) -> dict[str, str]:
    """An application of one file."""
    return {"app.py": text}


ALONE = "COPY app.py ./\n"
WEB = {"web/__init__.py": "", "web/wsgi.py": "app = print\n"}
IN_WEB = "COPY web ./web/\n"

RIGHT = (
    NarrowCase("one file", one("print(1)\n"), ALONE),
    NarrowCase("a module beside it", one("import db\n") | {"db.py": "", "other.py": ""}, "COPY app.py db.py ./\n"),
    NarrowCase("a package, which is copied whole if all of it is used",
               one("from shop.models import tea\n") | {"shop/__init__.py": "", "shop/models/__init__.py": "tea = 1\n"},
               "COPY app.py ./\nCOPY shop ./shop/\n"),
    NarrowCase("a package of which one module is used",
               one("from shop import prices\n") | {"shop/__init__.py": "", "shop/prices.py": "", "shop/old.py": ""},
               "COPY app.py ./\nCOPY shop/__init__.py shop/prices.py ./shop/\n"),
    NarrowCase("a package without __init__.py",
               one("import shop.prices\n") | {"shop/prices.py": "", "shop/old.py": ""},
               "COPY app.py ./\nCOPY shop/prices.py ./shop/\n"),
    NarrowCase("relative imports",
               one("import shop.a\n") | {"shop/__init__.py": "", "shop/a.py": "from . import b\nfrom .in_ import c\n", "shop/b.py": "",
                                         "shop/in_/__init__.py": "", "shop/in_/c.py": "from .. import d\n", "shop/d.py": "", "shop/e.py": ""},
               "COPY app.py ./\nCOPY shop/__init__.py shop/a.py shop/b.py shop/d.py ./shop/\nCOPY shop/in_ ./shop/in_/\n"),
    NarrowCase("an import in a function, and one that may fail",
               one("def f():\n    import a\ntry:\n    import b\nexcept ImportError:\n    import c\n") | {"a.py": "", "b.py": "", "c.py": "", "d.py": ""},
               "COPY a.py app.py b.py c.py ./\n"),
    NarrowCase("all names of a package, with modules in __all__",
               one("from shop import *\n") | {"shop/__init__.py": "__all__ = ['a']\n", "shop/a.py": "", "shop/b.py": ""},
               "COPY app.py ./\nCOPY shop/__init__.py shop/a.py ./shop/\n"),
    NarrowCase("a literal that is imported", one("import importlib\nimportlib.import_module('plugins.a')\n") | {"plugins/a.py": "", "plugins/b.py": ""},
               "COPY app.py ./\nCOPY plugins/a.py ./plugins/\n"),
    NarrowCase("a module by name in a string", one("import uvicorn\nuvicorn.run('web.main:app')\n") | {"web/main.py": "", "web/old.py": ""},
               "COPY app.py ./\nCOPY web/main.py ./web/\n"),
    NarrowCase("a file that is opened", one("open('data/a.csv')\n") | {"data/a.csv": "1\n", "data/b.csv": "1\n"},
               "COPY app.py ./\nCOPY data/a.csv ./data/\n"),
    NarrowCase("a folder that is listed", one("import os\nos.listdir('data')\n") | {"data/a.csv": "1\n", "data/in/b.csv": "1\n"},
               "COPY app.py ./\nCOPY data ./data/\n"),
    NarrowCase("a file beside the module, by __file__",
               one("import os\nopen(os.path.join(os.path.dirname(__file__), 'a.json'))\n") | {"a.json": "{}\n", "b.json": "{}\n"},
               "COPY a.json app.py ./\n"),
    NarrowCase("a folder with a name of its own, each use of which says what is meant",
               one("from pathlib import Path\nBASE = Path(__file__).resolve().parent\n(BASE / 'a' / 'b.json').read_text()\n")
               | {"a/b.json": "{}\n", "a/c.json": "{}\n"},
               "COPY app.py ./\nCOPY a/b.json ./a/\n"),
    NarrowCase("a name that is put together, by its end", one("names = [f'{n}_data.csv' for n in 'ab']\n") | {"x/a_data.csv": "1\n", "x/b.csv": "1\n"},
               "COPY app.py ./\nCOPY x/a_data.csv ./x/\n"),
    NarrowCase("a folder in which the name is put together", one("def f(n): return open(f'data/{n}')\n") | {"data/a": "1\n"},
               "COPY app.py ./\nCOPY data ./data/\n"),
    NarrowCase("a file that is written needs its folder", one("open('var/run.log', 'w')\n") | {"var/keep": ""},
               "COPY app.py ./\nCOPY var ./var/\n"),
    NarrowCase("what settings name", one("open('conf.yml')\n") | {"conf.yml": "model: models/a.bin\nclass: lib.a.A\n", "models/a.bin": "1\n", "models/b.bin": "", "lib/a.py": ""},
               "COPY app.py conf.yml ./\nCOPY lib ./lib/\nCOPY models/a.bin ./models/\n"),
    NarrowCase("what a variable of the image names", one("import os\n") | {"conf/a.yml": "a: 1\n", "conf/b.yml": "b: 1\n"},
               "COPY app.py ./\nCOPY conf/a.yml ./conf/\n", above="ENV CONFIG=/app/conf/a.yml\n"),
    NarrowCase("a docstring names nothing", one("'''See README.md.'''\n") | {"README.md": "text\n"}, ALONE),
    NarrowCase("templates of Flask", one("from flask import Flask\napp = Flask(__name__)\n") | {"templates/a.html": "<p>\n", "static/a.css": "a\n"},
               "COPY app.py ./\nCOPY static ./static/\nCOPY templates ./templates/\n", start='["flask", "run", "--host", "0.0.0.0"]'),
    NarrowCase("a folder of the name of a library", one("import redis\n") | {"redis/redis.conf": "a\n"}, ALONE),
    NarrowCase("a module in the place of one of Python's own", one("import types\n") | {"types.py": "", "a.py": ""}, "COPY app.py types.py ./\n"),
    NarrowCase("a licence", one("") | {"LICENSE": "MIT\n", "NOTICE.txt": "by us\n"}, "COPY LICENSE NOTICE.txt app.py ./\n"),
    NarrowCase("a module that is run", {"web/__init__.py": "", "web/__main__.py": "from . import a\n", "web/a.py": "", "web/b.py": ""},
               "COPY web/__init__.py web/__main__.py web/a.py ./web/\n", start='["python", "-u", "-m", "web"]'),
    NarrowCase("gunicorn", {**WEB, "web/old.py": "", "gunicorn.conf.py": "bind = ':80'\n"},
               "COPY gunicorn.conf.py ./\nCOPY web/__init__.py web/wsgi.py ./web/\n", start='["gunicorn", "-w", "2", "--bind=:80", "web.wsgi:app"]'),
    NarrowCase("gunicorn with its settings elsewhere", {**WEB, "conf/g.py": "import web.more\n", "web/more.py": ""},
               "COPY conf ./conf/\nCOPY web ./web/\n", start='["gunicorn", "-c", "conf/g.py", "web.wsgi:app"]'),
    NarrowCase("uvicorn, below a source folder", {"src/main.py": "import a\n", "src/a.py": "", "src/b.py": ""},
               "COPY src/a.py src/main.py ./src/\n", start='["uvicorn", "main:app", "--app-dir", "src", "--port", "80"]'),
    NarrowCase("PYTHONPATH", {"src/main.py": "import a\n", "src/a.py": "", "lib/a.py": ""},
               "COPY src ./src/\n", start='["python", "-m", "main"]', above="ENV PYTHONPATH=/app/src:$PYTHONPATH\n"),
    NarrowCase("celery", {"jobs/__init__.py": "", "jobs/celery.py": "x = ['jobs.tasks']\n", "jobs/tasks.py": "", "jobs/old.py": ""},
               "COPY jobs/__init__.py jobs/celery.py jobs/tasks.py ./jobs/\n", start='["celery", "-A", "jobs", "worker", "-l", "info"]'),
    NarrowCase("a shell form", one(""), ALONE, start="exec python app.py"),
    NarrowCase("tini starts what CMD says", one(""), ALONE, behind='ENTRYPOINT ["tini", "--"]\n'),
    NarrowCase("what an install reads", one("") | {"requirements.txt": "-r base.txt\n", "base.txt": "flask\n", "dev.txt": "pytest\n"},
               "COPY app.py base.txt requirements.txt ./\n", behind="RUN pip install --no-cache-dir -r requirements.txt\n"),
    NarrowCase("what was installed before is copied already", one("") | {"requirements.txt": "flask\n"}, ALONE,
               above="COPY requirements.txt ./\nRUN pip install --no-cache-dir -r requirements.txt\n"),
    NarrowCase("owners of all that is there", one(""), ALONE, behind="RUN chown -R www-data:www-data /app\n"),
    NarrowCase("what a RUN names", one("") | {"run.sh": "x\n", "fixed.sh": "x\n"}, "COPY app.py run.sh ./\n", behind="RUN chmod +x run.sh\n"),
    NarrowCase("a health check", one("") | {"check.py": "import a\n", "a.py": "", "b.py": ""}, "COPY a.py app.py check.py ./\n",
               behind="HEALTHCHECK --interval=5s CMD python check.py || exit 1\n"),
    NarrowCase("a health check that asks the network", one(""), ALONE, behind="HEALTHCHECK CMD curl -f http://localhost:8000/ || exit 1\n"),
    NarrowCase("flags", one(""), "COPY --chown=33:33 --chmod=755 app.py /srv/\n", copy="COPY --chown=33:33 --chmod=755 . /srv\n", start='["python", "/srv/app.py"]'),
    NarrowCase("ADD of a folder", {"code/app.py": "", "code/old.txt": "text\n" * 9_000}, "COPY code/app.py /app/\n", copy="ADD code /app\n"),
    NarrowCase("a folder of the context", {"api/app.py": "import a\n", "api/a/__init__.py": "", "api/notes/b.txt": "text\n" * 9_000},
               "COPY api/app.py ./\nCOPY api/a ./a/\n", copy="COPY api/ ./\n"),
    NarrowCase("lower case", one(""), "copy app.py ./\n", copy="copy . .\n"),
    NarrowCase("syntax that is newer than most", one("type X[T] = list[T]\nmatch 1:\n    case _:\n        print(f'{'a' + f'{1}'}')\n"), ALONE),
    NarrowCase("what a front end builds lies beside it", one(""), ALONE, behind="COPY --from=node:22 /srv/dist /app/static\n"),
    NarrowCase("a folder of which most is used is copied whole",
               one("".join(f"import p.m{n}\n" for n in range(12))) | {f"p/m{n}.py": "" for n in range(13)},
               "COPY app.py ./\nCOPY p ./p/\n"),
)  # fmt: skip

WRONG = (
    NarrowCase("all of it is used", {"notes/x.py": "", **one("open('notes/manual.pdf'); import notes.x\n")}),
    NarrowCase("an import by a name that is not known", one("import importlib, sys\nimportlib.import_module(sys.argv[1])\n"), why="loads a module"),
    NarrowCase("an import by __import__", one("__import__(input())\n"), why="loads a module"),
    NarrowCase("an import by another name", one("import sys as s\ns.path.append('a')\n"), why="another name"),
    NarrowCase("a function by another name", one("from importlib import import_module as load\nload(input())\n"), why="another name"),
    NarrowCase("a function by its name in a string", one("getattr(__builtins__, '__import__')(input())\n"), why="by another name"),
    NarrowCase("a function that is handed on", one("read = open\nread(input())\n"), why="handed on"),
    NarrowCase("a folder of the name of a library that cannot be told", one("import django\n") | {"django/static/a.css": ""}, why="Django"),
    NarrowCase("text that is run", one("exec(input())\n"), why="`exec`: text is run"),
    NarrowCase("a module that is run by path", one("import runpy\n"), why="runpy"),
    NarrowCase("packages that are walked", one("import pkgutil\n"), why="pkgutil"),
    NarrowCase("Django", one("import django\n"), why="Django"),
    NarrowCase("pickles", one("from pickle import load\n"), why="unpickled"),
    NarrowCase("other programs", one("import subprocess\n"), why="other programs"),
    NarrowCase("other programs of os", one("import os\nos.system('ls')\n"), why="other programs"),
    NarrowCase("a path of modules that changes", one("import sys\nsys.path.append('lib')\n"), why="sys.path"),
    NarrowCase("a file that is not named", one("import sys\nopen(sys.argv[1])\n"), why="opens what"),
    NarrowCase("a parameter with the name of a constant", one("path = 'a.txt'\ndef f(path): return open(path)\n"), why="opens what"),
    NarrowCase("a constant that is set twice", one("path = 'a.txt'\npath = input()\nopen(path)\n"), why="opens what"),
    NarrowCase("a folder of the project as a whole", one("import os\nhere = [os.path.dirname(__file__)]\n"), why="as a whole"),
    NarrowCase("a name for that, which another file takes", one("from conf import BASE\n") | {"conf.py": "from pathlib import Path\nBASE = Path(__file__).parent\n"},
               why="app.py uses BASE"),
    NarrowCase("the working directory as a whole", one("import os\nos.listdir('.')\n"), why="opens what"),
    NarrowCase("a pattern for all of it", one("import glob\nglob.glob('*.csv')\n"), why="opens what"),
    NarrowCase("a method of a path that is not known", one("def f(p): return p.read_text()\n"), why="opens what"),
    NarrowCase("syntax that is none", one("print 'a'\n"), why="syntax"),
    NarrowCase("a compiled module", one("import fast\n") | {"fast.cpython-313-x86_64-linux-gnu.so": "x"}, why="compiled"),
    NarrowCase("an import from a folder that Python is not known to look in", one("import shop\n") | {"src/shop/__init__.py": ""}, why="imports shop, which"),
    NarrowCase("a module that is not there", {"other.py": ""}, why="/app/app.py is not found"),
    NarrowCase("a script as the entry point", one("") | {"start.sh": "exec python app.py\n"}, why="`start.sh`", start='["./start.sh", "python"]'),
    NarrowCase("several commands", one(""), why="more than one command", start="python app.py && echo done"),
    NarrowCase("a program that is not known", one(""), why="`python-runner`", start='["python-runner", "app.py"]'),
    NarrowCase("an option that is not known", one(""), why="--worker-plugin", start='["gunicorn", "--worker-plugin", "x", "app:app"]'),
    NarrowCase("a variable in the name", one(""), why="name of a module", start="gunicorn $MODULE:app"),
    NarrowCase("an install of the project", one("") | {"setup.py": ""}, why="a RUN behind it", behind="RUN pip install --no-cache-dir .\n"),
    NarrowCase("a RUN that may read anything", one(""), why="a RUN behind it", behind="RUN python build.py\n"),
    NarrowCase("a RUN that writes a module", one(""), why="a RUN writes", behind="RUN echo x > /app/version.py\n"),
    NarrowCase("another command in Compose", one("") | {"compose.yaml": "services:\n  a:\n    command: python jobs.py\n"}, why="compose.yaml"),
    NarrowCase("another stage that brings modules", one(""), why="another stage", behind="COPY --from=python:3.13 /srv/lib /app/lib\n"),
    NarrowCase("a link", one(""), why="is a link", links={"a": "app.py"}),
    NarrowCase("a variable in what is copied", one(""), why="not a copy of one folder", copy="ARG NAME=api\nCOPY $NAME ./\n"),
    NarrowCase("comments between its lines", one(""), why="comments", copy="COPY . \\\n# all\n.\n"),
    NarrowCase("a pragma above", one(""), why="pragma", copy="# hadolint ignore=DL3045\nCOPY . .\n"),
    NarrowCase("for other images", one(""), why="ONBUILD", behind="ONBUILD RUN true\n"),
    NarrowCase("a mode that folders of their own would not get", one("import a.b\n") | {"a/b.py": ""}, why="mode 700",
               copy="COPY --chmod=700 . .\n"),
    NarrowCase("names with blanks", {"a b.py": "", **one("open('a b.py')\n")}, why="blanks"),
)  # fmt: skip
