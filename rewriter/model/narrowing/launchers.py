"""Programs that load a module or a file of the project, and those that start another program, as data.

An option that is not in its row makes it one that is not known. Sources: the manuals of the programs, by name.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple


class Launcher(NamedTuple):
    """A program that loads a module of the project.

    `names` says how its operand names it: `app` (`pkg.mod:app`), `script` (a path). `verb`: a word that stands before
    the operand. `flags` have no value, `valued` have one; `app` are the options that name the module, `folder` those
    that name where it is looked for (the first of them: the working directory, too). `reads` are files that it reads
    of the working directory, if they are there. `families` begin the names of options of which none names a module; a
    value may follow.
    """

    names: str
    flags: str = ""
    valued: str = ""
    app: str = ""
    folder: str = ""
    verb: str = ""
    reads: str = ""
    families: str = ""


LAUNCHERS: Mapping[str, Launcher] = {
    # https://docs.gunicorn.org/en/stable/settings.html
    "gunicorn": Launcher(
        "app",
        "--preload --reuse-port --capture-output --enable-stdio-inheritance --daemon -D --no-sendfile --proxy-protocol",
        """-b --bind -w --workers -k --worker-class --threads -t --timeout --graceful-timeout --keep-alive -c --config
        --access-logfile --error-logfile --log-file --log-level --access-logformat --log-config --max-requests
        --max-requests-jitter --worker-tmp-dir --worker-connections --forwarded-allow-ips --limit-request-line
        --limit-request-field_size --backlog -n --name -u --user -g --group -e --env --statsd-host --certfile --keyfile
        --logger-class -p --pid --umask -m""",
        folder="--chdir --pythonpath",
        reads="gunicorn.conf.py",
    ),
    # https://www.uvicorn.org/settings/
    "uvicorn": Launcher(
        "app",
        """--factory --proxy-headers --no-proxy-headers --access-log --no-access-log --no-server-header --use-colors
        --no-use-colors --no-date-header""",
        """--host --port --uds --fd --workers --loop --http --ws --lifespan --interface --env-file --log-config
        --log-level --root-path --forwarded-allow-ips --limit-concurrency --backlog --limit-max-requests
        --timeout-keep-alive --timeout-graceful-shutdown --ws-max-size --ssl-keyfile --ssl-certfile --header
        --ws-ping-interval --ws-ping-timeout""",
        folder="--app-dir",
    ),
    # https://hypercorn.readthedocs.io/en/latest/how_to_guides/configuring.html
    "hypercorn": Launcher(
        "app",
        "--debug",
        """-b --bind -w --workers -k --worker-class -c --config --access-logfile --access-log --error-logfile
        --error-log --log-level --log-config --keep-alive --root-path -g --group -u --user --backlog
        --graceful-timeout""",
    ),
    # https://github.com/django/daphne
    "daphne": Launcher(
        "app",
        "--proxy-headers",
        "-b --bind -p --port -v --verbosity -t --http-timeout --access-log --root-path --ping-interval -e --endpoint",
    ),
    # https://docs.pylonsproject.org/projects/waitress/en/stable/runner.html
    "waitress-serve": Launcher(
        "app", "--call --expose-tracebacks", "--host --port --listen --threads --url-scheme --url-prefix --ident"
    ),
    # https://flask.palletsprojects.com/en/stable/cli/
    "flask": Launcher(
        "",
        "--debug --no-debug --debugger --no-debugger --with-threads --without-threads --no-reload",
        "--host -h --port -p --cert --key -e --env-file",
        "--app -A",
        verb="run",
        reads=".env .flaskenv wsgi.py app.py",
    ),
    # https://docs.celeryq.dev/en/stable/reference/cli.html
    "celery": Launcher(
        "",
        "-E --task-events --beat -B --without-gossip --without-mingle --without-heartbeat -q --quiet --no-color",
        """-l --loglevel -c --concurrency -P --pool -Q --queues -n --hostname -f --logfile -b --broker --pidfile
        --result-backend --max-tasks-per-child --max-memory-per-child --prefetch-multiplier --time-limit -O --port
        --soft-time-limit -X --exclude-queues --autoscale -s --schedule -S --scheduler --max-interval""",
        "-A --app",
        folder="--workdir",
        verb="worker beat flower",
        reads="celeryconfig.py",
    ),
    # https://docs.streamlit.io/develop/api-reference/configuration/config.toml
    "streamlit": Launcher(
        "script",
        verb="run",
        reads="pages .streamlit static",
        families="--server. --browser. --theme. --logger. --client. --global.",
    ),
    # https://fastapi.tiangolo.com/fastapi-cli/
    "fastapi": Launcher(
        "script",
        "--proxy-headers --no-proxy-headers",
        "--host --port --workers --root-path --app --forwarded-allow-ips",
        verb="run dev",
    ),
}
# What starts another program with the words behind its own, and the files that it reads of the working directory.
WRAPPERS: Mapping[str, str] = {
    "exec": "",
    "tini": "",
    "dumb-init": "",
    "ddtrace-run": "",
    "opentelemetry-instrument": "",
    "poetry run": "pyproject.toml poetry.lock poetry.toml",
    "pipenv run": "Pipfile Pipfile.lock .env",
}
# What a health check may be that reads nothing of the project.
HARMLESS = frozenset("curl wget nc true exit pg_isready redis-cli test [ pgrep ps grep".split())
# Programs of other languages.
OTHERS: Mapping[str, str] = {
    **dict.fromkeys("node nodejs npm npx yarn pnpm bun deno tsx ts-node nodemon pm2 pm2-runtime next".split(), "Node"),
    **dict.fromkeys("java javac mvn gradle".split(), "Java"),
    **dict.fromkeys("ruby rails rake bundle puma rackup sidekiq".split(), "Ruby"),
    **dict.fromkeys("php php-fpm apache2-foreground composer artisan".split(), "PHP"),
    **dict.fromkeys("nginx caddy httpd".split(), "a web server"),
    **dict.fromkeys("go cargo dotnet mix elixir perl lua R Rscript julia".split(), "another language"),
}
