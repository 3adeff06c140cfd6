"""The command line: what it prints where, what it writes, and with which code it ends."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from jsonschema import Draft202012Validator
from typer.testing import CliRunner

from sim import cli
from sim.analysis.checks import CheckError
from sim.cli import basics
from sim.study.replicate import Result
from sim.ui import serve
from sim.world.shipped import shipped_names
from tests.show.results import SITE

QUICK = ("--replications", "2", "--engine", "simpy", "--set", "clock.length=36 h", "--set", "clock.warm_up=6 h")
IMPORTFLOW = (sys.executable, "-c", "from sim.cli import main; main()")
ROOT = Path(__file__).resolve().parents[1]


def told(*arguments: str, code: int = 0) -> tuple[str, str]:
    """What a command prints on standard output and standard error; it must end with the code."""
    result = CliRunner().invoke(cli.app, arguments, env={"COLUMNS": "100", "TERM": "dumb"})
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    assert result.exit_code == code, result.stderr
    return result.stdout, result.stderr


@pytest.fixture
def small_site(tmp_path: Path) -> str:
    """The file of the small site."""
    path = tmp_path / "small_site.yaml"
    path.write_text(SITE, encoding="utf-8")
    return str(path)


def test_run_says_the_sentence_first_and_nothing_on_standard_error() -> None:
    """Text for people: sentence, tables, checks."""
    out, err = told("run", "teaching_line", *QUICK)
    assert out.startswith("95 of 100 visitors are through within")
    assert [
        heading for heading in ("Headline", "Stages", "Teams", "Where the hours went", "Checks") if heading not in out
    ] == []
    assert err == ""


def test_run_as_json_is_one_object_and_nothing_else() -> None:
    """Field by field: what ran, what was found, and the checks."""
    out, err = told("run", "teaching_line", *QUICK, "--seed", "5", "--format", "json")
    said = json.loads(out)
    assert err == ""
    assert list(said) == [
        "scenario", "seed", "replications", "engine", "sentence", "measures", "stages", "teams", "checks", "warnings",
    ]  # fmt: skip
    assert (said["scenario"], said["seed"], said["replications"], said["engine"]) == ("teaching_line", 5, 2, "simpy")
    assert said["measures"]["utilisation.clerks"].keys() == {"mean", "low", "high", "unit"}
    assert 0.7 < said["measures"]["utilisation.clerks"]["mean"] < 0.95, "2.5 of 3 clerks are busy: 83 %"
    assert list(said["stages"]) == ["counter"]
    assert list(said["teams"]) == ["clerks"]
    assert set(said["checks"].values()) == {True}


def test_the_same_seed_gives_the_same_numbers_and_another_gives_others() -> None:
    """Seed is what decides, and workers are not."""
    answers = [
        told("run", "teaching_line", *QUICK, "--format", "json", *more)[0]
        for more in ((), ("--seed", "1"), ("--seed", "2"))
    ]
    assert answers[0] == answers[1] != answers[2]


def test_a_setting_changes_what_is_run() -> None:
    """A fourth clerk brings the time at work from five sixths to five eighths."""
    out, _ = told("run", "teaching_line", *QUICK, "--set", "teams.clerks.staff=4", "--format", "json")
    assert json.loads(out)["measures"]["utilisation.clerks"]["mean"] == pytest.approx(0.625, abs=0.06)


def test_a_run_folder_repeats_itself_by_its_own_command(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The manifest's command, typed in the folder, gives the measures that stand in the folder, to the last digit."""
    told("run", "teaching_line", *QUICK, "--out", str(tmp_path / "run"))
    monkeypatch.chdir(tmp_path / "run")
    manifest = json.loads(Path("manifest.json").read_text(encoding="utf-8"))
    command = manifest["repeat"].split()
    assert command[0] == "importflow"
    again = json.loads(told(*command[1:], "--format", "json")[0])
    assert again["measures"] == json.loads(Path("measures.json").read_text(encoding="utf-8"))["measures"]


