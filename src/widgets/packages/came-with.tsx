import { useAnswer, useHost } from "../host.js";

/** What came only since these apps need it, before they go: it stays, and nothing needs it then. */
export function CameWith({ ids }: { ids: readonly string[] }) {
  const { t } = useHost();
  const { value } = useAnswer("packages.cameWith", { ids: [...ids] });
  return (value ?? []).map(({ id, name }) => (
    <p key={id} className="pk-soft">
      {ids.length === 1
        ? t("{name} came with it, and nothing else needs it. It stays, and can be removed among the packages.", {
            name,
          })
        : t("{name} came with them, and nothing else needs it. It stays, and can be removed among the packages.", {
            name,
          })}
    </p>
  ));
}
