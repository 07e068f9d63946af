"""Starting scripts, waiting for them, reading what they print, and stopping them."""

from __future__ import annotations

import asyncio
import codecs
import time
from collections.abc import AsyncIterator
from contextlib import suppress
from typing import Any
from uuid import uuid4

from ..errors import PinokioError
from .address import ports_path
from .asking import answer_needed, bare_name, is_live, open_questions
from .sidecar import Sidecar, the_sidecar
from .told import Told
from .words import on_one_line, progress_text

# How often it is looked whether a page answers by now; the sidecar asks the page once a second.
LOOK_EVERY_S = 0.3
WAIT_MS = 1000
ANSWER_ARRIVES_S = 5
# A line that a program never ends is handed on in pieces of this many characters.
LONGEST_LINE = 64 * 1024

NO_REASON = {
    "failed": ("step-failed", "A step of the script failed", "Look at its output"),
    "crashed": ("runner-lost", "The process that ran the script died", "Look at the end of its output"),
    "lost": ("runner-lost", "The script was running when its machine went away", "Start it again"),
}


async def start(
    told: Told,
    app: str,
    script: str | None = None,
    *,
    wait: bool = True,
    timeout: float | None = None,
    params: dict[str, Any] | None = None,
    answers: list[Any] | None = None,
) -> dict[str, Any]:
    """The run; with `wait` once it is ready or over."""
    deadline = deadline_in(timeout)
    await require_whole(app, script)
    name = bare_name(app) if script is None else f"{bare_name(app)}/{script}"
    order = {
        "script": name,
        "key": str(uuid4()),  # asking again after the sidecar was lost must not start it again
        "unattended": True,
        **({} if params is None else {"input": params}),
        **({} if answers is None else {"answers": answers}),
    }
    await tell_ports_path()
    told.say(f"Starting {name}")
    told.left = f"{name} may have started; runs() tells"
    try:
        run = (await the_sidecar().request("runs.start", order))["run"]
    except PinokioError as error:
        # The menu of an app that runs may offer nothing to start: then that is what was wanted.
        live = [one for one in await listed(told, app) if is_live(one) and one.get("parent") is None]
        if error.code != "script-missing" or script is not None or not live:
            raise
        run = live[-1]
    return await settled(told, run, deadline) if wait else run


async def tell_ports_path() -> None:
    """Programs that must know below which path their page is opened are started with it, as from the tabs."""
    path = await asyncio.to_thread(ports_path)
    if path is None:
        return
    with suppress(PinokioError):  # a sidecar of another version does not know the request
        await the_sidecar().request("pages.through", {"path": path})


async def wait(told: Told, run_id: str, timeout: float | None = None) -> dict[str, Any]:
    """The run once it is ready or over."""
    return await settled(told, await find(told, run_id), deadline_in(timeout))


async def settled(told: Told, run: dict[str, Any], deadline: float) -> dict[str, Any]:
    sidecar = the_sidecar()
    told.left = goes_on(run)
    while is_live(run) and run["state"] != "ready":
        if run.get("waiting"):
            raise answer_needed(open_questions(await sidecar.request("runs.list"), run["id"]), run["script"])
        left_s = deadline - time.monotonic()
        if left_s <= 0:
            raise PinokioError("timeout", f"{run['script']} is not ready yet", told.left, context={"run": run["id"]})
        tell(told, run)
        run = await sidecar.request("runs.wait", {"runId": run["id"], "waitMs": min(WAIT_MS, left_s * 1000)})
    if is_live(run) or run["end"]["outcome"] in ("finished", "stopped"):
        told.ended = f"{on_one_line(run['script'])}: {state_word(run)}"
        return run
    raise await why_ended(sidecar, run)


