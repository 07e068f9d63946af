import type { Run } from "../../runtime/protocol/runs.js";
import { useHost, useSnapshot } from "../host.js";

/** Which apps a queued run waits for. */
export function WaitsFor({ run: { state, waitsFor } }: { run: Run }) {
  const { t } = useHost();
  const apps = useSnapshot()?.apps ?? [];
  if (state !== "queued" || waitsFor === undefined || waitsFor.length === 0) return null;
  const titles = waitsFor.map((name) => apps.find(({ id }) => id === name)?.title || name);
  return <p className="pk-soft">{t("Starts after {apps}", { apps: titles.join(", ") })}</p>;
}
