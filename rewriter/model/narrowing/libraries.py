"""What a Python file may not do if it is to be told what it uses, and what libraries use unasked, as data.

Each row has its reason: it is what the user reads. Sources: the manuals of the libraries and of Python's own.
"""

from __future__ import annotations

from collections.abc import Mapping


def _by_name(rows: Mapping[str, str]) -> Mapping[str, str]:
    return {name: reason for names, reason in rows.items() for name in names.split()}


# Imports after which it cannot be told which modules and files are used.
UNTOLD: Mapping[str, str] = _by_name(
    {
        "django rest_framework wagtail": "Django finds modules and templates by its settings",
        "pickle dill cloudpickle joblib shelve jsonpickle": "what is unpickled may name any module",
        "pkgutil pkg_resources importlib.resources importlib_resources": "packages are walked, or their files read",
        "stevedore pluggy yapsy importlib.metadata importlib_metadata": "plugins may be looked for",
        "runpy imp code codeop zipimport importlib.util importlib.machinery importlib.abc": "modules are loaded "
        "by path",
        "subprocess pexpect sh plumbum fabric invoke": "other programs are started, which may read any file",
        "hydra dynaconf kedro airflow dagster prefect luigi dbt odoo scrapy trytond locust": "it looks for modules and "
        "settings in the folder",
        "alembic flask_migrate yoyo": "migrations are looked for in a folder",
        "pyramid venusian": "packages are scanned",
        "pytest unittest nose behave": "tests are looked for in the folder",
        "cffi cppyy": "libraries are loaded by path",
        "watchfiles watchdog": "a folder is watched",
        "setuptools distutils": "a project is built",
        "jpype rpy2 oct2py": "another language's files are read",
    }
)

# Names of files and folders that a library reads, if they are there, without being told to.
CONVENTIONS: Mapping[str, str] = {
    "flask": "templates static instance .env .flaskenv",  # https://flask.palletsprojects.com/en/stable/api/
    "quart": "templates static instance .env",
    "flask_babel": "translations babel.cfg",
    "dotenv": ".env",
    "environs": ".env",
    "environ": ".env",
    "decouple": ".env settings.ini",
    "starlette": ".env",  # starlette.config
    "pydantic_settings": ".env secrets",
    "celery": "celeryconfig.py",
    "streamlit": "pages .streamlit static",
    "chainlit": ".chainlit chainlit.md public .files",
    "dash": "assets pages",
    "bottle": "views static",
    "jinja2": "templates",  # PackageLoader's folder, unless told otherwise
    "tornado": "templates static",
    "aiohttp_jinja2": "templates",
    "babel": "translations locale locales",
    "gettext": "locale locales translations",
    "newrelic": "newrelic.ini",
    "connexion": "openapi swagger specs",
}

# Methods and functions that load modules: their first argument names one.
LOADS = frozenset("import_module __import__ load_extension import_string find_spec locate".split())

# What cannot be told, by the last name of what is called.
CALLS: Mapping[str, str] = _by_name(
    {
        "exec eval execfile compile": "text is run as a program",
        "autodiscover_tasks": "tasks are looked for in packages",
        "addsitedir": "Python looks for modules elsewhere",
        "create_subprocess_exec create_subprocess_shell": "other programs are started, which may read any file",
        "entry_points iter_entry_points": "plugins are looked for",
        "get_data resource_filename resource_string": "files of packages are read",
    }
)
# Only as bare names: `re.compile` and `df.eval` are others.
BARE = frozenset("exec eval execfile compile".split())

_STARTED = "other programs are started, which may read any file"

# These may not have another name: it would hide what they do.
NO_ALIAS = frozenset("sys os importlib builtins io runpy".split())
BUILTINS = frozenset("open exec eval compile __import__".split())

# What cannot be told, by a name that occurs.
NAMES: Mapping[str, str] = {
    **dict.fromkeys(
        """os.system os.popen os.execv os.execve os.execvp os.execvpe os.execl os.execlp os.execle os.spawnv os.spawnl
        os.spawnlp os.posix_spawn os.startfile""".split(),
        _STARTED,
    ),
    "os.chdir": "the working directory changes",
    "torch.load": "what is unpickled may name any module",
    "numpy.load": "what is read may name any module",
    "np.load": "what is read may name any module",
    "sys.path": "Python looks for modules elsewhere",
    "sys.modules": "modules are put in the place of others",
    "sys.meta_path": "modules are found in another way",
    "sys.path_hooks": "modules are found in another way",
    "__path__": "a package looks for its modules elsewhere",
    "__loader__": "files of packages are read",
    "__spec__": "modules are found in another way",
    "INSTALLED_APPS": "Django finds modules and templates by its settings",
}
# Only behind a dot: `FastAPI(root_path=...)` is about addresses.
ATTRIBUTES: Mapping[str, str] = {"root_path": "a folder of the project is named as a whole"}

# Calls that open what their first argument names.
OPENS = frozenset(
    """open read_csv read_excel read_json read_parquet read_table read_pickle read_feather imread CDLL LoadLibrary
    VideoCapture load_model from_pretrained StaticFiles Jinja2Templates FileResponse send_file
    send_from_directory FileSystemLoader fileConfig load_dotenv dotenv_values read_text read_bytes copyfile
    copytree copy2 listdir scandir walk iglob glob rglob iterdir loadtxt load_workbook load_cert_chain
    TemplateLookup from_pyfile from_file""".split()
)
# Of these, a receiver may be the path itself (`path.open()`).
OF_RECEIVER = frozenset("open read_text read_bytes glob rglob iterdir walk".split())
# No argument: what they read by themselves is among the conventions.
WITHOUT = frozenset("load_dotenv dotenv_values".split())

# What says where a path leads without naming anything.
SAME_PATH = frozenset(
    """dirname abspath realpath normpath resolve absolute Path PurePath PosixPath str fspath expanduser as_posix
    fsdecode safe_join""".split()
)
JOINS = frozenset("join joinpath".split())
ANCHORS = frozenset({"__file__"})
HERE = frozenset("getcwd cwd".split())

# Files that travel with what is shipped, since licences ask for it.
KEPT = r"(?i)(?:LICEN[CS]E|NOTICE|COPYING|COPYRIGHT)(?:[.-][\w.-]*)?"

# Folders of other stages that hold no Python that could import the project's: what front ends build, and what is
# installed.
BUILT = frozenset("dist build static public assets node_modules .venv venv site-packages bin".split())
