"""Installing an app: look at what it runs, agree, and follow the job to its end."""

from __future__ import annotations

import asyncio
import os
import re
import time
from pathlib import Path
from typing import Any

from ..errors import PinokioError
from .asking import answer_needed, bare_name, open_questions
from .sidecar import Sidecar, the_sidecar
from .told import Told
from .words import amount_of, consent_text, duration_text, on_one_line, phase_text, progress_text, step_text

LOOK_EVERY_MS = 1000


async def install(
    told: Told,
    source: str | os.PathLike[str],
    *,
    name: str | None = None,
    script: str | None = None,
    branch: str | None = None,
    commit: str | None = None,
    token: str | None = None,
    agree: bool = False,
    despite_warning: bool = False,
) -> dict[str, Any]:
    """The app once it is installed. One that is here already is returned, and one that was cut off goes on."""
    began = time.monotonic()
    sidecar = the_sidecar()
    wanted = await source_of(sidecar, source, branch, commit)
    told.left = "Nothing was installed"
    here = None if name is not None else (await sidecar.request("apps.unfinished", {"source": wanted}))["app"]
    inspection = await inspect(told, sidecar, wanted if here is None else here["path"], token)
    here = here or await installed_from(sidecar, inspection, name)
    if here is not None and here["state"] == "installed":
        told.result = f"{on_one_line(here['title'])} is installed already"
        return here
    if here is None:
        require_one_way(inspection, inspection["installers"], script)
        require_heeded(inspection, despite_warning)
    elif await job_of(sidecar, here["id"]) is None:
        require_one_way(inspection, here["installers"], script)
    require_agreement(inspection, agree)
    told.say(f"Install {inspection['title']}")
    app_id = here["id"] if here is not None else name or inspection["name"]
    try:
        if here is None:
            begun = await begin(sidecar, inspection, name, script, despite_warning)
        else:
            begun = await go_on(sidecar, inspection, here, script)
        await follow(told, sidecar, begun["appId"], begun["job"])
    except asyncio.CancelledError:
        await end(told, sidecar, app_id)
        raise
    app = await app_of(sidecar, begun["appId"])
    told.result = f"Installed {on_one_line(app['title'])} in {duration_text(time.monotonic() - began)}"
    return app


async def apps(_told: Told) -> list[dict[str, Any]]:
    return await the_sidecar().request("apps.list")


async def app(_told: Told, app_id: str) -> dict[str, Any]:
    return await app_of(the_sidecar(), bare_name(app_id))


async def source_of(sidecar: Sidecar, source: str | os.PathLike[str], branch: str | None, commit: str | None) -> str:
    """What was given as the sidecar takes it: a path counts from where this program is."""
    if branch is not None and commit is not None:
        raise PinokioError("request-invalid", "Both a branch and a commit were given", "Give one of them")
    text = os.fspath(source)
    wanted = f"#{branch}" if branch is not None else f"@{commit}" if commit is not None else ""
    if not (isinstance(source, os.PathLike) or await is_own_folder(sidecar, text)):
        return f"{text}{wanted}"
    if not wanted:
        return text if text.startswith("~") else str(Path(text).absolute())
    raise PinokioError(
        "request-invalid",
        f"{text} is a folder, and a folder has no branch to choose",
        "Check out what you want there, or give the address of its repository",
    )


async def is_own_folder(sidecar: Sidecar, text: str) -> bool:
    """A name of the catalog counts more than a folder of that name that happens to be here."""
    if re.match(r"[~.]?\.?/|~$|\.{1,2}$", text):
        return True
    if re.match(r"[a-zA-Z][a-zA-Z+]*://|[\w.-]+@[\w.-]+:", text) or not Path(text).is_dir():
        return False
    try:
        await sidecar.request("catalog.info", {"id": text})
    except PinokioError as error:
        if error.code != "package-missing":
            raise
        return True
    return "/" in text


async def inspect(told: Told, sidecar: Sidecar, source: str, token: str | None) -> dict[str, Any]:
    """Fetches what lies elsewhere, and finds out what it would do here."""
    asked = {"source": source, **({} if token is None else {"token": token})}
    job = (await sidecar.request("apps.fetch", asked))["job"]
    if job is not None:
        job = await follow_fetch(told, sidecar, job)
        if job["error"] is not None:
            raise PinokioError.from_wire(job["error"])
        if job["state"] == "cancelled":
            raise PinokioError("cancelled", f"{job['title']} was cancelled")
    told.say(phase_text("look"))
    return await sidecar.request("apps.inspect", {"source": source})


async def follow_fetch(told: Told, sidecar: Sidecar, job: dict[str, Any]) -> dict[str, Any]:
    try:
        while is_under_way(job):
            told.say(f"{job['title']}: {phase_text(job['phase'])}", amount_of(job))
            job = await sidecar.request("jobs.wait", {"jobId": job["id"], "waitMs": LOOK_EVERY_MS})
        return job
    except BaseException as error:
        if not isinstance(error, PinokioError):  # the caller has left
            await sidecar.request("jobs.cancel", {"jobId": job["id"]})
        raise


async def installed_from(sidecar: Sidecar, inspection: dict[str, Any], name: str | None) -> dict[str, Any] | None:
    """The app that this would be, where it is here and came from there."""
    wanted = name or inspection["name"]
    found = next((one for one in await sidecar.request("apps.list") if one["id"] == wanted), None)
    if found is None:
        return None
    keys = ("package", "repository", "source")
    is_same = any(found.get(key) is not None and found.get(key) == inspection.get(key) for key in keys)
    return found if is_same else None


