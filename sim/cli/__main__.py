"""``python -m sim.cli`` is ``importflow``."""

from sim.cli import main

main()
