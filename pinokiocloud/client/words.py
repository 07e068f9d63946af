"""The words for what the protocol says in names and numbers: those of the command line."""

from __future__ import annotations

import re
from typing import Any

# A test compares these with the protocol's own.
PHASES = {
    "wait": "Waiting for its turn",
    "stop": "Stopping what runs",
    "check": "Checking",
    "fetch": "Fetching",
    "files": "Writing files",
    "submodules": "Fetching submodules",
    "lfs": "Fetching large files",
    "look": "Looking at what it runs",
    "copy": "Copying",
    "move": "Putting it in place",
    "trash": "Moving it into the trash",
    "install": "Installing",
    "script": "Running its script",
    "ask": "Waiting for you",
    "undo": "Going back",
    "remove": "Removing",
    "compare": "Comparing",
}

# Control characters but the line break, and those that change the direction of text.
STEERING = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]")


def printable(text: str) -> str:
    """What apps say about themselves, so that it cannot steer a terminal: only line breaks are obeyed."""
    return STEERING.sub(lambda found: escaped(found[0]), text)


def on_one_line(text: str) -> str:
    return printable(text).replace("\n", "\\x0a")


def escaped(character: str) -> str:
    code = ord(character)
    return f"\\x{code:02x}" if code < 256 else f"\\u{code:04x}"


def phase_text(phase: str) -> str:
    return PHASES.get(phase, phase)


def amount_of(job: dict[str, Any]) -> str:
    """How far a job is, such as ": 3 of 12 files"; empty where nobody knows."""
    progress = job["progress"]
    if progress is None:
        return ""
    amounts = [progress["done"], *([progress["total"]] if progress["total"] is not None else [])]
    unit = progress["unit"]
    return ": " + " of ".join(size_text(one) if unit == "bytes" else f"{one:g} {unit}" for one in amounts)


def progress_text(progress: dict[str, Any] | None) -> str:
    """The bar that a program draws, such as ": 43 %, Downloading model.safetensors, 2.1 of 4.9 GB"."""
    if progress is None:
        return ""
    percent, done, total = progress["percent"], progress["done"], progress["total"]
    parts = [
        "" if percent is None else f"{int(percent)} %",
        progress["label"],
        "" if done is None else done if total is None else f"{done} of {total}",
    ]
    words = ", ".join(part for part in parts if part)
    return f": {words}" if words else ""


def size_text(size: float) -> str:
    value, units = max(0.0, size), ["B", "KB", "MB", "GB", "TB"]
    at = 0
    while value >= 1024 and at < len(units) - 1:
        value, at = value / 1024, at + 1
    digits = 0 if at < 2 or value >= 100 else 1
    return f"{value:.{digits}f}".removesuffix(".0") + f" {units[at]}"


def step_text(step: dict[str, Any] | None) -> str:
    return "" if step is None else f", step {step['at']} of {step['of']}"


def duration_text(seconds: float) -> str:
    if seconds < 60:
        return f"{seconds:.0f} s"
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes} min {rest} s" if minutes < 60 else f"{minutes // 60} h {minutes % 60} min"


def consent_text(inspection: dict[str, Any]) -> str:
    """What a person agrees to, as the command line lists it."""
    commit, moved, secrets = inspection["commit"], inspection.get("movedFrom"), inspection.get("secrets") or []
    lines = [f"{inspection['title']}'s scripts run as you on this machine.", f"From    {inspection['source']}"]
    if commit is not None:
        lines[-1] += f" at {commit}"
    if moved is not None:
        lines.append(f"Moved   from {moved} to {inspection.get('repository') or ''}")
    if secrets:
        lines.append(f"Secrets {', '.join(secrets)}")
    lines = [on_one_line(line) for line in lines]
    for script in inspection["scripts"]:
        problem = script["problem"]
        unread = "" if problem is None else f"  (cannot be read beforehand: {problem})"
        lines.append(on_one_line(script["path"] + unread))
        lines += ["    " + printable(command).replace("\n", "\n    ") for command in script["commands"]]
    return "\n".join(lines)
