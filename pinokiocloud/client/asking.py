"""What runs ask a person, for a program that may know the answer."""

from __future__ import annotations

from typing import Any

from ..errors import PinokioError
from .words import on_one_line


def bare_name(name: str) -> str:
    """Lists of packages of every type call the app hello app:hello: whoever gives that means the app."""
    return name.removeprefix("app:") or name


def is_live(run: dict[str, Any]) -> bool:
    return run["state"] != "ended"


def open_questions(runs: list[dict[str, Any]], run_id: str) -> list[tuple[dict[str, Any], dict[str, Any]]]:
    """Those of a run and of the scripts that it has started, the oldest first, each with the run that asks."""
    by_id = {run["id"]: run for run in runs}

    def belongs(run: dict[str, Any] | None) -> bool:
        return run is not None and (run["id"] == run_id or belongs(by_id.get(run.get("parent") or "")))

    return [(run, question) for run in runs if is_live(run) and belongs(run) for question in run.get("questions") or []]


def answer_needed(questions: list[tuple[dict[str, Any], dict[str, Any]]], title: str) -> PinokioError:
    """Raised in place of a wait that nobody may end."""
    return PinokioError(
        "answer-needed",
        f"{on_one_line(title)} waits for an answer",
        "Answer it in the tabs, or with answer() of its run, then wait again",
        details="\n".join(question_text(run, question) for run, question in questions) or None,
        context={"run": questions[0][0]["id"], "question": questions[0][1]["id"]} if questions else None,
    )


def question_text(run: dict[str, Any], question: dict[str, Any]) -> str:
    params = question.get("params")
    given = params if isinstance(params, dict) else {}
    words = given.get("title") or given.get("message") or question["kind"]
    form = given.get("form")
    fields = [field for field in form if isinstance(field, dict)] if isinstance(form, list) else []
    keys = [str(field.get("key") or field.get("env") or "") for field in fields]
    asked = f" ({', '.join(filter(None, keys))})" if any(keys) else ""
    return on_one_line(f"{run['id']}  {run['script']}  {question['kind']}  {words}{asked}")