async def wait_for_page(told: Told, which: str, timeout: float | None = None) -> dict[str, Any]:
    """Follows the runs that are meant, also those that are started meanwhile, until a page of one answers."""
    sidecar = the_sidecar()
    deadline = deadline_in(timeout)
    watched = None
    while True:
        everything = await sidecar.request("runs.list", {"fresh": True})
        meant = [run for run in everything if is_meant(run, which)]
        live = [run for run in meant if is_live(run)]
        serves = [run for run in live if (run.get("serving") or {}).get("isAnswering")]
        if serves:
            told.ended = f"A page of {on_one_line(serves[0]['script'])} answers"
            return serves[0]
        latest = live[-1] if live else next((run for run in meant if run["id"] == watched), None)
        if latest is None:
            latest = next((run for run in meant if run["id"] == which), None)
        if latest is None:
            raise PinokioError("run-missing", f"{which} does not run", f"Start it with start({which!r})")
        if not is_live(latest):
            raise await why_no_page(sidecar, latest)
        asked = open_questions(everything, latest["id"])
        if asked:
            raise answer_needed(asked, latest["script"])
        if time.monotonic() >= deadline:
            raise PinokioError(
                "timeout",
                f"No page of {which} answers yet",
                "It goes on; see what it prints with logs() of its run",
                context={"run": latest["id"]},
            )
        watched = latest["id"]
        told.left = goes_on(latest)
        tell(told, latest, "its page")
        await asyncio.sleep(min(LOOK_EVERY_S, max(0.0, deadline - time.monotonic())))


async def find(_told: Told, run_id: str) -> dict[str, Any]:
    run = await the_sidecar().request("runs.find", {"runId": run_id})
    if run is None:
        raise PinokioError("run-missing", f"No run {run_id} is known", "Its record may have been tidied away")
    return run


async def listed(_told: Told, which: str | None = None) -> list[dict[str, Any]]:
    """The oldest first."""
    runs = await the_sidecar().request("runs.list")
    return [run for run in runs if which is None or is_meant(run, which)]


async def stop(told: Told, which: str) -> list[dict[str, Any]]:
    """Stops everything that is meant; each is returned once nothing of it is left."""
    sidecar = the_sidecar()
    live = [run for run in await listed(told, which) if is_live(run) or run.get("again") is not None]
    if not live:
        await require_known(which)
    told.say(f"Stopping {which}")
    told.left = f"{which} is being stopped"
    replies = await asyncio.gather(*(sidecar.request("runs.stop", {"runId": run["id"]}) for run in live))
    told.ended = f"{which} is stopped"
    return [reply["run"] or run for reply, run in zip(replies, live, strict=True)]


async def type_into(_told: Told, run_id: str, text: str) -> None:
    await the_sidecar().request("runs.type", {"runId": run_id, "text": text}, again=False)


async def questions(_told: Told, run_id: str) -> list[dict[str, Any]]:
    asked = open_questions(await the_sidecar().request("runs.list"), run_id)
    return [{**question, "run": run["id"]} for run, question in asked]


async def answer(told: Told, run_id: str, value: Any, question: str | None = None) -> None:
    asked = await questions(told, run_id)
    found = next((one for one in asked if question is None or one["id"] == question), None)
    if found is None:
        which = "" if question is None else " of that id"
        raise PinokioError("request-invalid", f"{run_id} asks nothing{which}", "Its questions() are what it asks")
    order = {"runId": found["run"], "question": found["id"], "value": value}
    await the_sidecar().request("runs.answer", order, again=False)
    # A run that was answered goes on a moment later.
    until = time.monotonic() + ANSWER_ARRIVES_S
    while time.monotonic() < until and any(one["id"] == found["id"] for one in await questions(told, run_id)):
        await asyncio.sleep(ANSWER_ARRIVES_S / 100)


async def text(_told: Told, run_id: str, last_bytes: int | None = None) -> str:
    """All that the run has printed so far, or the end of it."""
    pieces = [piece async for piece in decoded(run_id, follow=False, last_bytes=last_bytes)]
    return "".join(pieces)


async def lines(run_id: str, last_bytes: int | None = None) -> AsyncIterator[list[str]]:
    """What the run prints until it is over, in lists of lines without their ends."""
    rest = ""
    async for piece in decoded(run_id, follow=True, last_bytes=last_bytes):
        *whole, rest = (rest + piece).split("\n")
        if len(rest) > LONGEST_LINE:
            whole, rest = [*whole, rest], ""
        if whole:
            yield [line.removesuffix("\r") for line in whole]
    if rest:
        yield [rest.removesuffix("\r")]


