"""Where the bundled program begins; it stands in for Python where parts of it start one another.

A bundle holds no Python that one could call. What the program runs in a process of its own it
starts as ``python -m MODULE``, with this program in Python's place.
"""

import os
import runpy
import sys
from multiprocessing import freeze_support

#: Nothing else is run so, whoever asks.
OWN_PROCESSES = ("app.tray", "app.system.speech_process")


def spare_others() -> None:
    """Have programs of the system that are started from here load libraries of the system.

    The bundle's own are found by a variable that was set before this process began.
    """
    before = os.environ.pop("LD_LIBRARY_PATH_ORIG", None)
    if before is not None:
        os.environ["LD_LIBRARY_PATH"] = before
    else:
        os.environ.pop("LD_LIBRARY_PATH", None)


def main() -> None:
    """Be the program, or the process of it that is asked for."""
    spare_others()
    freeze_support()
    if sys.argv[1:2] == ["-m"]:
        module = sys.argv[2] if len(sys.argv) > 2 else ""
        if module in OWN_PROCESSES:
            del sys.argv[1:3]
            runpy.run_module(module, run_name="__main__", alter_sys=True)
            return
        if module == "app":
            del sys.argv[1:3]
    from app.__main__ import main as program

    program()


if __name__ == "__main__":
    main()
