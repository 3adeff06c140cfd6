"""What a page's address says: the scenario, what is set in it, and the page's other fields, as plain text.

``?scenario=six_stages&set=teams.pickers.staff%3D5&days=3&replications=10&seed=2``. A run is a pure function of
this text, so that it is all that has to be sent, or kept, to have the run again. It is read as data: names and values, of
bounded number and length; what they mean is decided by whoever loads the scenario.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import parse_qs, urlencode

from sim.ui.texts import keep as texts

LONGEST, MOST_SETTINGS, LONGEST_SETTING, LONGEST_FIELD = 8_000, 200, 500, 100
"""Letters of a whole link, settings in it, letters of one setting and of another field."""
SCENARIO, SET = "scenario", "set"


@dataclass(frozen=True)
class Link:
    """A scenario's name, ``path=value`` settings, and other fields by name.

    >>> Link("six_stages", ("teams.pickers.staff=5",), {"days": "3"}).text
    'scenario=six_stages&set=teams.pickers.staff%3D5&days=3'
    """

    scenario: str = ""
    settings: tuple[str, ...] = ()
    fields: Mapping[str, str] | None = None

    @property
    def query(self) -> dict[str, list[str]]:
        """Its parts in the order in which they stand in the address."""
        parts = {SCENARIO: [self.scenario] if self.scenario else [], SET: list(self.settings)}
        parts |= {name: [value] for name, value in (self.fields or {}).items() if value}
        return {name: values for name, values in parts.items() if values}

    @property
    def text(self) -> str:
        """The part of an address behind its question mark."""
        return urlencode(self.query, doseq=True)

    def without(self, *names: str) -> Link:
        """The same link without some of its fields."""
        kept = {name: value for name, value in (self.fields or {}).items() if name not in names}
        return Link(self.scenario, self.settings, kept)


def link_to(scenario: str, settings: Sequence[str], days: float, replications: int, seed: int) -> Link:
    """The link of a run on the planner's page.

    >>> link_to("teaching_line", (), 3, 10, 1).text
    'scenario=teaching_line&days=3&replications=10&seed=1'
    """
    return Link(scenario, tuple(settings), {"days": exact(days), "replications": f"{replications}", "seed": f"{seed}"})


def exact(value: float) -> str:
    """A number without digits that it does not have, and with all that it has.

    >>> exact(3.0), exact(10.041666666666666)
    ('3', '10.041666666666666')
    """
    short = f"{value:g}"
    return short if float(short) == value else repr(value)


def parsed(text: str) -> dict[str, list[str]]:
    """The names and values of a link's text; of one that is too long none.

    >>> parsed("?scenario=six_stages&set=a%3D1&set=b%3D2")
    {'scenario': ['six_stages'], 'set': ['a=1', 'b=2']}
    """
    if len(text) > LONGEST:
        return {}
    return parse_qs(text.removeprefix("?"))


def read(parts: Mapping[str, Sequence[str]], known: Collection[str]) -> tuple[Link, tuple[str, ...]]:
    """A link from the names and values of an address, and in words what of it cannot be used.

    Parameters
    ----------
    parts
        Values by name, as they stand in the address.
    known
        The fields that the page has beside ``scenario`` and ``set``.

    >>> read({"scenario": ["six_stages"], "colour": ["red"]}, ["days"])
    (Link(scenario='six_stages', settings=(), fields={}), ('colour=red: this page knows no such field',))

    """
    if sum(len(name) + len(value) for name, values in parts.items() for value in values) > LONGEST:
        return Link(), (texts.LINK_TOO_LONG,)
    fields: dict[str, str] = {}
    problems = []
    for name, values in parts.items():
        if name == SET:
            continue
        why = _wrong(name, values, known)
        if why:
            problems.append(texts.refused(name, values[-1] if values else "", why))
        elif values:
            fields[name] = values[0]
    settings, left_out = _settings(parts.get(SET, ()))
    return Link(fields.pop(SCENARIO, ""), settings, fields), (*problems, *left_out)


def _wrong(name: str, values: Sequence[str], known: Collection[str]) -> str:
    if name != SCENARIO and name not in known:
        return texts.NOT_KNOWN_HERE
    if len(values) > 1:
        return texts.SAID_TWICE
    return texts.NOT_OFFERED if any(len(value) > LONGEST_FIELD for value in values) else ""


def _settings(said: Sequence[str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    short = [setting for setting in said if len(setting) <= LONGEST_SETTING]
    problems = []
    if len(short) < len(said):
        problems.append(texts.LONG_SETTING.format(most=LONGEST_SETTING))
    if len(short) > MOST_SETTINGS:
        problems.append(texts.TOO_MANY.format(most=MOST_SETTINGS))
    return tuple(short[:MOST_SETTINGS]), tuple(problems)
