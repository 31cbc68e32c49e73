"""The command line: options, sub-commands, exit statuses."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Unpack

import click
from click_default_group import DefaultGroup

if TYPE_CHECKING:
    from .cache import GivenCache
    from .ledger import GivenContext
    from .request import Given
    from .terminal import Terminal
    from .verify import GivenVerify

# Commands only parse: what they return is done outside of click, which has its own ways with Ctrl-C and closed pipes.
Action = Callable[["Terminal"], int]
FAILED, USAGE = 2, 3


class _Group(DefaultGroup):
    """A first argument that names no command is the first of `dockfix rewrite`."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        # Decided before click drops a leading `--`, behind which `list` is a path.
        if not args or args[0] not in (*self.commands, "-h", "--help", "--version"):
            args.insert(0, "rewrite")
        return super().parse_args(ctx, args)

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The options of `dockfix rewrite`, since its name is mostly left out."""
        self.commands["rewrite"].format_options(ctx, formatter)
        self.format_commands(ctx, formatter)


@click.group(
    cls=_Group,
    default="rewrite",
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    options_metavar="[OPTIONS]",
    subcommand_metavar="[PATHS]...",
    epilog="Exit status: 0 nothing to do, 1 changes, 2 some file could not be read or parsed, 3 wrong usage.",
)
@click.version_option(package_name="dockfix", message="%(prog)s %(version)s")
def cli() -> None:
    """Rewrite Dockerfiles by the smallest edits, and prove each of them.

    PATHS are files, folders to search, or `-` for standard input; by default the current folder. A path
    that is called like a command is given as ./list, or after --.
    """


@cli.command()
@click.argument("paths", nargs=-1, type=click.Path())
@click.option("--diff", is_flag=True, help="Print each change as a diff of its own.")
@click.option("--diff-net", is_flag=True, help="Print one diff for each file.")
@click.option("--write", is_flag=True, help="Change the files; with `-`, print the new text.")
@click.option("--interactive", is_flag=True, help="Ask about each change, then change the files.")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", help="How to print.")
@click.option(
    "--level",
    type=click.Choice(["safe", "review", "unsafe"]),
    help="How far changes may reach.  [default: safe with --write, else review]",
)
@click.option("--only", multiple=True, metavar="NAMES", help="Only these transforms (a,b or several times).")
@click.option("--skip", multiple=True, metavar="NAMES", help="Not these transforms.")
@click.option("--config", type=click.Path(), help="Use this configuration file and no other.")
@click.option("--stdin-filename", type=click.Path(), help="The name of what comes by standard input.")
@click.option("--context", type=click.Path(), metavar="FOLDER", help="The build context.  [default: found out]")
@click.option("--no-context", is_flag=True, help="Look at no build context, and leave .dockerignore alone.")
@click.option("--exit-zero", is_flag=True, help="Exit with 0, not 1, where there are changes.")
@click.option("-j", "--jobs", type=click.IntRange(min=1), help="Number of processes.  [default: as many as pay]")
@click.option("-v", "--verbose", is_flag=True, help="Name what is held back or left alone, and why.")
def rewrite(**given: Unpack[Given]) -> Action:
    """Show, or make, the changes to Dockerfiles."""
    from .request import UsageError, request
    from .session import run

    try:
        asked = request(given)
    except UsageError as error:
        raise click.UsageError(str(error)) from error
    return lambda terminal: run(asked, terminal)


@click.command("list")
def list_transforms() -> Action:
    """List the transforms."""
    from .manual import print_list

    return print_list


cli.add_command(list_transforms)


@cli.command()
@click.argument("path", type=click.Path(), default=".")
@click.option(
    "--against", type=click.Path(), metavar="FILE", help="Compare with this Dockerfile instead of the changes."
)
@click.option(
    "--engine", type=click.Choice(["docker", "podman", "buildah"]), help="Build with it.  [default: what works]"
)
@click.option("--context", type=click.Path(), metavar="FOLDER", help="The build context.  [default: the file's folder]")
@click.option("--build-arg", multiple=True, metavar="NAME=VALUE", help="Passed on, as often as it is given.")
@click.option("--secret", multiple=True, metavar="id=ID,src=FILE", help="Passed on, as often as it is given.")
@click.option("--target", metavar="STAGE", help="Passed on: the stage to build.")
@click.option("--network", metavar="NAME", help="Passed on: the network of builds and of the smoke command.")
@click.option("--platform", metavar="OS/ARCH", help="Passed on.")
@click.option("--timeout", type=click.FloatRange(min=1), default=1800, show_default=True, help="Seconds for a build.")
@click.option("--smoke", metavar="COMMAND", help="Run it in both images and compare status and output.")
@click.option("--each", is_flag=True, help="Verify change by change.")
@click.option("--rebuild-after", metavar="FILE", help="Say what is built again when this file of the context changes.")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", help="How to print.")
@click.option("--html", type=click.Path(), metavar="FILE", help="Write a report for the browser, too.")
@click.option(
    "--level", type=click.Choice(["safe", "review", "unsafe"]), help="How far changes may reach.  [default: review]"
)
@click.option("--only", multiple=True, metavar="NAMES", help="Only these transforms (a,b or several times).")
@click.option("--skip", multiple=True, metavar="NAMES", help="Not these transforms.")
@click.option("--config", type=click.Path(), help="Use this configuration file and no other.")
def verify(**given: Unpack[GivenVerify]) -> Action:
    """Build a Dockerfile before and after its changes, and compare the images.

    PATH is a Dockerfile or a folder with one. Nothing of it is kept: no image, no container, no build cache.

    Exit status: 0 identical but for what is expected, 1 different, 2 a build failed, 3 wrong usage or no engine.
    """
    from .verify import run as run_verify

    return lambda terminal: run_verify(given, terminal)


@cli.command()
@click.argument("path", type=click.Path(), default=".")
@click.option("--context", type=click.Path(), metavar="FOLDER", help="The build context.  [default: found out]")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", help="How to print.")
def context(**given: Unpack[GivenContext]) -> Action:
    """Show what a build context holds, what of it is sent, and what would be.

    PATH is a Dockerfile, or a folder in which Dockerfiles are looked for.
    """
    from .ledger import run as run_ledger

    return lambda terminal: run_ledger(given, terminal)


@cli.command()
@click.argument("path", type=click.Path(), default=".")
@click.option("--context", type=click.Path(), metavar="FOLDER", help="The build context.  [default: found out]")
@click.option("--target", metavar="STAGE", help="The stage that is built.  [default: the last one]")
@click.option("--history", type=click.IntRange(min=0), default=0, metavar="N", help="Replay the last N commits.")
@click.option("--seconds", multiple=True, type=click.Path(), metavar="FILE", help="What a build took for its steps.")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", help="How to print.")
def cache(**given: Unpack[GivenCache]) -> Action:
    """Show which steps run again when a part of the build context changes, and what that costs.

    PATH is a Dockerfile, or a folder in which Dockerfiles are looked for. Costs are relative, a copy is 1; with
    --seconds they are what a build took: FILE is docker's log of it, by --progress=plain, or the JSON of verify.
    """
    from .cache import run as run_cache

    return lambda terminal: run_cache(given, terminal)


@cli.command()
@click.argument("transform")
def explain(transform: str) -> Action:
    """Print the manual page of a transform."""
    from .manual import print_page

    return lambda terminal: print_page(transform, terminal)


def run() -> int:
    """Parse the command line and do what it says; returns the exit status."""
    from .request import UsageError
    from .terminal import OutputError, Terminal, drop_output

    try:
        action: Action | int = cli.main(prog_name="dockfix", standalone_mode=False)
        return action if isinstance(action, int) else action(Terminal())
    except click.Abort as error:
        raise KeyboardInterrupt from error
    except click.ClickException as error:
        error.show()
    except UsageError as error:
        click.echo(f"dockfix: {error}", err=True)
    except OutputError as error:
        click.echo(f"dockfix: {error}", err=True)
        drop_output()
        return FAILED
    return USAGE
