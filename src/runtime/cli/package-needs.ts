import type { SidecarClient } from "../client/sidecar-client.js";
import type { Inspection } from "../protocol/apps.js";
import { fromWireError, toWireError } from "../protocol/errors.js";
import type { PackagePlan } from "../protocol/package-requests.js";
import { sizeText } from "../protocol/sizes.js";
import { exitCodeOfJob, followChange } from "./change-job.js";
import { consentText } from "./consent-text.js";
import { EXIT, type ExitCode } from "./exit-codes.js";
import { inspectSource } from "./install-source.js";
import type { Session } from "./session.js";
import { onOneLine } from "./words.js";

type Step = PackagePlan["steps"][number];

/** A package that comes with another one, and what its scripts would run; null where it has none. */
export interface Coming extends Omit<Step, "inspect"> {
  inspection: Inspection | null;
}

/** What a package of the catalog needs and what is not here yet, what is needed first. */
export async function missingNeeds(session: Session, client: SidecarClient, id: string): Promise<Coming[]> {
  try {
    const { steps } = await client.request("packages.plan", { id });
    return await lookAt(session, client, steps.slice(0, -1));
  } catch (error) {
    const { code, message, hint, context } = toWireError(error);
    if (code !== "package-missing" && code !== "requirement-missing") throw error;
    const ways = [...(hint === undefined ? [] : [hint]), "--alone installs the app without what it needs"].join(". ");
    throw fromWireError({ code, message, hint: ways, ...(context === undefined ? {} : { context }) });
  }
}

/** Those that are not here, each as it would be installed. */
export async function lookAt(session: Session, client: SidecarClient, steps: readonly Step[]): Promise<Coming[]> {
  const coming: Coming[] = [];
  for (const { inspect, ...step } of steps) {
    if (step.installed) continue;
    const inspection = inspect === null ? null : await inspectSource(session, client, inspect, {});
    coming.push({ ...step, inspection });
  }
  return coming;
}

/** Where each goes, what the catalog warns of, and what its scripts would run. */
export const comingText = (coming: readonly Coming[]): string =>
  coming
    .flatMap(({ name, type, where, bytes, warning, inspection }) => [
      onOneLine(`${name} (${type}) goes to ${where}${bytes === null ? "" : `, ${sizeText(bytes)}`}`),
      ...(warning === null ? [] : [onOneLine(`Warning: ${warning}`)]),
      ...(inspection === null || inspection.agreed ? [] : [consentText(inspection)]),
    ])
    .join("\n");

/** What a person has agreed to by agreeing to all of them, by package. */
export const agreedBy = (coming: readonly Coming[]): Record<string, string> =>
  Object.fromEntries(
    coming.flatMap(({ id, inspection }) => (inspection === null ? [] : [[id, inspection.fingerprint]])),
  );

/** What an app needs comes before it, once a person has agreed to all of that. */
export async function installNeeds(
  session: Session,
  client: SidecarClient,
  { id, needs, despiteWarning }: { id: string; needs: readonly Coming[]; despiteWarning: boolean },
): Promise<ExitCode> {
  if (needs.length === 0) return EXIT.done;
  const order = { id, agreed: agreedBy(needs), despiteWarning, onlyNeeds: true };
  const { job } = await client.request("packages.install", order);
  return exitCodeOfJob(session, await followChange(session, client, job));
}
