"""The command `sladsl`.

Takes:  the command line.
Gives:  the exit code of `exits.py`, whatever happens.
Never:  lets a traceback out, unless SLADSL_DEBUG=1 asks for it; never loads a command that is not called.
"""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Sequence
from importlib import import_module
from typing import TYPE_CHECKING, Any, NoReturn

import click

from sladsl.cli import exits
from sladsl.version import __version__

if TYPE_CHECKING:
    from sladsl.text import Diagnostic

# Command to module; a command is loaded when it is called.
COMMANDS = {
    "run": "sladsl.cli.run",
    "report": "sladsl.cli.report",
    "check": "sladsl.cli.check",
    "explain": "sladsl.cli.explain",
    "test": "sladsl.cli.test",
    "watch": "sladsl.cli.watch",
    "simulate": "sladsl.cli.simulate",
    "compile": "sladsl.cli.compile",
    "new": "sladsl.cli.new",
}
_SUMMARIES = {
    "run": "Judge a log: what was promised, what was kept.",
    "report": "Close a cycle: one page to read, print and sign.",
    "check": "Find what is wrong with a policy, and read it back in words.",
    "explain": "Why a verdict is what it is; or what a code means.",
    "test": "Run the scenarios of a policy.",
    "watch": "Judge a log while it grows; survives crashes.",
    "simulate": "Make a plausible log for a policy.",
    "compile": "Write the compiled policy as versioned JSON.",
    "new": "Start: a policy, a small log and a scenario in a folder.",
}


# Complaints without a place in a policy that are about what an option says: a zone, an instant, a duration, what a
# compiled policy cannot be given any more.
_OF_OPTIONS = ("SLA0704", "SLA0905", "SLA0932", "SLA0934", "SLA0935")


class _NobodyReadsError(Exception):
    """Standard output was closed."""


class _InterruptedError(Exception):
    """Ctrl-C."""


class _Commands(click.Group):
    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def invoke(self, ctx: click.Context) -> Any:
        # Before click sees them: it has exit codes and words of its own for both.
        try:
            return super().invoke(ctx)
        except BrokenPipeError:
            raise _NobodyReadsError from None
        except KeyboardInterrupt:
            raise _InterruptedError from None

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        module = import_module(COMMANDS[cmd_name])
        if cmd_name != "check":
            gc.set_threshold(200_000, 20, 50)  # a log makes many objects and hardly a cycle: look for these seldom
            gc.enable()
        command: click.Command = getattr(module, cmd_name.replace("compile", "compile_"))
        return command

    def resolve_command(self, ctx: click.Context, args: list[str]) -> Any:
        if args and args[0] not in COMMANDS and not args[0].startswith("-"):
            from sladsl.text import nearest

            near = nearest(args[0], COMMANDS, 1)
            hint = f"did you mean `{near[0]}`?" if near else f"there are {', '.join(COMMANDS)}"
            ctx.fail(f"there is no command `{args[0]}`; {hint}")
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl(list(_SUMMARIES.items()))


@click.command(
    cls=_Commands,
    context_settings={"auto_envvar_prefix": "SLADSL", "help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@click.version_option(__version__, message="sladsl %(version)s")
def commands() -> None:
    """Promises as sentences, judged against what really happened.

    Every option can also come from the environment: SLADSL_RUN_ENGINE=stream is `run --engine stream`.
    """


def main(arguments: Sequence[str] | None = None) -> NoReturn:
    """Run a command and exit."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")
    gc.disable()  # starting makes many objects and no garbage: a tenth of the time of `check`
    try:
        code = _run(arguments)
    finally:
        gc.enable()
    try:
        sys.stdout.flush()
    except BrokenPipeError:
        _drop_output()
    sys.exit(code)


def _run(arguments: Sequence[str] | None) -> int:
    try:
        code = commands.main(args=arguments, prog_name="sladsl", standalone_mode=False)
        return code if isinstance(code, int) else exits.DONE
    except click.exceptions.Exit as asked:
        return asked.exit_code
    except click.ClickException as error:
        error.show()
        return exits.USAGE
    except (_InterruptedError, KeyboardInterrupt, click.Abort):
        click.echo("interrupted", err=True)
        return exits.INTERRUPTED
    except (_NobodyReadsError, BrokenPipeError):
        _drop_output()
        return exits.DONE
    except Exception as error:
        return _told(error)


def _told(error: Exception) -> int:
    """Say what stopped the command; the exit code."""
    if os.environ.get("SLADSL_DEBUG") == "1":
        import traceback

        traceback.print_exc()
    from sladsl.events import LogError
    from sladsl.pipeline import PolicyError

    if isinstance(error, (PolicyError, LogError)):
        from sladsl.cli.terminal import colored, width
        from sladsl.text import render

        no_color = "--no-color" in sys.argv
        sources = getattr(error, "sources", ())
        text = render(error.diagnostics, sources, color=colored(sys.stderr, no_color), width=width())
        click.echo(text, err=True, nl=False, color=True)
        if error.diagnostics and all(_is_of_an_option(told) for told in error.diagnostics):
            return exits.USAGE
        return exits.POLICY if isinstance(error, PolicyError) else exits.DATA
    if isinstance(error, OSError):
        name = f"`{error.filename}`: " if error.filename else ""
        click.echo(f"sladsl: {name}{(error.strerror or str(error)).lower()}", err=True)
        return exits.USAGE
    click.echo(
        f"sladsl: an error of ours, which we are sorry for: {type(error).__name__}: {str(error)[:300]}\n"
        "  SLADSL_DEBUG=1 shows where; please report it with the policy and the command",
        err=True,
    )
    return exits.OURS


def _is_of_an_option(told: Diagnostic) -> bool:
    """What is wrong stands on the command line, neither in the policy nor in the log."""
    if told.span is not None:
        return told.span.source.startswith("--")
    return told.code in _OF_OPTIONS


def _drop_output() -> None:
    """Nobody reads standard output any more: what is still buffered goes nowhere, without a message at exit."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, sys.stdout.fileno())


if __name__ == "__main__":
    main()
