"""Files to take away from an answer: the report and the workbook, made by the process that draws."""

from __future__ import annotations

from typing import Literal

from sim.show.report import Told, report
from sim.show.workbook import workbook
from sim.study.replicate import Progress, Result
from sim.ui import pictures, texts
from sim.ui.desk import Answer
from sim.ui.jobs import Task

Kind = Literal["html", "xlsx"]
FILES: dict[Kind, str] = {
    "html": "text/html",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
LONGEST_WAIT_S = 300.0


def task(kind: Kind, answer: Answer, base: Result | None) -> Task:
    """The making of a file of an answer, and of what it is compared with."""
    ask = answer.ask
    told = Told(ask.title, ask.command, ask.changes, ask.link)
    key = ("file", kind, ask.request.key, None if base is None else ask.base.key, told)
    return Task(key, make, (kind, answer.result, told, base))


def make(kind: Kind, result: Result, told: Told, base: Result | None, progress: Progress) -> bytes:
    """Make a file (in a worker process)."""
    if kind == "html":
        return report(result, told, base, progress).encode()
    return workbook(result, told, base)


def file(kind: Kind, answer: Answer, base: Result | None) -> bytes:
    """A file of an answer; waits until it is made. Raises TimeoutError where that takes too long."""
    job = pictures.place().submit(task(kind, answer, base))
    if not job.wait(LONGEST_WAIT_S) or not isinstance(job.result, bytes):
        job.cancel()
        raise TimeoutError(job.problem or texts.not_made(LONGEST_WAIT_S))
    return job.result
