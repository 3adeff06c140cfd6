"""The moving picture of a plan, and of its base beside it: as a task for the worker processes, packed for the browser."""

from __future__ import annotations

from base64 import b64decode, b64encode
from collections.abc import Hashable
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from zlib import compress, decompress

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim.analysis.journeys import Chosen, Journey
from sim.analysis.moving import Moving, Station, moving
from sim.analysis.run import Run
from sim.engine.engines import run as run_engine
from sim.engine.records import NEVER
from sim.plan.compile import compile_file
from sim.plan.plan import Plan
from sim.plan.steps import Outcome
from sim.study.replicate import Progress
from sim.ui import estimate
from sim.ui.desk import Ask
from sim.ui.jobs import Task
from sim.ui.texts import moving as words
from sim.world.files import ScenarioFile
from sim.world.units import HOUR_MS

AT_WORK = -1
Ints = NDArray[np.int64]
Packed = dict[str, Any]
"""What the browser gets of a picture: values for JSON, its numbers packed into one text."""


@dataclass(frozen=True)
class Watched:
    """Pictures of one replication, that of the plan first and that of its base after it, each with its table."""

    pictures: tuple[Packed, ...]
    tables: tuple[pd.DataFrame, ...]


@dataclass(frozen=True)
class WatchRequest:
    """A scenario whose first replication is to be watched, and what to see beside it."""

    file: ScenarioFile
    base: ScenarioFile | None
    seed: int

    @classmethod
    def of(cls, ask: Ask) -> WatchRequest:
        """What a planner's question gives to watch."""
        return cls(ask.request.file, ask.base.file if ask.has_changes else None, ask.request.settings.seed)

    @cached_property
    def key(self) -> Hashable:
        """The content: equal for requests that have the same answer."""
        return "watch", self.file.digest, None if self.base is None else self.base.digest, self.seed

    @property
    def task(self) -> Task:
        """The pictures as a task."""
        orders = sum(estimate.orders(one.scenario) for one in (self.file, self.base) if one is not None)
        return Task(self.key, watched, (self.file, self.base, self.seed), orders=orders)


def watched(file: ScenarioFile, base: ScenarioFile | None, seed: int, progress: Progress) -> Watched:
    """Run one replication of a scenario, and of its base, and pack both (in a worker process)."""
    files = [file] if base is None else [file, base]
    pictures, tables, follow = [], [], None
    for number, one in enumerate(files):
        plan = compile_file(one, seed, 0)
        records = run_engine(plan, progress=_part(progress, number, len(files)))
        picture = moving(Run(plan, records), follow)
        follow = [journey.chosen for journey in picture.followed] if follow is None else follow
        pictures.append(packed(picture, plan))
        tables.append(table(picture, plan))
    return Watched(tuple(pictures), tuple(tables))


def _part(progress: Progress, number: int, of: int) -> Progress:
    return lambda done: progress((number + done) / of)


def packed(picture: Moving, plan: Plan) -> Packed:
    """A picture for the browser: names and journeys in plain values, all numbers over time in one packed text."""
    scenario, stations = plan.scenario, picture.stations
    teams = list(picture.heads)
    return {
        "start": scenario.clock.start.isoformat(),
        "step_ms": picture.step_ms,
        "steps": picture.steps,
        "from_step": picture.from_step,
        "teams": [scenario.label("teams", key) for key in teams],
        "stations": [
            {
                "name": _name(station, plan),
                "carries": station.carries,
                "lanes": [lane.part for lane in station.lanes],
                "crews": [teams.index(crew.team) for crew in station.crews],
            }
            for station in stations
        ],
        "moves": [[move.origin, move.target] for move in picture.moves],
        "stock": picture.stock is not None,
        "journeys": [_journey(journey, picture, plan) for journey in picture.followed],
        "numbers": pack(_series(picture)),
    }


def _name(station: Station, plan: Plan) -> str:
    return words.station(plan.scenario.label("stages", station.stage), station.carries)


def _series(picture: Moving) -> list[Ints]:
    """All numbers over time, in the order in which the browser reads them."""
    series = []
    for station in picture.stations:
        series += [*(lane.items for lane in station.lanes), station.at_work, *(crew.busy for crew in station.crews)]
    series += [move.so_far for move in picture.moves]
    series += list(picture.heads.values())
    return series if picture.stock is None else [*series, picture.stock.free, picture.stock.short]


def pack(series: list[Ints]) -> str:
    """Whole numbers over time as text: differences of 32 bits, equal bytes side by side, deflated, in base 64.

    >>> unpack(pack([np.array([5, 5, 7]), np.array([0, -1, 70000])]), 3).tolist()
    [[5, 5, 7], [0, -1, 70000]]
    """
    differences = np.diff(np.array(series), axis=1, prepend=0).astype("<i4")
    planes = differences.reshape(-1, 1).view(np.uint8).T
    return b64encode(compress(planes.tobytes(), 9)).decode()


def unpack(text: str, steps: int) -> Ints:
    """The numbers that were packed, a row each: what the browser does."""
    planes = np.frombuffer(decompress(b64decode(text)), dtype=np.uint8).reshape(4, -1)
    return np.cumsum(np.ascontiguousarray(planes.T).view("<i4").reshape(-1, steps), axis=1, dtype=np.int64)


def _journey(journey: Journey, picture: Moving, plan: Plan) -> Packed:
    """A journey: whose it is, its story, and where it is from when to when: in a lane of a station, or with a crew.

    The first crew is AT_WORK, the next one less by 1, and so on.
    """
    stays: list[list[int]] = []
    for leg in journey.legs:
        if leg.station < 0:
            continue
        part = plan.step_names[leg.step].hours
        parts = [lane.part for lane in picture.stations[leg.station].lanes]
        lane = parts.index("queueing" if part == "working" else part)
        if part == "working" and leg.started != NEVER:
            crew = [one.team for one in picture.stations[leg.station].crews].index(plan.team_keys[leg.team])
            stays += [
                [leg.station, lane, leg.joined, leg.started],
                [leg.station, AT_WORK - crew, leg.started, leg.ended],
            ]
        else:
            stays.append([leg.station, lane, leg.joined, leg.ended])
    return {
        "id": _id(journey.chosen),
        "label": words.whose(journey),
        "placed": journey.placed,
        "left": journey.left,
        "lost": journey.outcome not in (Outcome.NONE, Outcome.DELIVERED, Outcome.STOCKED, Outcome.ACCEPTED),
        "stays": [stay for stay in stays if stay[2] != stay[3]],
        "story": words.story(journey, plan),
    }


def _id(one: Chosen) -> str:
    return f"{one.address.flow}:{one.address.number}"


def table(picture: Moving, plan: Plan) -> pd.DataFrame:
    """Who waits and who works at each station at every full hour."""
    every = max(1, HOUR_MS // picture.step_ms)
    columns: dict[str, Ints] = {}
    for station in picture.stations:
        name = _name(station, plan)
        queue = next((lane.items for lane in station.lanes if lane.part == "queueing"), None)
        if queue is not None:
            columns[words.waiting_at(name, station.carries)] = queue[::every]
            columns[words.at_work_at(name)] = np.asarray(sum(crew.busy for crew in station.crews))[::every]
    at = pd.Timestamp(plan.scenario.clock.start) + pd.to_timedelta(
        np.arange(0, picture.steps, every) * picture.step_ms, unit="ms"
    )
    return pd.DataFrame(columns, index=pd.Index(at, name="time"))
