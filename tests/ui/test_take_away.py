"""What is taken away from an answer can be brought back, and what is brought is read as data only."""

from __future__ import annotations

from typing import Any

import pytest

from sim.show import report as report_module
from sim.study.replicate import Settings
from sim.ui import pictures, reporting
from sim.ui.choice import Choice, offered, uploaded
from sim.ui.desk import AnyAnswer, Ask
from sim.ui.running import Request
from sim.ui.side_by_side import asked_by
from sim.world.errors import ScenarioError
from sim.world.files import LARGEST_FILE_BYTES
from tests.ui.runners import AtOnce, WhenTold
from tests.ui.test_address import opened
from tests.ui.test_app import OnePoint

LINE = "scenario=teaching_line&set=teams.clerks.staff%3D4&days=1&replications=2&seed=3"


@pytest.fixture
def drawing(monkeypatch: pytest.MonkeyPatch) -> AtOnce:
    """Files are made at once and in this process, with charts of one letter."""
    place = AtOnce()
    monkeypatch.setattr(pictures, "place", lambda: place)
    monkeypatch.setattr(report_module, "image", lambda _: b"x")
    return place


def answered(link: str) -> tuple[AnyAnswer[Ask, Any], Any]:
    """The answer to what a link asks, and its base."""
    ask, _ = asked_by(link)
    assert ask is not None
    runner = AtOnce()
    result, base = (runner.submit(request.task).result for request in (ask.request, ask.base))
    return AnyAnswer(ask, result), base


@pytest.mark.parametrize("name", offered())
def test_a_scenario_that_was_downloaded_can_be_uploaded(name: str) -> None:
    """With a change and shortened, every shipped one says the same after its way there and back."""
    choice = Choice(name)
    team, described = next(iter(choice.load().scenario.teams.items()))
    path = f"teams.{team}.wage" if described.wage else f"teams.{team}.label"
    file = choice.load((f"{path}={'77' if described.wage else 'someone'}",))
    back = uploaded(f"{name}.yaml", file.text().encode()).load()
    assert back.digest == file.digest


def test_an_uploaded_download_gives_the_same_answer() -> None:
    """The same sentence and the same measures, to the last digit."""
    answer, _ = answered(LINE)
    request = answer.ask.request
    back = Request(uploaded("mine.yaml", request.file.text().encode()).load(), Settings(seed=3, replications=2))
    again = AtOnce().submit(back.task).result
    assert again.measures == answer.result.measures
    assert again.sentence == answer.result.sentence


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"a: &a [x]\nb: [*a, *a]\n", "anchors and aliases are not allowed"),
        (b"a: !!python/object/apply:os.system [ls]\n", "the tag '!!python/object/apply:os.system' is not allowed"),
        (b"[" * 1000, "nested more than 20 deep"),
        (b"a: 1\na: 2\n", "a: is said twice"),
        (b"extends: ../../../etc/passwd\n", "lies outside the folder of scenarios"),
        (b"extends: /etc/passwd\n", "lies outside the folder of scenarios"),
        (b"x" * (LARGEST_FILE_BYTES + 1), "larger than 2,000,000 bytes"),
        (b"a: \x00\n", "zero bytes"),
    ],
)
def test_an_upload_is_read_as_data(content: bytes, said: str) -> None:
    """No anchors that multiply, no tags that build, no files of the server, nothing deep or huge."""
    with pytest.raises(ScenarioError) as caught:
        uploaded("mine.yaml", content).load()
    assert said in str(caught.value)


def test_report_and_workbook_are_made_where_charts_are_drawn(drawing: AtOnce) -> None:
    """Not in the page's script; made once for the same answer, with what the changes bring, the link and the command."""
    answer, base = answered(LINE)
    page = reporting.file("html", answer, base).decode()
    assert reporting.file("html", answer, base).decode() == page
    assert [task.function for task in drawing.done] == [reporting.make]
    assert "+1 clerks, at all hours (3 → 4)" in page
    assert "difference, on the same orders and the same luck" in page
    assert LINE.replace("&", "&amp;") in page
    assert "importflow run teaching_line --replications 2 --seed 3" in page
    assert reporting.file("xlsx", answer, base).startswith(b"PK")
    assert "difference, on the same orders" not in reporting.file("html", answer, None).decode()


def test_a_file_that_cannot_be_made_says_why(monkeypatch: pytest.MonkeyPatch) -> None:
    """Waiting has an end, and what goes wrong is not an empty file."""
    answer, base = answered(LINE)
    place = WhenTold()
    monkeypatch.setattr(pictures, "place", lambda: place)
    monkeypatch.setattr(reporting, "LONGEST_WAIT_S", 0.01)
    with pytest.raises(TimeoutError, match="the file was not made within"):
        reporting.file("html", answer, base)
    assert place.waiting[0].cancelled


def test_the_page_offers_link_command_and_files(at_once: AtOnce, monkeypatch: pytest.MonkeyPatch) -> None:
    """Link and command ready to be copied; report, workbook, scenario and numbers to be saved."""
    monkeypatch.setattr(pictures, "place", OnePoint)
    at = opened(LINE)
    assert at.code[0].value.endswith(f"/?{LINE}")
    assert at.code[1].value.startswith("importflow run teaching_line --replications 2 --seed 3")
    assert [button.label for button in at.download_button if len(button.label) > 3] == [  # beside those of charts
        "Report (HTML)",
        "Workbook (XLSX)",
        "Scenario with these changes (YAML)",
        "All numbers (CSV)",
    ]
