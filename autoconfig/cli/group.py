"""The group of all commands: our exceptions become messages and exit codes.

Results go to standard output, everything else to standard error. Exit codes: 0 done; 1 a negative
answer (a domain that is not served); 2 wrong usage or configuration; 130 on Ctrl-C and 141 when the
output pipe is closed, as shells report signals.
"""

from importlib import import_module
from keyword import iskeyword
from typing import Any

import click

from autoconfig.cli.output import say
from autoconfig.problems import AutoconfigError

COMMANDS = (
    *("serve", "show", "export", "offers", "validate", "names"),
    *("detect", "dns", "check", "import"),
)
"""Each is a module of this package that has a command of its name, with `_` where Python has the
name for itself; only the one asked for is imported, so no command pays for what another needs.
"""


class _Commands(click.Group):
    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        name = f"{cmd_name}_" if iskeyword(cmd_name) else cmd_name
        found: click.Command = getattr(import_module(f"autoconfig.cli.{name}"), name)
        return found

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except AutoconfigError as error:
            say("\n".join(f"error: {line}" for line in str(error).splitlines()))
            return ctx.exit(error.exit_code)
        except KeyboardInterrupt:
            say("interrupted")
            return ctx.exit(130)
        except BrokenPipeError:  # `head` has had enough
            return ctx.exit(141)
        except OSError as error:
            say(f"error: {error.filename or 'autoconfig'}: {error.strerror or error}")
            return ctx.exit(2)


@click.group(
    cls=_Commands,
    commands={name: click.Command(name) for name in COMMANDS},  # stand-ins, to list and suggest
    context_settings={"help_option_names": ["-h", "--help"]},
)
@click.version_option(package_name="ovh-autoconfig", prog_name="autoconfig")
def main() -> None:
    """Mail-client autoconfiguration for domains whose mail is at OVHcloud."""
