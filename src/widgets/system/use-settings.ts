import { useEffect, useState } from "react";
import type { LimitList, SettingsForm } from "../../runtime/protocol/system.js";
import { type Answer, useAnswer, useHost } from "../host.js";

interface Settings extends Pick<Answer<SettingsForm>, "value" | "error"> {
  /** What a change was answered with: shown until it has been asked for again. */
  take(form: SettingsForm): void;
}

/** What can be set, asked for again when somebody has changed it. */
export function useSettings(): Settings {
  const { value, error, refresh } = useAnswer("settings.form", {});
  const [latest, take] = useState<SettingsForm | null>(null);
  useEffect(() => take(null), [value]);
  useOnSettingsChanged(refresh);
  return { value: latest ?? value, error, take };
}

/** `occasion` changes with the settings of single apps. */
export function useLimits(occasion: string): Answer<LimitList> {
  const answer = useAnswer("limits.list", {}, occasion);
  useOnSettingsChanged(answer.refresh);
  return answer;
}

export function useOnSettingsChanged(listener: () => void): void {
  const { client } = useHost();
  useEffect(
    () =>
      client.onEvent((event) => {
        if (event.type === "settings-changed") listener();
      }),
    [client, listener],
  );
}
