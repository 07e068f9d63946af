import type { Inspection } from "../../runtime/protocol/apps.js";
import { useHost } from "../host.js";

/** What an app's scripts run, read without running any of it. */
export function ScriptList({ inspection }: { inspection: Inspection }) {
  const { t } = useHost();
  if (inspection.scripts.length === 0) return <p className="pk-soft">{t("No scripts")}</p>;
  return (
    <ul className="pk-scripts">
      {inspection.scripts.map(({ path, commands, problem }) => (
        <li key={path}>
          <p className="pk-script-name">{path}</p>
          {problem === null ? null : (
            <p className="pk-warning-text">{t("Could not be read without running it: {problem}", { problem })}</p>
          )}
          {commands.length === 0 && problem === null ? <p className="pk-soft">{t("No commands")}</p> : null}
          {commands.length === 0 ? null : (
            <ol className="pk-commands">
              {commands.map((command, index) => (
                <li key={index}>
                  <code>{command}</code>
                </li>
              ))}
            </ol>
          )}
        </li>
      ))}
    </ul>
  );
}
