"""The app's server: looks at its limits, wakes its workers, then is Streamlit. ``importflow app`` starts it.

python -m sim.ui.serve [options of streamlit run]
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

from sim.ui.limits import Limits

WRONG = 2


def main(arguments: list[str]) -> int:
    """Do as ``streamlit run app.py``, in the same process, so that a signal to end reaches it; or say what is wrong."""
    try:
        Limits.of(os.environ)
    except ValueError as error:
        sys.stderr.writelines(f"error: {line}\n" for line in str(error).splitlines())
        return WRONG
    # Both take a while to load, and who has said something wrong is told at once.
    from streamlit.web import cli

    from sim.ui import running

    running.wake()
    sys.argv = ["streamlit", "run", str(app_file()), *arguments]
    cli.main(prog_name="streamlit")
    return 0


def app_file() -> Path:
    """The app's entry: inside the installed package, or beside the sources."""
    package = Path(__file__).resolve().parents[1]
    return next(path for path in (package / "app.py", package.parent / "app.py") if path.is_file())


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
