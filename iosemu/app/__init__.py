"""The `iosemu` command: reads its arguments, runs one sub-command, tells errors in one line.

Rule: the module of a sub-command is imported only when that sub-command runs, so the small ones start quickly. An
error of the tool goes to stderr as one line and ends with status 2; no traceback reaches a user (IOSEMU_TRACEBACK=1
shows it to a developer).
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from importlib import import_module

from iosemu.app.errors import ToolError
from iosemu.garbage import nothing_collected
from iosemu.lab.errors import LabError

FAILED = 2
INTERRUPTED = 130


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line; gives the exit status."""
    with nothing_collected():
        from iosemu.app.arguments import parse

        options = parse(arguments)
    try:
        return _run(options.module, options.function, options)
    except (ToolError, LabError) as error:
        return _fail(str(error))
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:
        # Whoever read our output has had enough; keep the interpreter from flushing into the closed pipe.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except Exception as error:
        if os.environ.get("IOSEMU_TRACEBACK"):
            raise
        return _fail(f"internal error: {type(error).__name__}: {error}")


def _run(module: str, function: str, options: object) -> int:
    with nothing_collected():
        run = getattr(import_module(f"iosemu.app.{module}"), function)
    status: int = run(options)
    sys.stdout.flush()
    return status


def _fail(text: str) -> int:
    print("iosemu:", " ".join(text.split()), file=sys.stderr)
    return FAILED