def require_one_way(inspection: dict[str, Any], ways: list[dict[str, Any]], script: str | None) -> None:
    """An app that can be installed in several ways is not, until one of them is named."""
    if script is not None or len(ways) < 2 or any(way["default"] for way in ways):
        return
    title = on_one_line(inspection["title"])
    raise PinokioError(
        "choice-needed",
        f"Nobody has chosen how to install {title}",
        "Install it again with one of these",
        details="\n".join(on_one_line(f"script={way['script']!r}  {way['text']}") for way in ways),
    )


def require_heeded(inspection: dict[str, Any], despite_warning: bool) -> None:
    warning = inspection.get("warning")
    if warning is None or despite_warning:
        return
    raise PinokioError(
        "warning-unheeded",
        f"{on_one_line(inspection['title'])} was not installed: the catalog warns of it",
        "To install it all the same, say so: despite_warning=True",
        details=on_one_line(f"Warning: {warning}"),
    )


def require_agreement(inspection: dict[str, Any], agree: bool) -> None:
    if inspection["agreed"] or agree:
        return
    raise PinokioError(
        "agreement-needed",
        f"Nobody has agreed to what {on_one_line(inspection['title'])} will run",
        "Read the list above, then install it again with agree=True",
        details=consent_text(inspection),
    )


async def begin(
    sidecar: Sidecar, inspection: dict[str, Any], name: str | None, script: str | None, despite_warning: bool
) -> dict[str, Any]:
    order = {
        "source": inspection["source"],
        "agreed": inspection["fingerprint"],
        "unattended": True,
        **({"despiteWarning": True} if despite_warning else {}),
        **({} if name is None else {"name": name}),
        **({} if script is None else {"script": script}),
    }
    try:
        return await sidecar.request("apps.install", order, again=False)
    except PinokioError as error:
        # The sidecar was lost before it answered; what had begun goes on, and the next one shows it.
        app_id = name or inspection["name"]
        job = await job_of(sidecar, app_id) if error.code == "not-connected" else None
        if job is None:
            raise
        return {"appId": app_id, "job": job}


async def go_on(
    sidecar: Sidecar, inspection: dict[str, Any], here: dict[str, Any], script: str | None
) -> dict[str, Any]:
    """With an installation that is under way, was cut off or has failed."""
    job = await job_of(sidecar, here["id"])
    if job is not None:
        return {"appId": here["id"], "job": job}
    if not inspection["agreed"]:
        await sidecar.request("apps.agree", {"appId": here["id"], "fingerprint": inspection["fingerprint"]})
    order = {"appId": here["id"], "unattended": True, **({} if script is None else {"script": script})}
    return await sidecar.request("apps.resume", order, again=False)


async def end(told: Told, sidecar: Sidecar, app_id: str) -> None:
    """The caller has left: who stops an install in the middle does not want the rest of it."""
    told.left = f"The installation of {app_id} is being ended"
    try:
        job = await job_of(sidecar, app_id)
        if job is not None:
            await sidecar.request("jobs.cancel", {"jobId": job["id"]})
        told.left = f"{app_id} is not installed yet: that was ended. Install it again to go on with it"
    except PinokioError:
        told.left = f"The installation of {app_id} cannot be ended here and goes on; stop it with stop({app_id!r})"


async def job_of(sidecar: Sidecar, app_id: str) -> dict[str, Any] | None:
    jobs = await sidecar.request("jobs.list")
    own = [job for job in jobs if job["kind"] == "install" and job["appId"] == app_id and is_under_way(job)]
    return own[0] if own else None


async def follow(told: Told, sidecar: Sidecar, app_id: str, job: dict[str, Any] | None) -> None:
    """Until it is over; the next sidecar has a job of its own for a script that goes on."""
    while job is not None and is_under_way(job):
        await tell(told, sidecar, job)
        try:
            job = await sidecar.request("jobs.wait", {"jobId": job["id"], "waitMs": LOOK_EVERY_MS})
        except PinokioError as error:
            if error.code != "job-missing":
                raise
            job = await job_of(sidecar, app_id)
    if job is not None and job["error"] is not None:
        raise PinokioError.from_wire(job["error"])
    if job is not None and job["state"] == "cancelled":
        raise PinokioError("cancelled", f"{job['title']} was cancelled")
    if job is None and (await app_of(sidecar, app_id))["state"] != "installed":
        raise PinokioError(
            "step-failed", "The install script did not come to its end", "Look at its output, then install again"
        )


async def tell(told: Told, sidecar: Sidecar, job: dict[str, Any]) -> None:
    run_id = job["runId"]
    if job["phase"] == "ask" and run_id is not None:
        raise answer_needed(open_questions(await sidecar.request("runs.list"), run_id), job["title"])
    run = None if run_id is None else await sidecar.request("runs.find", {"runId": run_id})
    bar = progress_text(run.get("progress")) if run is not None else amount_of(job)
    told.say(f"{job['title']}: {phase_text(job['phase'])}{step_text(job['step'])}", bar)


async def app_of(sidecar: Sidecar, app_id: str) -> dict[str, Any]:
    found = await sidecar.request("apps.list")
    app = next((one for one in found if one["id"] == app_id), None)
    if app is None:
        names = ", ".join(one["id"] for one in found) or "none"
        raise PinokioError("app-missing", f"No app named {app_id} is installed", f"Installed: {names}")
    return app


def is_under_way(job: dict[str, Any]) -> bool:
    return job["state"] in ("waiting", "working")
