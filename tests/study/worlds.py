"""Small worlds for tests of studies."""

from __future__ import annotations

from pathlib import Path

from sim.world.files import ScenarioFile, from_text

DESK = """
schema: 1
clock: {start: 2026-11-02, length: 3 d, warm_up: 6 h}
flows: {orders: {arrivals: {poisson: {per_day: 200}}, route: [desk]}}
stages: {desk: {team: clerks, work: {exponential: 12 min}}}
teams: {clerks: {wage: 30, shifts: {day: {from: "00:00", to: "12:00", staff: 3}, night: {from: "12:00", to: "24:00", staff: 3}}}}
promises: {home: {to: delivered, within: 1 h}}
"""


def desk(*settings: str) -> ScenarioFile:
    """Orders at one desk, in two shifts."""
    return from_text(DESK, Path(), "desk", settings)
