import type { App } from "../../runtime/protocol/apps.js";

/** What an app's launcher does that it should not, for who looks after it; it works all the same. */
export function LauncherFindings({ app }: { app: App }) {
  return (app.findings ?? []).map(({ file, line, column, message }, at) => (
    <p key={at} className="pk-warning-text">
      {file === undefined ? null : (
        <span className="pk-path pk-soft">{[file, line, column].filter((part) => part !== undefined).join(":")}</span>
      )}{" "}
      {message}
    </p>
  ));
}
