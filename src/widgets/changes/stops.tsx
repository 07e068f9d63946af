import { useHost } from "../host.js";

/** What is stopped before anything of an app is changed. */
export function Stops({ runs }: { runs: readonly unknown[] }) {
  const { t } = useHost();
  if (runs.length === 0) return null;
  return (
    <p>
      {runs.length === 1 ? t("Stops what it runs first") : t("Stops its {count} runs first", { count: runs.length })}
    </p>
  );
}
