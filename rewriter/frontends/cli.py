"""The command line: options, sub-commands, exit statuses."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Unpack

import click
from click_default_group import DefaultGroup

from .formats import FORMATS

if TYPE_CHECKING:
    from .request import Given
    from .terminal import Terminal

# Commands only parse: what they return is done outside of click, which has its own ways with Ctrl-C and closed pipes.
Action = Callable[["Terminal"], int]
FAILED, USAGE = 2, 3
# By name, what `subcommands` calls it.
_OTHERS = {
    "list": "list_transforms",
    "verify": "verify",
    "context": "context",
    "cache": "cache",
    "explain": "explain",
    "lsp": "lsp",
}


class _Group(DefaultGroup):
    """A first argument that names no command is the first of `dockfix rewrite`."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        # Decided before click drops a leading `--`, behind which `list` is a path.
        if not args or args[0] not in (*self.list_commands(ctx), "-h", "--help", "--version"):
            args.insert(0, "rewrite")
        return super().parse_args(ctx, args)

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The names of all sub-commands."""
        return sorted((*super().list_commands(ctx), *_OTHERS, "bot"))

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """A sub-command by its name."""
        if cmd_name == "bot":
            from .bot.commands import bot

            return bot
        if cmd_name not in _OTHERS:
            return super().get_command(ctx, cmd_name)
        from . import subcommands

        command: click.Command = getattr(subcommands, _OTHERS[cmd_name])
        return command

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
@click.option("--format", "form", type=click.Choice(FORMATS), default="text", show_default=True, help="How to print.")
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
@click.option("--embedded", is_flag=True, help="In folders, look into documents that carry Dockerfiles, too.")
@click.option("--changed-since", metavar="REV", help="Only what differs from where HEAD left this revision.")
@click.option("--staged", is_flag=True, help="Only what is staged for the next commit.")
@click.option("--baseline", type=click.Path(), metavar="FILE", help="Not what this file has accepted.")
@click.option("--write-baseline", type=click.Path(), metavar="FILE", help="Accept, in this file, all that there is.")
@click.option("--stats", is_flag=True, help="Print numbers, too, on standard error.")
@click.option("--no-cache", is_flag=True, help="Look at each file, also where the answer is known.")
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