async def decoded(run_id: str, *, follow: bool, last_bytes: int | None) -> AsyncIterator[str]:
    decoder = codecs.getincrementaldecoder("utf-8")("replace")
    offset = 0 if last_bytes is None else -last_bytes
    async for kind, at, more in the_sidecar().output(run_id, offset, follow=follow):
        yield decoder.decode(more) if kind == "bytes" else f"\n[{more - at} bytes of output are gone]\n"
    yield decoder.decode(b"", final=True)


async def why_ended(sidecar: Sidecar, run: dict[str, Any]) -> PinokioError:
    """The first cause where it can be told, else what the run said itself."""
    end = run["end"]
    code, message, hint = NO_REASON.get(end["outcome"], NO_REASON["failed"])
    said = PinokioError.from_wire(end["error"]) if end["error"] is not None else PinokioError(code, message, hint)
    try:
        failure = await sidecar.request("runs.diagnose", {"runId": run["id"]})
    except PinokioError:
        failure = None  # one that cannot say keeps nobody from hearing that it failed
    if failure is None:
        return PinokioError(said.code, said.message, said.hint, context={**said.context, "run": run["id"]})
    return PinokioError(
        said.code,
        failure["sentence"],
        failure["hint"],
        details=None if said.message == failure["sentence"] else on_one_line(said.message),
        context={**said.context, "run": run["id"]},
    )


async def why_no_page(sidecar: Sidecar, run: dict[str, Any]) -> PinokioError:
    if run["end"]["outcome"] not in ("finished", "stopped"):
        return await why_ended(sidecar, run)
    return PinokioError(
        "run-missing",
        f"{run['script']} ended as {run['end']['outcome']} before a page of it answered",
        "See what it printed with logs() of its run",
        context={"run": run["id"]},
    )


async def require_whole(app: str, script: str | None) -> None:
    """Nothing of an app is started while it is being installed, but for a script that is named."""
    jobs = [] if script is not None else await the_sidecar().request("jobs.list")
    if any(job["kind"] == "install" and job["appId"] == app and job["state"] in ("waiting", "working") for job in jobs):
        raise PinokioError(
            "app-busy", f"{app} is being installed", "Wait for that, or follow it by installing it again"
        )


async def require_known(which: str) -> None:
    """A slip in a name must not look as if all were well."""
    sidecar = the_sidecar()
    app = bare_name(which).split("/")[0]
    if any(one["id"] == app for one in await sidecar.request("apps.list")):
        return
    if not any(is_meant(run, which) for run in await sidecar.request("runs.list")):
        raise PinokioError("app-missing", f"No app, script or run is called {which}", "apps() and runs() tell them")


def tell(told: Told, run: dict[str, Any], what: str = "") -> None:
    step = run["step"]
    where = "" if step is None else f", step {step['index'] + 1} of {step['total']}"
    waits = f"Waiting for {what} of {run['script']}" if what else f"{run['script']}: {run['state']}"
    if run["state"] == "queued" and run.get("waitsFor"):
        waits = f"{run['script']} waits until {', '.join(run['waitsFor'])} is ready"
    told.say(f"{waits}{where if run['state'] == 'running' else ''}", progress_text(run.get("progress")))


def goes_on(run: dict[str, Any]) -> str:
    return f"{on_one_line(run['script'])} goes on as {run['id']}; stop it with stop({run['id']!r})"


def is_meant(run: dict[str, Any], which: str) -> bool:
    return bare_name(which) in (run["id"], run["appId"], run["script"])


def deadline_in(timeout: float | None) -> float:
    return float("inf") if timeout is None else time.monotonic() + timeout


def state_word(run: dict[str, Any]) -> str:
    """How it stands, in one word: that of the command line."""
    if is_live(run):
        return "waiting" if run.get("questions") else run["state"]
    return run["end"]["outcome"] if run["end"] is not None else "ended"


def own_address(run: dict[str, Any]) -> str | None:
    """Where its page is on this machine: what its script has told, else what was found to answer."""
    if not is_live(run):
        return None
    url = run["local"].get("url")
    if isinstance(url, str) and url and "{{" not in url:
        return url
    serving = run.get("serving") or {}
    return serving.get("url") if serving.get("isAnswering") else None
