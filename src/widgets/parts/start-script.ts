import { useCallback } from "react";
import type { App } from "../../runtime/protocol/apps.js";
import { toWireError } from "../../runtime/protocol/errors.js";
import { pageRunKey, remember, useFrame } from "../host.js";
import { noteStart } from "../told/recent-start.js";

/** What a person agrees to, in words. */
interface AgreementWords {
  heading: string;
  verb: string;
}

/**
 * Asks for something that starts scripts of an installed app. When nobody has agreed yet to what the app runs, that is
 * asked first, and it is asked for again afterwards.
 */
export function useAgreement(app: App): (ask: () => Promise<unknown>, words?: AgreementWords) => Promise<void> {
  const { host, askForConsent } = useFrame();
  const { client, t } = host;
  return useCallback(
    async (ask, words) => {
      try {
        await ask();
      } catch (error) {
        if (toWireError(error).code !== "agreement-needed") throw error;
        const inspection = await client.request("apps.inspect", { source: app.path });
        askForConsent({
          heading: words?.heading ?? t("Start {title}", { title: inspection.title }),
          inspection,
          verb: words?.verb ?? t("Agree and start"),
          proceed: async () => {
            await client.request("apps.agree", { appId: app.id, fingerprint: inspection.fingerprint });
            await ask();
          },
        });
      }
    },
    [client, t, app.id, app.path, askForConsent],
  );
}

/** Starts a script of an installed app, after the agreement to what it runs. */
export function useStartScript(app: App): (script: string, input?: Record<string, string> | null) => Promise<void> {
  const { host, memory } = useFrame();
  const { client } = host;
  const afterAgreement = useAgreement(app);
  return useCallback(
    (script, input = null) =>
      afterAgreement(async () => {
        noteStart(client, app.id);
        const { run } = await client.request("runs.start", { script, ...(input === null ? {} : { input }) });
        remember(memory, pageRunKey(app.id), run.id);
      }),
    [client, memory, app.id, afterAgreement],
  );
}
