"""The sub-commands besides `dockfix rewrite`: loaded when one of them is named, or all are listed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Unpack

import click

if TYPE_CHECKING:
    from .cache import GivenCache
    from .cli import Action
    from .ledger import GivenContext
    from .verify import GivenVerify


@click.command("list")
def list_transforms() -> Action:
    """List the transforms."""
    from .manual import print_list

    return print_list


@click.command()
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


@click.command()
@click.argument("path", type=click.Path(), default=".")
@click.option("--context", type=click.Path(), metavar="FOLDER", help="The build context.  [default: found out]")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", help="How to print.")
def context(**given: Unpack[GivenContext]) -> Action:
    """Show what a build context holds, what of it is sent, and what would be.

    PATH is a Dockerfile, or a folder in which Dockerfiles are looked for.
    """
    from .ledger import run as run_ledger

    return lambda terminal: run_ledger(given, terminal)


@click.command()
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


@click.command()
def lsp() -> Action:
    """Serve an editor: a language server on standard input and output."""
    from .lsp.start import start

    return lambda _: start()


@click.command()
@click.argument("transform")
def explain(transform: str) -> Action:
    """Print the manual page of a transform."""
    from .manual import print_page

    return lambda terminal: print_page(transform, terminal)
