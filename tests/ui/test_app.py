"""The planner's page as its script draws it: what opens, what each control does, and what stays."""

from __future__ import annotations

from collections.abc import Hashable
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from sim.show.figures import GROUPS
from sim.ui import estimate, pictures, running
from sim.ui.choice import Choice, offered, uploaded
from sim.ui.jobs import Job, Task
from sim.ui.pages import planner
from sim.world.shipped import scenarios_folder
from tests.ui.groups import open_all
from tests.ui.runners import AtOnce, WhenTold

APP = Path(__file__).parents[2] / "app.py"
STAFF = "set:teaching_line:teams.clerks.staff"
PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x06\x00\x00\x00\x1f\x15\xc4\x89\x00\x00\x00\rIDATx\x9cc\xf8\xff\xff?\x00\x05\xfe\x02\xfe\xa75\x81\x84\x00\x00\x00\x00IEND\xaeB`\x82"  # fmt: skip


class OnePoint(AtOnce):
    """Draws every chart as one point, which is quick."""

    def known(self, key: Hashable) -> Any:
        """A picture."""
        return PNG

    def submit(self, task: Task) -> Job:
        """A picture, already drawn."""
        job = Job(task)
        job.finish(PNG)
        return job


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> WhenTold:
    """Runs wait until a test lets them finish."""
    runner = WhenTold()
    monkeypatch.setattr(running, "places", lambda: runner)
    monkeypatch.setattr(planner, "PATIENCE_S", 0.0)
    return runner


@pytest.fixture
def by_hand(monkeypatch: pytest.MonkeyPatch) -> None:
    """No scenario is so quick that its changes are run before Run is pressed."""
    monkeypatch.setattr(estimate, "AT_ONCE_VISITS", 0)


@pytest.fixture(autouse=True)
def no_drawing(monkeypatch: pytest.MonkeyPatch) -> None:
    """Charts are not what these tests are about."""
    drawer = OnePoint()
    monkeypatch.setattr(pictures, "place", lambda: drawer)


def page(scenario: str = "teaching_line", days: float = 1.0, replications: int = 2) -> AppTest:
    """A page that opens on a scenario, shortened so that its run takes a moment."""
    at = AppTest.from_file(APP, default_timeout=60)
    at.query_params["scenario"] = scenario
    at.session_state[f"run:{scenario}:days"] = days
    at.session_state[f"run:{scenario}:replications"] = replications
    return open_all(at, Choice(scenario))


def run(at: AppTest, *_moved: object) -> AppTest:
    """Run the script, with the widgets that were moved; nothing may have gone wrong in it."""
    at.run()
    assert not at.exception
    return at


def sentence(at: AppTest) -> str:
    """The first line of the answer, as it reads on the page."""
    says = [text.value for text in at.markdown if "within" in text.value or "hold" in text.value]
    return says[0].replace("\\", "")


def says(at: AppTest, begin: str) -> str:
    """The text on the page that begins so, as it reads."""
    return next(text.value.replace("\\", "") for text in at.markdown if text.value.startswith(begin))


def warnings(at: AppTest) -> str:
    """All warnings on the page."""
    return "\n".join(warning.value for warning in at.warning).replace("\\", "")


def test_the_page_opens_with_an_answer(at_once: AtOnce) -> None:
    """Without a click: the question, the sentence, the headline numbers with their intervals, and the tabs."""
    at = run(page())
    assert at.subheader[0].value == "How long do people wait at three counters that are busy 83 % of the time?"
    assert sentence(at).startswith("95 of 100 ")
    assert [metric.label for metric in at.metric] == ["95 of 100 done within", "Done a day", "Unfinished"]
    assert sum("\N{NO-BREAK SPACE}to " in caption.value for caption in at.caption) == 3
    assert [tab.label for tab in at.tabs][-1] == "Checks"
    assert not at.warning
    assert not at.error


def test_without_a_wish_it_opens_on_a_small_scenario(told: WhenTold) -> None:
    """The first page of a new user is one that is answered at once."""
    at = AppTest.from_file(APP, default_timeout=60)
    assert run(at).selectbox(key="scenario").value == "six_stages"


def test_an_unknown_name_in_the_address_is_ignored(told: WhenTold) -> None:
    """An old or mistyped link opens the page all the same."""
    at = AppTest.from_file(APP, default_timeout=60)
    at.query_params["scenario"] = "no_such_plan"
    assert run(at).selectbox(key="scenario").value == "six_stages"


def test_all_scenarios_are_offered_and_the_address_names_the_chosen_one(told: WhenTold) -> None:
    """The list holds the shipped scenarios and a file of one's own; choosing changes the question and the address."""
    at = run(page())
    box = at.selectbox(key="scenario")
    assert len(box.options) == len(offered()) + 1
    run(at, box.set_value("small_site_fortnight"))
    assert at.subheader[0].value.startswith("Does a small bonded site keep")
    assert at.query_params["scenario"] == "small_site_fortnight"


def test_a_changed_control_keeps_the_answer_and_marks_it(told: WhenTold, by_hand: None) -> None:
    """The old sentence stays word for word; a warning says for what it was computed and what to press."""
    at = run(page())
    told.finish()
    before = sentence(run(at))
    run(at, at.number_input(key=STAFF).set_value(4))
    assert sentence(at) == before
    assert "Out of date" in warnings(at)
    assert "Computed for: Teaching line; the first 1 of its 10 days, 2 replications, seed 1" in warnings(at)
    assert "Press **Run**" in warnings(at)
    assert "+1 clerks, at all hours" in "\n".join(text.value for text in at.markdown)


def test_a_run_replaces_the_answer_and_compares_it_with_the_base(told: WhenTold, by_hand: None) -> None:
    """While it runs the old answer stays; then the new one stands there, with its distance from the base."""
    at = run(page(days=2.0, replications=5))
    told.finish()
    before = sentence(run(at))
    run(at, at.number_input(key=STAFF).set_value(4))
    run(at, at.button(key="run").click())
    assert sentence(at) == before
    assert "A new answer is under way" in "\n".join(caption.value for caption in at.caption)
    told.finish()
    run(at)
    assert sentence(at) != before
    assert not at.warning
    assert at.metric[0].delta.startswith("-")
    assert says(at, "Against the scenario as it is").startswith("Against the scenario as it is: 95 of 100 are done ")


def test_back_to_the_scenario_as_it_is(told: WhenTold) -> None:
    """Undo moves every control back, and the answer to that is still known: no run is needed."""
    at = run(page())
    told.finish()
    before = sentence(run(at))
    run(at, at.number_input(key=STAFF).set_value(4))
    run(at, at.button(key="undo").click())
    assert at.number_input(key=STAFF).value == 3
    assert sentence(at) == before
    assert not at.warning
    assert [job for job in told.waiting if not job.cancelled and not job.task.gives_way] == []


def test_cancel_keeps_the_last_answer(told: WhenTold) -> None:
    """The job is cancelled, the page says so, and the answer stands."""
    at = run(page())
    told.finish()
    before = sentence(run(at))
    run(at, at.number_input(key=STAFF).set_value(4))
    run(at, at.button(key="run").click())
    run(at, at.button(key="cancel").click())
    assert told.waiting[-1].cancelled
    assert sentence(at) == before
    assert "Cancelled" in "\n".join(info.value for info in at.info)


def test_cancel_before_the_first_answer_says_what_to_do(told: WhenTold) -> None:
    """An empty page is no riddle."""
    at = run(page())
    run(at, at.button(key="cancel").click())
    assert "Press **Run**" in at.info[0].value
    assert told.waiting[0].cancelled


def test_seed_replications_and_days_are_part_of_the_question(at_once: AtOnce, by_hand: None) -> None:
    """Each of them makes the answer another one, and stands in the command that repeats it."""
    at = run(page())
    for key, value in (("seed", 7), ("run:teaching_line:replications", 3), ("run:teaching_line:days", 2.0)):
        run(at, at.number_input(key=key).set_value(value))
        assert "Out of date" in warnings(at)
    run(at, at.button(key="run").click())
    assert not at.warning
    command = (
        "importflow run teaching_line --replications 3 --seed 7 --set 'clock.length=2 d' --set 'clock.warm_up=4 h'"
    )
    assert at.code[1].value == command


def test_every_control_of_the_small_site_can_be_moved(told: WhenTold) -> None:
    """Each widget takes another value without an exception, and each is then named as changed."""
    at = run(page("small_site_fortnight"))
    numbers = [widget.key for widget in at.number_input if str(widget.key).startswith("set:")]
    assert len(numbers) > 20
    for key in numbers:
        widget = at.number_input(key=key)
        widget.set_value(widget.value + 1 if widget.value < 99 else widget.value - 1)
    at.selectbox(key="set:small_site_fortnight:stages.customs.credit").set_value("certified")
    at.toggle(key="set:small_site_fortnight:stages.customs.pick_before_acceptance").set_value(False)
    run(at)
    assert not at.error
    changed = next(text.value for text in at.markdown if text.value.startswith("Changed from base"))
    assert changed.count(";") + 1 == len(numbers) + 2


def test_settings_that_make_no_scenario_say_which_rule_they_break(told: WhenTold) -> None:
    """A crew of five cannot be made of four; the message is that of the command line, and Run waits."""
    at = run(page("small_site_fortnight"))
    run(at, at.number_input(key="set:small_site_fortnight:teams.tally_crew.shifts.early.staff").set_value(4))
    assert "a crew of 5 is larger than team 'tally_crew' ever is" in at.error[0].value
    assert at.button(key="run").disabled


def test_a_scenario_beyond_patience_begins_with_its_first_days(told: WhenTold, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where two replications take too long the page proposes fewer days, says so, and warns who asks for very many."""
    monkeypatch.setattr(estimate, "LONGEST_S", 10.0)
    at = AppTest.from_file(APP, default_timeout=60)
    at.query_params["scenario"] = "double_eleven"
    run(open_all(at, Choice("double_eleven")))
    run(at, at.button(key="cancel").click())
    days = at.number_input(key="run:double_eleven:days")
    whole = Choice("double_eleven").load().scenario.clock.length / 86_400_000
    assert days.value < whole
    assert "A first look" in "\n".join(caption.value for caption in at.caption)
    days.set_value(whole)
    run(at, at.number_input(key="run:double_eleven:replications").set_value(60))
    assert "This will take about" in warnings(at)


def test_a_closed_group_keeps_what_was_moved_in_it(told: WhenTold) -> None:
    """Its fields are not drawn, what they say is asked, and it stands there when the group is opened again."""
    at = run(page("six_stages"))
    staff = "set:six_stages:teams.pickers.shifts.day.staff"
    run(at, at.number_input(key=staff).set_value(9))
    for opened in (False, False, True):
        at.session_state["group:six_stages:picking"] = opened
        run(at)
        assert [widget.value for widget in at.number_input if widget.key == staff] == ([9] if opened else [])
        assert "teams.pickers.shifts.day.staff=9" in at.query_params["set"]


def test_an_uploaded_scenario_is_run(at_once: AtOnce, by_hand: None) -> None:
    """A file of one's own has its own controls, question and command."""
    at = run(page())
    run(at, at.selectbox(key="scenario").set_value("own_file"))
    assert "First choose a scenario" in at.sidebar.caption[0].value
    text = APP.with_name("scenarios").joinpath("teaching_line.yaml").read_text(encoding="utf-8")
    text = text.replace("length: 10 d", "length: 1 d").replace("warm_up: 1 d", "warm_up: 2 h")
    run(at, at.file_uploader(key="upload").set_value(("mine.yaml", text.encode(), "application/yaml")))
    assert "Out of date" in warnings(at)
    run(at, at.button(key="run").click())
    assert not at.warning
    assert at.code[0].value == "importflow run mine.yaml --replications 10 --seed 1"


def test_a_new_version_of_a_file_has_its_own_values(told: WhenTold) -> None:
    """A control shows what the file now says, not what it said when it was uploaded under the same name before."""
    at = run(page())
    run(at, at.selectbox(key="scenario").set_value("own_file"))
    text = APP.with_name("scenarios").joinpath("teaching_line.yaml").read_text(encoding="utf-8")
    for staff in (3, 5):
        content = text.replace("staff: 3", f"staff: {staff}").encode()
        open_all(at, uploaded("mine.yaml", content))
        run(at, at.file_uploader(key="upload").set_value(("mine.yaml", content, "application/yaml")))
        assert [widget.value for widget in at.number_input if widget.label == "Clerks, at all hours"] == [staff]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"schema: 1\nclock: {start: 2026-11-02, length: 10}\n", "mine.yaml, line 2: clock.length"),
        (b"a: &x 1\nb: *x\n", "anchors and aliases are not allowed"),
        (b"\xff\xfe\x00", "mine.yaml: not a text file in UTF-8"),
        (b"extends: ../pyproject.toml\n", "lies outside the folder of scenarios"),
    ],
)
def test_a_bad_upload_shows_its_mistake_and_keeps_the_answer(told: WhenTold, content: bytes, said: str) -> None:
    """The message names the place and the rule; the last answer is still there."""
    at = run(page())
    told.finish()
    before = sentence(run(at))
    run(at, at.selectbox(key="scenario").set_value("own_file"))
    run(at, at.file_uploader(key="upload").set_value(("mine.yaml", content, "application/yaml")))
    assert said in at.error[0].value
    assert sentence(at) == before
    assert at.button(key="run").disabled


def test_a_scenario_that_cannot_be_run_says_why(at_once: AtOnce) -> None:
    """A worker's refusal stands on the page as text."""
    at = run(page())
    run(at, at.selectbox(key="scenario").set_value("own_file"))
    text = APP.with_name("scenarios").joinpath("teaching_line.yaml").read_text(encoding="utf-8")
    text = text.replace("exponential: 2 min", "exponential: 40 d")
    run(at, at.file_uploader(key="upload").set_value(("mine.yaml", text.encode(), "application/yaml")))
    run(at, at.button(key="run").click())
    assert "mine.yaml, line 5: flows: nothing arrives within the clock" in at.error[0].value
    assert str(scenarios_folder()) not in at.error[0].value


def test_words_of_a_scenario_are_words(at_once: AtOnce) -> None:
    """What an author writes is shown as it is, and cannot become a picture from elsewhere or a link."""
    at = run(page())
    run(at, at.selectbox(key="scenario").set_value("own_file"))
    text = APP.with_name("scenarios").joinpath("teaching_line.yaml").read_text(encoding="utf-8")
    text = text.replace("question: How", 'question: "![x](http://example.org/x.png) How"\n#')
    run(at, at.file_uploader(key="upload").set_value(("mine.yaml", text.encode(), "application/yaml")))
    assert at.subheader[0].value == r"\!\[x\]\(http\://example.org/x.png\) How"


@pytest.mark.parametrize("heading", ["Throughput", "Delays", "Queues", "People", "Where the hours went"])
def test_each_heading_has_charts_with_words_a_table_and_files(at_once: AtOnce, heading: str) -> None:
    """Under every chart: PNG, SVG and CSV, and its numbers; each picture says what it shows."""
    at = page()
    at.session_state["tabs"] = heading
    for kind in GROUPS[heading]:
        at.session_state[f"table_{kind.name}"] = True
    run(at)
    files = [button.label for button in at.download_button if button.label in ("PNG", "SVG", "CSV")]
    assert files == ["PNG", "SVG", "CSV"] * (len(files) // 3)
    assert len(files) // 3 == len(at.dataframe) > 0
    assert all(len(table.value) > 0 for table in at.dataframe)
    assert [picture.alt for image in at.image for picture in image.proto.imgs if not picture.alt.endswith(".")] == []


def test_tables_are_those_of_the_command_line(at_once: AtOnce) -> None:
    """Under a heading of their own: each table, with the values that the terminal shows."""
    at = page()
    at.session_state["tabs"] = "Tables"
    run(at)
    titles = [text.value for text in at.markdown if text.value.startswith("#### ")]
    assert titles[1:] == ["#### Stages", "#### Teams", "#### Where the hours went"]
    stages = at.table[1].value
    assert list(stages.columns) == [
        "done a day",
        "average queue",
        "longest queue",
        "average wait",
        "95 of 100 wait at most",
        "average work",
    ]
    assert list(stages.index) == ["counter"]


def test_checks_say_what_held(at_once: AtOnce) -> None:
    """The last tab lists each law in words, and which orders were measured."""
    at = page()
    at.session_state["tabs"] = "Checks"
    run(at)
    says = "\n".join(text.value for text in at.markdown)
    assert says.count(":green[\N{CHECK MARK}]") == 5
    assert "Measured are the orders placed from 2 November, 02\\:00 to 3 November, 00\\:00" in says
