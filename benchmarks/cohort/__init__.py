"""Folders of photographs: how fast, how far it scales, what it holds and what it costs.

``python -m benchmarks cohort throughput|scaling|chunks|memory|dataset|paper``
"""

from __future__ import annotations

import typer

from benchmarks.cohort.dataset import dataset
from benchmarks.cohort.memory import memory
from benchmarks.cohort.paper import paper
from benchmarks.cohort.scaling import chunks, scaling
from benchmarks.cohort.throughput import throughput

app = typer.Typer(no_args_is_help=True)
for figure in (throughput, scaling, chunks, memory, dataset, paper):
    app.command(figure.__name__)(figure)
