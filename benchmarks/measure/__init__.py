"""One photograph: how fast beside MediaPipe alone, warm and cold, where the time goes, memory.

``python -m benchmarks measure speed|steps|answers|cold|cold-window|many|memory``
"""

from __future__ import annotations

import typer

from benchmarks.measure.answers import answers
from benchmarks.measure.cold import cold, cold_window
from benchmarks.measure.photo import many, memory, speed
from benchmarks.measure.steps import steps

app = typer.Typer(no_args_is_help=True)
for figure in (speed, steps, answers, cold, cold_window, many, memory):
    app.command(figure.__name__.replace("_", "-"))(figure)