def test_a_run_folder_has_the_records_of_each_replication(tmp_path: Path) -> None:
    """Also where worker processes wrote them; the text says where the folder is."""
    out, _ = told("run", "teaching_line", *QUICK, "--workers", "2", "--out", str(tmp_path / "run"))
    visits = pd.read_parquet(tmp_path / "run" / "records" / "visits")
    assert sorted(set(visits["replication"])) == [0, 1]
    assert f"how to repeat the run: {tmp_path / 'run'}" in out
    assert [path.name for path in tmp_path.iterdir()] == ["run"]


def test_a_folder_of_something_else_is_refused_before_anything_runs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Exit 2, what stands there is named, and stays."""
    (tmp_path / "letter.txt").write_text("dear")
    monkeypatch.setattr(basics, "replicate", lambda *_: pytest.fail("it ran"))
    _, err = told("run", "teaching_line", "--out", str(tmp_path), code=2)
    assert "holds files that no run of importflow wrote" in err
    assert [path.name for path in tmp_path.iterdir()] == ["letter.txt"]


def test_a_disk_that_is_full_is_a_clear_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Exit 1 with the system's reason, and nothing half-written."""

    def full(*_: object) -> Result:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(basics, "replicate", full)
    _, err = told("run", "teaching_line", "--out", str(tmp_path / "a" / "run"), code=1)
    assert err == "error: cannot write the run folder: [Errno 28] No space left on device\n"
    assert list(tmp_path.iterdir()) == []


def test_a_run_that_breaks_a_law_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    """Exit 1, with what to report."""

    def broken(*_: object) -> Result:
        raise CheckError("seed 1, replication 0: the run breaks little")

    monkeypatch.setattr(basics, "replicate", broken)
    assert told("run", "teaching_line", code=1) == ("", "error: seed 1, replication 0: the run breaks little\n")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["run", "teaching_lin"], "no shipped scenario 'teaching_lin'; did you mean 'teaching_line'?"),
        (["run", "nowhere/line.yaml"], "nowhere/line.yaml: there is no such file"),
        (["run", "teaching_line", "--set", "teams.clerk.staff=4"], "did you mean 'clerks'?"),
        (["run", "teaching_line", "--replications", "0"], "'--replications'"),
        (["run", "teaching_line", "--replications", "-3"], "'--replications'"),
        (["run", "teaching_line", "--seed", "-1"], "'--seed'"),
        (["run", "teaching_line", "--workers", "0"], "'--workers'"),
        (["run", "teaching_line", "--engine", "simpi"], "no engine 'simpi'; did you mean 'simpy'?"),
        (["run", "teaching_line", "--format", "xml"], "'--format'"),
        (["run"], "SCENARIO"),
        (["check", "teaching_line", "--set", "clock.length=10"], "clock.length"),
        (
            [
                "check",
                "teaching_line",
                "--set",
                "flows.visitors.arrivals.gaps.exponential=1 ms",
                "--set",
                "clock.length=900 d",
            ],
            "memory",
        ),
        (["explain", "teaching_lin"], "did you mean 'teaching_line'?"),
        (["app", "--port", "99999"], "'--port'"),
        (["runn"], "No such command 'runn'"),
    ],
)
def test_what_is_wrong_is_said_on_standard_error_with_exit_2(arguments: list[str], message: str) -> None:
    """Nothing is printed on standard output, and no traceback anywhere."""
    out, err = told(*arguments, code=2)
    assert out == ""
    assert message in re.sub(r"\s*│\n│\s*", " ", err)
    assert "Traceback" not in err


def test_check_names_file_line_path_value_and_rule(small_site: str) -> None:
    """All mistakes of a file at once, one a line."""
    text = SITE.replace("selection_rate: 10 %", "selection_rate: 130 %").replace(
        "accuracy: 90 %\n    corr", "accuracy: 9x\n    corr"
    )
    Path(small_site).write_text(text, encoding="utf-8")
    out, err = told("check", small_site, code=2)
    assert out == ""
    lines = err.splitlines()
    assert len(lines) == 2
    assert all(line.startswith(f"error: {small_site}, line ") for line in lines)
    assert "stages.inspection.accuracy: " in lines[0]
    assert "'9x'" in lines[0]
    assert "stages.customs.selection_rate: " in lines[1]
    assert "130 %" in lines[1]


