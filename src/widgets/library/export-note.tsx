import type { ExportedApp, LibraryFile } from "../../runtime/protocol/library-file.js";
import { useHost } from "../host.js";
import { IconButton } from "../parts/button.js";
import { Icon } from "../parts/icon.js";

/** An app of a file that was saved, with what another machine will not get of it. */
export interface LeftOut extends Pick<ExportedApp, "id" | "title"> {
  warnings: readonly string[];
}

export const leftOutOf = ({ apps }: LibraryFile): LeftOut[] =>
  apps.flatMap(({ id, title, warnings = [] }) => (warnings.length === 0 ? [] : [{ id, title, warnings }]));

/** What the file that was just saved does not hold: only here can something be done about that. */
export function ExportNote({ leftOut, onDismiss }: { leftOut: readonly LeftOut[]; onDismiss(): void }) {
  const { t } = useHost();
  if (leftOut.length === 0) return null;
  const label = t("What the file leaves out");
  return (
    <div className="pk-card pk-card-warning" role="group" aria-label={label}>
      <Icon name="warning" />
      <div className="pk-card-text" role="status">
        <p>
          {leftOut.length === 1
            ? t("The library is saved. Another machine will not get 1 app as it is here:")
            : t("The library is saved. Another machine will not get {count} apps as they are here:", {
                count: leftOut.length,
              })}
        </p>
        <dl className="pk-left-out">
          {leftOut.map(({ id, title, warnings }) => (
            <div key={id}>
              <dt>{title}</dt>
              {warnings.map((warning) => (
                <dd key={warning} className="pk-soft">
                  {warning}
                </dd>
              ))}
            </div>
          ))}
        </dl>
      </div>
      <IconButton icon="close" label={t("Dismiss")} onPress={onDismiss} />
    </div>
  );
}
