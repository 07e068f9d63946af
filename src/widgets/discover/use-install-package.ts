import { useCallback, useState } from "react";
import { PinokioError } from "../../runtime/protocol/errors.js";
import type { AppId, JobId } from "../../runtime/protocol/ids.js";
import type { Job } from "../../runtime/protocol/jobs.js";
import type { FoundPackage } from "../../runtime/protocol/packages.js";
import { agreedWith, isAnyWarned, isDone, lookAtAppNeeds } from "../packages/needs.js";
import { useFrame, useRemembered, useSelected } from "../host.js";

/** Of a private repository. */
interface InstallHow {
  token?: string;
}

interface InstallPackage {
  /** What is done for it now, or what came of that last; null before anything was. */
  job: Job | null;
  /** The app that is here already without being installed to its end: that is gone on with, and nothing begun anew. */
  half: AppId | null;
  /** Fetches an app, asks for consent where nobody has given it, and installs it. */
  start(how?: InstallHow): Promise<void>;
}

const NOTHING = { needs: [], problem: null };

/** `onInstalling` is called once an installation has begun, with the app that it is of. */
export function useInstallPackage(
  { id, install: source, type, dependencies }: FoundPackage,
  onInstalling: (app: AppId | null) => void,
): InstallPackage {
  const { host, askForConsent } = useFrame();
  const { client, t } = host;
  // The consent takes the place of the card, which has to know afterwards.
  const [jobId, setJobId] = useRemembered<JobId | null>(`install ${id}`, null);
  const job = useSelected((state) => state?.jobs.find((one) => one.id === jobId) ?? null);

  const [half, setHalf] = useState<AppId | null>(null);

  const installApp = useCallback(
    async (how: InstallHow) => {
      const { app } = await client.request("apps.unfinished", { source });
      setHalf(app?.id ?? null);
      if (app !== null) return;
      const { job: fetching } = await client.request("apps.fetch", { source, ...how });
      setJobId(fetching?.id ?? null);
      if (fetching !== null && !(await isDone(client, fetching))) return;
      const inspection = await client.request("apps.inspect", { source });
      if (inspection.installed) {
        throw new PinokioError("app-exists", t("{title} is already installed", { title: inspection.title }), {
          hint: t("You find it in My Library"),
        });
      }
      const coming = dependencies.length === 0 ? NOTHING : await lookAtAppNeeds(client, id, setJobId);
      if (coming === null) return;
      const { needs, problem } = coming;
      const isWarned = inspection.warning != null;
      const begin = async (studio = false) => {
        const reply = await client.request("apps.install", {
          source: inspection.source,
          agreed: inspection.fingerprint,
          ...(isWarned ? { despiteWarning: true } : {}), // the warning stands above the button
          ...(studio ? { studio } : {}),
        });
        setJobId(reply.job.id);
        onInstalling(reply.job.appId);
      };
      const ownVerb = isWarned ? t("Install despite the warning") : t("Install");
      const heading = t("Install {title}", { title: inspection.title });
      if (needs.length > 0) {
        const agreed = { ...agreedWith(needs), [id]: inspection.fingerprint };
        const beginAll = async () => {
          const despite = isWarned || isAnyWarned(needs) ? { despiteWarning: true } : {};
          const reply = await client.request("packages.install", { id, agreed, unattended: false, ...despite });
          setJobId(reply.job.id);
          onInstalling(reply.job.appId);
        };
        const verb = t("Install {count} packages", { count: needs.length + 1 });
        return askForConsent({
          heading,
          inspection,
          needs,
          verb,
          proceed: beginAll,
          alone: { verb: ownVerb, proceed: begin },
        });
      }
      if (inspection.agreed && !isWarned && problem === null) return begin();
      const other = {
        verb: t("For a while only"),
        title: t("Install it; in the end what it made is kept and everything else of it removed"),
        proceed: () => begin(true),
      };
      const refuse = (): void => void client.request("apps.refuse", { source }).catch(() => undefined); // it goes later
      askForConsent({ heading, inspection, problem, verb: ownVerb, proceed: begin, other, refuse });
    },
    [client, t, askForConsent, onInstalling, setJobId, source, id, dependencies],
  );

  const start = useCallback(
    async (how: InstallHow = {}) => {
      if (type === "app") return installApp(how);
      setJobId((await client.request("packages.install", { id })).job.id);
    },
    [client, installApp, setJobId, id, type],
  );
  return { job, half, start };
}
