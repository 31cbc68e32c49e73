"""`dockfix bot`: the command line of the bot."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypedDict, Unpack

import click

from .task import PLATFORMS

if TYPE_CHECKING:
    from ..cli import Action


class GivenPlace(TypedDict):
    """Where the repositories are, as click parses it."""

    platform: str
    api: str
    token_file: str
    org: str | None
    repos: str | None
    operator: str | None
    forks: bool
    no_onboarding: bool
    executor: str
    journal: str | None


class GivenRun(GivenPlace):
    """The command line of `dockfix bot run`."""

    repositories: tuple[str, ...]
    dry_run: bool
    resume: bool
    form: str
    verbose: bool


class GivenServe(GivenPlace):
    """The command line of `dockfix bot serve`."""

    host: str
    port: int
    secret_file: str
    limit: int


_SHARED = (
    click.option(
        "--platform", type=click.Choice(PLATFORMS), default="github", show_default=True, help="What hosts them."
    ),
    click.option("--api", default="", metavar="URL", help="The address of its API.  [default: the public one]"),
    click.option("--token-file", default="", metavar="FILE", help="Where the token is.  [default: the environment]"),
    click.option("--org", metavar="NAME", help="The repositories of an organisation, group, user or folder."),
    click.option("--repos", type=click.Path(), metavar="FILE", help="The repositories that a file names, one a line."),
    click.option("--operator", type=click.Path(), metavar="FILE", help="The settings of whoever runs the bot."),
    click.option("--forks", is_flag=True, help="Look at forks, too."),
    click.option("--no-onboarding", is_flag=True, help="Propose at once, before there is a configuration file."),
    click.option(
        "--executor",
        default="processes",
        show_default=True,
        metavar="WHAT",
        help="processes:N, or a Dask cluster, as dask:tcp://HOST:PORT.",
    ),
    click.option("--journal", type=click.Path(), metavar="FILE", help="Keep there what is done."),
)


def _shared(command: click.decorators.FC) -> click.decorators.FC:
    for option in reversed(_SHARED):
        command = option(command)
    return command


@click.group()
def bot() -> None:
    """Keep the Dockerfiles of repositories in shape by small pull requests."""


@bot.command()
@click.argument("repositories", nargs=-1)
@_shared
@click.option("--dry-run", is_flag=True, help="Change nothing, and print all that would be done.")
@click.option("--resume", is_flag=True, help="Leave out what the last run in the journal has done.")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", help="How to print.")
@click.option(
    "-v", "--verbose", is_flag=True, help="Tell what is held back, left alone or skipped, too, and print all bodies."
)
def run(**given: Unpack[GivenRun]) -> Action:
    """Look at repositories once.

    Pull requests are opened, brought up to date and closed.

    REPOSITORIES are names such as owner/name, or, with --platform local, paths: then branches are made there, and the
    bodies printed. The token is in a file, or in the environment as DOCKFIX_TOKEN.

    Exit status: 0 all were looked at, 2 some could not be, 3 wrong usage, 130 interrupted.
    """
    from .running import run as run_bot

    return lambda terminal: run_bot(given, terminal)


@bot.command()
@_shared
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen at.")
@click.option("--port", type=click.IntRange(0, 65535), default=8080, show_default=True, help="The port to listen at.")
@click.option(
    "--secret-file", default="", metavar="FILE", help="The secret of the webhooks.  [default: the environment]"
)
@click.option("--limit", type=click.IntRange(min=1), default=1_000_000, show_default=True, help="Bytes of a delivery.")
def serve(**given: Unpack[GivenServe]) -> Action:
    """Take webhooks, and look at a repository when it changes.

    Only repositories that --repos or --org name are looked at. The secret is in a file, or in the environment as
    DOCKFIX_WEBHOOK_SECRET.
    """
    from .running import serve as serve_bot

    return lambda terminal: serve_bot(given, terminal)
