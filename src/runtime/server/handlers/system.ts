import type { ConfigChange } from "../../protocol/config.js";
import type { FirstSteps, LimitList, SettingsForm } from "../../protocol/system.js";
import type { Handlers } from "./handler.js";

export interface SystemParts {
  settings: { form(): SettingsForm; set(changes: readonly ConfigChange[]): SettingsForm };
  limits: { list(): Promise<LimitList> };
  firstSteps: { change(change: { isOver?: boolean | undefined; policyRead?: string | undefined }): FirstSteps };
}

export const systemHandlers = ({
  settings,
  limits,
  firstSteps,
}: SystemParts): Handlers<"settings.form" | "settings.set" | "limits.list" | "firstSteps.change"> => ({
  "settings.form": () => settings.form(),
  "settings.set": ({ changes }) => settings.set(changes),
  "limits.list": () => limits.list(),
  "firstSteps.change": (change) => firstSteps.change(change),
});
