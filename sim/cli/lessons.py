"""``importflow lessons`` and ``importflow lesson``: what can be taught, and the answers that a teacher wants to see first."""

from __future__ import annotations

from typing import Annotated, Any

import typer
from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from sim.cli.common import FAILED, Format, FormatOption, app, errors, fail, print_json, progress_bar, terminal
from sim.show.answer import estimate_json, finite
from sim.show.lesson_words import formula_told, journey_told
from sim.study.lesson import Answered, Answers, answers
from sim.study.predicting import in_words
from sim.words import commands
from sim.world.lesson_files import LessonFile, find_lesson, lesson_paths, load_lesson, outline


@app.command()
def lessons() -> None:
    """List the lessons that come with the product, in the order in which they are taught."""
    table = Table.grid(padding=(0, 2))
    for column in range(3):
        table.add_column(no_wrap=column < 2)
    with errors():
        for name, path in lesson_paths().items():
            lesson = outline(path)
            table.add_row(name, commands.questions(len(lesson.questions)), lesson.title)
    terminal().print(table)


@app.command()
def lesson(
    name: Annotated[str, typer.Argument(metavar="LESSON", help="A lesson file, or the name of a shipped one.")],
    replications: Annotated[
        int | None, typer.Option(min=2, help="Runs of each plan, if not as many as the lesson says.")
    ] = None,
    format_: FormatOption = Format.text,
) -> None:
    """Print a lesson's questions with their answers, worked out now; ends with 1 where a formula does not hold as claimed."""
    with errors(as_json=format_ is Format.json):
        file = load_lesson(find_lesson(name))
        with progress_bar() as progress:
            found = answers(file, replications, progress)
        from sim.show.lesson_charts import lesson_charts  # charts take long to import

        lesson_charts(file, found)
    if format_ is Format.json:
        print_json(_json(file, found))
    else:
        _print(file, found)
    wrong = [
        commands.claims_otherwise(number, one.formula.title, one.formula.holds)
        for number, one in enumerate(found.answered, 1)
        if one.formula is not None and not one.formula.as_claimed
    ]
    if wrong:
        fail("\n".join(wrong), FAILED)


def _print(file: LessonFile, found: Answers) -> None:
    console = terminal()
    console.print(Text(f"{file.lesson.number}. {file.lesson.title}", style="bold"))
    _paragraph(console, file.lesson.idea)
    if found.journey is not None:
        console.print()
        for line in journey_told(found.journey):
            _paragraph(console, line)
    for number, one in enumerate(found.answered, 1):
        console.print()
        console.print(Text(commands.question(number), style="bold").append(one.question.text.strip(), style="not bold"))
        for line in _answer(one):
            _paragraph(console, line)
        _paragraph(console, one.explanation.strip())
    run = commands.lesson_run(found.replications, file.lesson.seed, list(file.runs))
    console.print(Text(f"\n{run}", style="dim"))


def _paragraph(console: Console, text: str) -> None:
    console.print(Padding(Text(text.strip()), (0, 0, 0, 2)))


def _answer(one: Answered) -> list[str]:
    """The answer, the options with the right one marked, and the formula."""
    said = [commands.answer(in_words(one.estimate))]
    choice = one.question.choice
    for number, option in enumerate(choice.options if choice else ()):
        own = f": {in_words(one.options[number])}" if one.options else ""
        said.append(f"{commands.RIGHT if number == one.right else '     '}  {option.text}{own}")
    if not one.sure:
        said.append(commands.NOT_TOLD_APART)
    if one.formula is not None:
        said.append(formula_told(one.formula, one.question.unit))
    return said


def _json(file: LessonFile, found: Answers) -> dict[str, Any]:
    return {
        "lesson": found.name,
        "title": file.lesson.title,
        "seed": file.lesson.seed,
        "replications": found.replications,
        "questions": [_question_json(one) for one in found.answered],
    }


def _question_json(one: Answered) -> dict[str, Any]:
    choice, formula = one.question.choice, one.formula
    said: dict[str, Any] = {"text": one.question.text.strip(), "answer": estimate_json(one.estimate)}
    if choice is not None:
        said |= {"options": [option.text for option in choice.options], "right": one.right, "sure": one.sure}
    if formula is not None:
        said["theory"] = {"formula": formula.title, "value": finite(formula.value), "as_claimed": formula.as_claimed}
    return {**said, "explanation": one.explanation.strip()}
