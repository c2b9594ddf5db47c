"""The terminal door: read arguments, call the library, tell what happened."""

from __future__ import annotations

import signal
import sys

from bykobling._garbage import look_seldom
from bykobling.cli import connections, noise, studies, worker
from bykobling.cli.app import EXIT_FAILED, EXIT_INPUT, EXIT_STOPPED, app
from bykobling.cli.printed import console, print_faults
from bykobling.errors import BykoblingError, Cancelled, InputError

__all__ = ["app", "connections", "main", "noise", "studies", "worker"]


def main() -> None:
    """Run the command line; the exit code is 0, 1 (failed), 2 (inputs to mend) or 130 (stopped)."""
    look_seldom()
    for name in ("SIGTERM", "SIGHUP"):  # as Ctrl-C: nothing half-written is left
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), signal.default_int_handler)
    raise SystemExit(_guarded(sys.argv[1:]))


def _guarded(arguments: list[str]) -> int:
    """Run a command; tell errors made on purpose as a list, without a traceback."""
    try:
        code = app(arguments, exit_on_error=False, print_error=True, result_action="return_value")
    except (KeyboardInterrupt, Cancelled):
        console(stderr=True).print("stopped, nothing written", style="bold")
        return EXIT_STOPPED
    except InputError as error:
        print_faults(console(stderr=True), list(error.faults))
        return EXIT_INPUT
    except BykoblingError as error:
        console(stderr=True).print(f"error: {error}", style="red", markup=False, highlight=False, soft_wrap=True)
        return EXIT_FAILED
    except BrokenPipeError:
        return EXIT_FAILED
    except Exception as error:
        # cyclopts has printed what is wrong with the arguments
        if type(error).__module__.partition(".")[0] == "cyclopts":
            return EXIT_INPUT
        raise
    return code if isinstance(code, int) else 0
