import type { Configuration } from "../../configuration/configuration.js";
import type { ConfigApplied } from "../../protocol/config.js";
import type { AppId, RunId } from "../../protocol/ids.js";
import type { ReplyOf } from "../../protocol/requests.js";
import type { Handlers } from "./handler.js";

export interface ConfigParts {
  configuration: Configuration;
  /** Ends runs that go on with settings of before, and starts them as they were asked for. */
  restartOutdated(app: AppId): Promise<RunId[]>;
  secrets(): Promise<ReplyOf<"config.secrets">>;
  setSecrets(values: Readonly<Record<string, string | null>>): string[];
}

type ConfigRequest =
  | "config.form"
  | "config.check"
  | "config.set"
  | "config.restart"
  | "config.text"
  | "config.setText"
  | "config.history"
  | "config.undo"
  | "config.preset"
  | "config.savePreset"
  | "config.applyPreset"
  | "config.removePreset"
  | "config.secrets"
  | "config.setSecrets";

export const configHandlers = ({
  configuration,
  restartOutdated,
  secrets,
  setSecrets,
}: ConfigParts): Handlers<ConfigRequest> => {
  /** What is written stays written, also when what reads it cannot be started again. */
  const applied = async (
    app: AppId,
    restart: boolean | undefined,
    work: Promise<Omit<ConfigApplied, "restarted">>,
  ): Promise<ConfigApplied> => {
    const done = await work;
    if (restart !== true || done.outdated.length === 0) return { ...done, restarted: [] };
    return { ...done, restarted: await restartOutdated(app), outdated: [] };
  };
  return {
    "config.form": ({ app }) => configuration.form(app),
    "config.check": ({ app, field, value }) => configuration.check(app, field, value),
    "config.set": ({ app, changes, restart }) => applied(app, restart, configuration.set(app, changes)),
    "config.restart": async ({ app }) => ({ restarted: await restartOutdated(app) }),
    "config.text": ({ app, section }) => configuration.readText(app, section),
    "config.setText": ({ app, section, text, version, restart }) =>
      applied(app, restart, configuration.setText(app, section, text, version)),
    "config.history": ({ app }) => configuration.history(app),
    "config.undo": ({ app, entry, restart }) => applied(app, restart, configuration.undo(app, entry)),
    "config.preset": ({ app, name }) => configuration.preset(app, name),
    "config.savePreset": ({ app, name, values }) => configuration.savePreset(app, name, values),
    "config.applyPreset": ({ app, name, restart }) => applied(app, restart, configuration.applyPreset(app, name)),
    "config.removePreset": ({ app, name }) => {
      configuration.removePreset(app, name);
      return {};
    },
    "config.secrets": () => secrets(),
    "config.setSecrets": ({ values }) => ({ names: setSecrets(values) }),
  };
};