def test_check_shows_the_load_of_every_day(small_site: str) -> None:
    """Valid: how many orders, load by team and day, the worst day; no warning where nobody is overloaded."""
    out, err = told("check", small_site)
    assert re.match(r"small_site is valid: \d+ orders in 4 days\.\n", out)
    assert [
        word for word in ("officers", "packers", "Mon 2 Nov", "Thu 5 Nov", "measured", "worst day") if word not in out
    ] == []
    assert err == ""


def test_check_warns_of_overload_and_strict_makes_it_an_error(small_site: str) -> None:
    """A peak is meant to overload, so that alone is no error; who asks for --strict gets exit 2."""
    few = ("--set", "teams.packers.shifts.early.staff=0")
    out, err = told("check", small_site, *few)
    assert re.fullmatch(r"warning: packers gets more than it can do: 1\d\d % over the measured days\n", err)
    assert told("check", small_site, *few, "--strict", code=2) == (out, err)
    assert told("check", small_site, "--strict")[1] == ""


def test_check_as_json(small_site: str) -> None:
    """Valid with loads, or not valid with the errors; the exit codes are those of text."""
    said = json.loads(told("check", small_site, "--format", "json")[0])
    assert said.keys() == {"valid", "scenario", "load", "teams", "overloaded"}
    assert (said["valid"], said["scenario"], said["overloaded"]) == (True, "small_site", [])
    assert {row["team"] for row in said["load"]} == {"officers", "packers"}
    out, err = told("check", small_site, "--format", "json", "--set", "teams.packers.speed=0", code=2)
    assert json.loads(out)["valid"] is False
    assert [f"error: {error}" for error in json.loads(out)["errors"]] == err.splitlines()


def test_explain_tells_steps_sources_and_differences(tmp_path: Path, small_site: str) -> None:
    """A variant: the steps of each flow, guesses marked, what differs from its base, what --set changed."""
    variant = tmp_path / "busier.yaml"
    variant.write_text(
        "extends: small_site.yaml\nschema: 1\nstages: {customs: {selection_rate: 30 %}}\n", encoding="utf-8"
    )
    out, _ = told("explain", str(variant), "--set", "teams.officers.staff=3")
    assert "is it selected for inspection? 30 %" in out
    assert "Sources (2 figures, 1 of them guesses)" in out
    assert "guess: a round figure" in out
    differs, set_here = out[out.index("Differs from its base") :].split("Set here")
    assert differs.splitlines()[1].strip() == "stages.customs.selection_rate: 10 % -> 30 %"
    assert set_here.strip() == "teams.officers.staff: 1 -> 3"


@pytest.mark.parametrize("name", shipped_names())
def test_every_shipped_scenario_can_be_explained(name: str) -> None:
    """The question first, then at least one flow."""
    out, err = told("explain", name)
    assert "?" in " ".join(out.split("\n\n")[0].split())
    assert "leave: " in out
    assert err == ""


def test_scenarios_are_listed_with_their_questions() -> None:
    """Each name begins a line; the question follows."""
    out, _ = told("scenarios")
    assert [line.split()[0] for line in out.splitlines() if line[0] != " "] == shipped_names()
    assert "How long do people wait at three counters" in out


def test_schema_is_a_json_schema() -> None:
    """For editors, in the dialect that it names."""
    schema = json.loads(told("schema")[0])
    Draft202012Validator.check_schema(schema)
    assert schema["title"] == "importflow scenario"


def test_version_and_help() -> None:
    """Which version, and which commands there are."""
    assert re.fullmatch(r"importflow \d+\.\d+\S*\n", told("--version")[0])
    out, _ = told("--help")
    assert [
        command for command in ("run", "check", "explain", "schema", "scenarios", "app") if command not in out
    ] == []


class BecomesAnotherError(Exception):
    """Stands for a process that has become another, whose command line it carries."""


