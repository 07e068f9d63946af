import { useState } from "react";
import type { App } from "../../runtime/protocol/apps.js";
import type { RemovalPreview } from "../../runtime/protocol/changes.js";
import type { AppId, RunId } from "../../runtime/protocol/ids.js";
import { byEscape } from "../by-escape.js";
import { Stops } from "../changes/stops.js";
import { TokenStays } from "../changes/token-stays.js";
import { useAction, useHost, useObstacle } from "../host.js";
import { sizeText } from "../measures.js";
import { CameWith } from "../packages/came-with.js";
import { NeededBy } from "../packages/needed-by.js";
import { Button } from "../parts/button.js";
import { ErrorCard } from "../parts/error-card.js";
import { throwAll } from "./results.js";

interface BatchUninstallProps {
  apps: readonly App[];
  chosen: readonly AppId[];
  /** Why nothing can be uninstalled now, or null. */
  obstacle: string | null;
}

/** What would go, of all of them together. */
interface Loss {
  ids: readonly AppId[];
  bytes: number;
  staysBytes: number;
  /** What they run, which is stopped first. */
  stops: readonly RunId[];
  /** Who needs any of them and stays. */
  neededBy: readonly string[];
  tokens: readonly NonNullable<RemovalPreview["token"]>[];
}

/** Uninstalls several apps: says first what goes and what stays, and offers to undo it afterwards. */
export function BatchUninstall({ apps, chosen, obstacle }: BatchUninstallProps) {
  const { client, t } = useHost();
  const connected = useObstacle();
  const action = useAction();
  const [loss, setLoss] = useState<Loss | null>(null);
  const [entries, setEntries] = useState<readonly string[]>([]);

  const look = () =>
    action.start(async () => {
      const previews = await Promise.all(chosen.map((appId) => client.request("apps.uninstallPreview", { appId })));
      const sum = (of: (preview: (typeof previews)[number]) => number): number =>
        previews.reduce((total, preview) => total + of(preview), 0);
      const going = new Set<string>(chosen);
      const neededBy = [...new Set(previews.flatMap((preview) => preview.neededBy))].filter((one) => !going.has(one));
      setEntries([]);
      setLoss({
        ...{ ids: chosen, neededBy, stops: previews.flatMap(({ stops }) => stops) },
        tokens: previews.flatMap(({ token }) => token ?? []),
        ...{ bytes: sum(({ bytes }) => bytes), staysBytes: sum(({ staysBytes }) => staysBytes) },
      });
    });
  const uninstall = ({ ids, neededBy }: Loss) =>
    action.start(async () => {
      setLoss(null);
      const despite = neededBy.length === 0 ? {} : { despiteUse: true }; // they are told above the button
      const { results } = await client.request("library.uninstall", { apps: [...ids], ...despite });
      setEntries(results.flatMap(({ entry }) => entry ?? []));
      throwAll(results, apps, t);
    });
  const undo = () =>
    action.start(async () => {
      for (const entry of entries) await client.request("trash.restore", { entry });
      setEntries([]);
    });

  const titles = (ids: readonly AppId[]): string =>
    ids.map((id) => apps.find((app) => app.id === id)?.title ?? id).join(", ");
  return (
    <>
      {loss === null ? (
        chosen.length === 0 ? null : (
          <Button obstacle={obstacle} busy={action.busy} onPress={look}>
            {t("Uninstall")}…
          </Button>
        )
      ) : (
        <div className="pk-question" {...byEscape(() => setLoss(null))}>
          <p>{titles(loss.ids)}</p>
          <Stops runs={loss.stops} ofSeveral={loss.ids.length > 1} />
          <NeededBy names={loss.neededBy} />
          <CameWith ids={loss.ids} />
          {loss.tokens.map((token) => (
            <TokenStays key={token.name} token={token} />
          ))}
          <p className="pk-soft">
            {t("{size} go to the trash; the space returns when it is emptied. {kept} of your own files stay.", {
              size: sizeText(loss.bytes),
              kept: sizeText(loss.staysBytes),
            })}
          </p>
          <div className="pk-actions">
            <Button kind="danger" obstacle={connected} busy={action.busy} onPress={() => uninstall(loss)}>
              {loss.ids.length === 1
                ? t("Uninstall 1 app ({size})", { size: sizeText(loss.bytes) })
                : t("Uninstall {count} apps ({size})", { count: loss.ids.length, size: sizeText(loss.bytes) })}
            </Button>
            <Button onPress={() => setLoss(null)}>{t("Cancel")}</Button>
          </div>
        </div>
      )}
      {entries.length === 0 ? null : (
        <Button obstacle={connected} busy={action.busy} onPress={undo}>
          {t("Undo the uninstall")}
        </Button>
      )}
      {action.error === null ? null : <ErrorCard error={action.error} onDismiss={action.dismiss} />}
    </>
  );
}
