import { useHost } from "../host.js";

/** What is stopped before anything of an app, or of several, is changed. */
export function Stops({ runs, ofSeveral = false }: { runs: readonly unknown[]; ofSeveral?: boolean }) {
  const { t } = useHost();
  const count = runs.length;
  if (count === 0) return null;
  if (ofSeveral) return <p>{count === 1 ? t("Stops 1 run first") : t("Stops {count} runs first", { count })}</p>;
  return <p>{count === 1 ? t("Stops what it runs first") : t("Stops its {count} runs first", { count })}</p>;
}
