"""Serves webhooks for a test: `python -m bot_server KIND FOLDER [NAME=VALUE ...]`, with the work of `bot_work`."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from bot_work import work

from dockfix.frontends.bot import journal
from dockfix.frontends.bot.executors import ExecutorError
from dockfix.frontends.bot.journal import JournalError
from dockfix.frontends.bot.service import connection, queue, serve, worker
from dockfix.frontends.bot.service.allowed import PatternError
from dockfix.frontends.bot.service.signatures import SecretError, secrets_from
from dockfix.frontends.bot.task import Place


def main(kind: str, folder: Path, options: dict[str, str]) -> int:
    journal._PRAGMAS = (*journal._PRAGMAS, (f"busy_timeout = {int(options.get('busy', 5000))}", "of this test"))
    connection.LONGEST = float(options.get("longest", connection.LONGEST))
    serve._PATIENCE = float(options.get("patience", serve._PATIENCE))
    queue._PAUSE = float(options.get("pause", queue._PAUSE))
    worker._LOOK = float(options.get("look", worker._LOOK))
    service = serve.Service(
        Place(kind, str(folder)),
        ("one/*", "deep/**"),
        secrets_from(os.environ),
        str(folder / "journal"),
        work,
        executor=options.get("executor", "processes:2"),
        port=int(options.get("port", "0")),
        grace=float(options.get("grace", "20")),
    )
    return serve.serve(service)


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1], Path(sys.argv[2]), dict(one.split("=", 1) for one in sys.argv[3:])))
    except (serve.ServiceError, SecretError, PatternError, JournalError, ExecutorError) as error:
        sys.exit(f"dockfix: {error}")