def test_app_becomes_the_server(monkeypatch: pytest.MonkeyPatch) -> None:
    """The same as running it by hand, in the same process, so that a container that is stopped ends at once."""

    def become(program: str, command: list[str]) -> None:
        raise BecomesAnotherError(program, *command[1:])

    monkeypatch.setattr(os, "execv", become)
    options = ["--server.address=0.0.0.0", "--server.port=8600", "--browser.gatherUsageStats=false"]
    with pytest.raises(BecomesAnotherError) as first:
        CliRunner().invoke(cli.app, ["app", "--host", "0.0.0.0", "--port", "8600"], catch_exceptions=False)
    assert first.value.args == (sys.executable, "-m", "sim.ui.serve", *options)


def test_the_server_is_streamlit_on_the_apps_own_file(monkeypatch: pytest.MonkeyPatch) -> None:
    """With the same options, in the same process, after its workers have been woken."""
    done: list[Any] = []
    monkeypatch.setattr(sys, "argv", ["serve"])
    monkeypatch.setattr("sim.ui.running.wake", lambda: done.append("woken"))
    monkeypatch.setattr("streamlit.web.cli.main", lambda prog_name: done.append((prog_name, sys.argv)))
    assert serve.main(["--server.port=8600"]) == 0
    assert done == ["woken", ("streamlit", ["streamlit", "run", str(ROOT / "app.py"), "--server.port=8600"])]


def test_a_server_with_wrong_limits_does_not_start() -> None:
    """Each wrong variable is named, with exit code 2, before anybody can open the page."""
    limits = {"IMPORTFLOW_PLACES": "many", "IMPORTFLOW_ORDERS": "-1"}
    ended = subprocess.run(
        [sys.executable, "-m", "sim.ui.serve"], cwd=ROOT, env={**os.environ, **limits}, capture_output=True, text=True
    )
    assert (ended.returncode, ended.stdout) == (2, "")
    assert ended.stderr.splitlines() == [
        "error: IMPORTFLOW_PLACES=many: must be a whole number of at least 1",
        "error: IMPORTFLOW_ORDERS=-1: must be a whole number of at least 1",
    ]


@pytest.fixture
def long_run(tmp_path: Path) -> Iterator[subprocess.Popen[str]]:
    """A run of two workers that would take minutes, in the middle of it: its unfinished folder is there."""
    arguments = (
        "run",
        "teaching_line",
        "--engine",
        "simpy",
        "--set",
        "clock.length=9000 d",
        "--workers",
        "2",
        "--out",
        "runs/long",
    )
    process = subprocess.Popen(
        [*IMPORTFLOW, *arguments], cwd=tmp_path, env={**os.environ, "PYTHONPATH": str(ROOT)}, text=True,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, start_new_session=True,
    )  # fmt: skip
    while process.poll() is None and not list(tmp_path.glob("runs/.long.*.unfinished")):
        time.sleep(0.05)
    yield process
    if process.poll() is None:
        os.killpg(process.pid, signal.SIGKILL)
    process.communicate()


@pytest.mark.slow
def test_ctrl_c_ends_quietly_with_130_and_leaves_nothing(long_run: subprocess.Popen[str], tmp_path: Path) -> None:
    """Ctrl-C reaches the whole group, workers too: no traceback, no folder."""
    os.killpg(long_run.pid, signal.SIGINT)
    out, err = long_run.communicate(timeout=60)
    assert (long_run.returncode, out, err) == (130, "", "")
    assert list(tmp_path.iterdir()) == []


def test_a_request_to_end_leaves_nothing_either(long_run: subprocess.Popen[str], tmp_path: Path) -> None:
    """SIGTERM reaches the command alone, which ends its workers and tidies up."""
    long_run.terminate()
    out, err = long_run.communicate(timeout=60)
    assert (long_run.returncode, out, err) == (143, "", "")
    assert list(tmp_path.iterdir()) == []


