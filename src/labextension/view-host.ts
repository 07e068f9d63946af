import type { ViewHost } from "../widgets/view.js";
import type { ISidecar } from "./tokens.js";

/** What views get from JupyterLab. */
export function viewHost(sidecar: ISidecar, signal: AbortSignal): ViewHost {
  const { client, t, places } = sidecar;
  return {
    client,
    t,
    openUrl: (url) => sidecar.openUrl(url),
    reach: sidecar.reach,
    showsToasts: true,
    signal,
    ...(places === null ? {} : { places }),
  };
}
