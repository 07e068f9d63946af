import type { Changes } from "../../library/changes/index.js";
import type { CHANGE_REQUESTS } from "../../protocol/change-requests.js";
import type { Handlers } from "./handler.js";

/** Nobody waits longer to hear what is new. */
const LOOK_LIMIT_MS = 120_000;

export interface ChangeParts {
  changes: Changes;
}

export const changeHandlers = ({ changes }: ChangeParts): Handlers<keyof typeof CHANGE_REQUESTS> => ({
  "apps.updateLook": ({ appId }) => changes.look(appId, AbortSignal.timeout(LOOK_LIMIT_MS)),
  "apps.update": ({ appId, agreed, unattended }) => changes.update(appId, { agreed, unattended }),
  "apps.uninstallPreview": ({ appId }) => changes.preview("uninstall", appId),
  "apps.uninstall": ({ appId, all = false, despiteUse = false }) =>
    changes.uninstall(appId, { all, unlessNeeded: !despiteUse }),
  "apps.resetPreview": ({ appId }) => changes.preview("reset", appId),
  "apps.reset": ({ appId, all = false, install = false, unattended }) =>
    changes.reset(appId, { all, install, unattended }),
  "trash.list": () => changes.trash(),
  "trash.restore": ({ entry }) => ({ job: changes.restore(entry) }),
  "trash.size": async (which) => ({ bytes: await changes.trashSize(which) }),
  "trash.empty": (which) => changes.empty(which),
});
