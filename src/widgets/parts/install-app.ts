import { useCallback } from "react";
import { PinokioError } from "../../runtime/protocol/errors.js";
import { useFrame } from "../host.js";

/** Installs from a source, after asking for consent where nobody has given it. `onInstalling` is called once it began. */
export function useInstallApp(onInstalling: () => void = () => undefined): (source: string) => Promise<void> {
  const { host, askForConsent } = useFrame();
  const { client, t } = host;
  return useCallback(
    async (source) => {
      const inspection = await client.request("apps.inspect", { source });
      if (inspection.installed) {
        throw new PinokioError("app-exists", t("{title} is already installed", { title: inspection.title }), {
          hint: t("You find it in My Library"),
        });
      }
      const install = async () => {
        await client.request("apps.install", { source, agreed: inspection.fingerprint });
        onInstalling();
      };
      if (inspection.agreed) await install();
      else {
        const heading = t("Install {title}", { title: inspection.title });
        askForConsent({ heading, inspection, verb: t("Install"), proceed: install });
      }
    },
    [client, t, askForConsent, onInstalling],
  );
}