def test_a_reader_that_goes_away_is_no_error(tmp_path: Path) -> None:
    """As with ``| head -1``: the pipe is closed after the first line."""
    process = subprocess.Popen(
        [*IMPORTFLOW, "explain", "small_site_fortnight"], env={**os.environ, "PYTHONPATH": str(ROOT)}, text=True,
        cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip
    assert process.stdout is not None
    assert process.stderr is not None
    assert process.stdout.readline().startswith("Does a small")
    process.stdout.close()
    assert process.stderr.read() == ""
    process.stderr.close()
    process.wait(timeout=60)


EVENING = str(ROOT / "scenarios" / "data" / "small_site_busy_evening.csv")
TONIGHT = ("tonight", "small_site_fortnight", "--at", "2026-09-01 18:00", "--replications", "2", "--backlog")


def test_tonight_says_when_the_floor_is_clear_who_is_late_and_who_should_move() -> None:
    """The shipped snapshot of an evening after twice the usual orders: 1,547 of them are on the floor."""
    out, err = told(*TONIGHT, EVENING, "--show", "3")
    assert err == ""
    assert out.startswith("The floor is clear on ")
    assert "of 1,547" in " ".join(out.split())
    headings = ("Orders most likely to miss", "Who is waited for", "If one person moved")
    assert [heading for heading in headings if heading not in out] == []


def test_tonight_as_json_is_one_object() -> None:
    """All orders, not only those that the table shows."""
    said = json.loads(told(*TONIGHT, EVENING, "--format", "json")[0])
    assert len(said["orders"]) == 1547
    assert said["orders"][0]["late.dispatch_24h"] == 1.0
    assert next(iter(said["teams"])) == "pickers"


def test_tonight_refuses_a_bad_snapshot_by_file_and_line(tmp_path: Path) -> None:
    """Exit code 2, and nothing on standard output."""
    path = tmp_path / "tonight.csv"
    path.write_text("order,stage,since\nA1,picking,2026-09-01 12:00\nA2,pickin,2026-09-01 12:00\n", encoding="utf-8")
    out, err = told(*TONIGHT, str(path), code=2)
    assert out == ""
    assert err.strip() == (
        f"error: {path}, line 3: stage: flow 'orders' does not visit 'pickin'; did you mean 'picking'?"
    )


SHOP = str(ROOT / "tests" / "scenarios" / "valid" / "stock.yaml")
OF_CONTAINER = ("container", SHOP, "--flow", "container", "--replications", "2", "--engine", "simpy")
EMPTY = ("--set", "stock.on_hand=0")


def test_container_says_when_it_must_leave_or_why_not() -> None:
    """A sentence, then what was tried: from empty shelves the shop never fills 99 %, and with stock always some."""
    out, _ = told(*OF_CONTAINER, *EMPTY, "--fill-rate", "99%")
    assert out.startswith(
        "Even if it leaves at the start of the clock, container, number 1, cannot keep a fill rate of 99 %."
    )
    assert "Mon 2 Nov 06:00" in out
    out, _ = told(*OF_CONTAINER, "--fill-rate", "1%")
    assert out.startswith("It makes no difference: a fill rate of 1 % is kept")


def test_container_as_json_is_one_object() -> None:
    """The same verdict, target and departures for programs."""
    found = json.loads(told(*OF_CONTAINER, *EMPTY, "--fill-rate", "99%", "--every", "12h", "--format", "json")[0])
    assert (found["verdict"], found["target"], found["leaves"]) == ("infeasible", 0.99, None)
    assert [one["leaves"] for one in found["tried"]] == ["2026-11-02T06:00:00"]
    assert 0 < found["tried"][0]["fill_rate"]["mean"] < 0.99


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--flow", "orders"), "--flow orders: no flow of that name plans consignments"),
        (("--flow", "container", "--fill-rate", "lots"), "'lots' is not a share"),
        (("--flow", "container", "--every", "0 h"), "must be above zero"),
    ],
)
def test_container_refuses_what_it_cannot_answer(options: tuple[str, ...], said: str) -> None:
    """With exit code 2 and nothing on standard output."""
    out, err = told("container", SHOP, *options, code=2)
    assert out == ""
    assert said in re.sub(r"[\s│]+", " ", err)


def test_check_warns_of_consignments_that_leave_after_the_end() -> None:
    """They are left out of the run: that is no error, since a clock may be cut short."""
    _, err = told("check", "late_container", "--set", "clock={start: 2026-05-11, length: 10 d}")
    assert (
        "flows.bulk.arrivals.planned.0.leaves: leaves after the clock has ended (2026-05-21 00:00) and is left out"
        in err
    )
