import type { ExportedApp, LibraryFile } from "../../runtime/protocol/library-file.js";
import { alikeIn } from "../alike.js";
import { useHost } from "../host.js";
import { IconButton } from "../parts/button.js";
import { Icon } from "../parts/icon.js";

/** What another machine will not get of a file that was saved: of its apps, and besides. */
export interface LeftOut {
  apps: readonly (Pick<ExportedApp, "id" | "title"> & { warnings: readonly string[] })[];
  besides: readonly string[];
}

export const NOTHING_LEFT_OUT: LeftOut = { apps: [], besides: [] };

export const leftOutOf = ({ apps, warnings: besides }: LibraryFile): LeftOut => ({
  apps: apps.flatMap(({ id, title, warnings = [] }) => (warnings.length === 0 ? [] : [{ id, title, warnings }])),
  besides,
});

/** What the file that was just saved does not hold: only here can something be done about that. */
export function ExportNote({ leftOut, onDismiss }: { leftOut: LeftOut; onDismiss(): void }) {
  const { t } = useHost();
  const { apps, besides } = leftOut;
  if (apps.length === 0 && besides.length === 0) return null;
  const alike = alikeIn(apps);
  const label = t("What the file leaves out");
  return (
    <div className="pk-card pk-card-warning" role="group" aria-label={label}>
      <Icon name="warning" />
      <div className="pk-card-text" role="status">
        <p>
          {apps.length === 0
            ? t("The library is saved. Another machine will not get everything:")
            : apps.length === 1
              ? t("The library is saved. Another machine will not get 1 app as it is here:")
              : t("The library is saved. Another machine will not get {count} apps as they are here:", {
                  count: apps.length,
                })}
        </p>
        <dl className="pk-left-out">
          {apps.map(({ id, title, warnings }) => (
            <div key={id}>
              <dt>
                {title}
                {alike.has(id) ? <span className="pk-soft"> {id}</span> : null}
              </dt>
              {warnings.map((warning) => (
                <dd key={warning} className="pk-soft">
                  {warning}
                </dd>
              ))}
            </div>
          ))}
        </dl>
        {besides.map((warning) => (
          <p key={warning} className="pk-soft">
            {warning}
          </p>
        ))}
      </div>
      <IconButton icon="close" label={t("Dismiss")} onPress={onDismiss} />
    </div>
  );
}
