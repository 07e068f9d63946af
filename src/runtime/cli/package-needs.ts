import type { SidecarClient } from "../client/sidecar-client.js";
import { fromWireError, PinokioError, toWireError } from "../protocol/errors.js";
import type { PackagePlan } from "../protocol/package-requests.js";
import { sizeText } from "../protocol/sizes.js";
import { exitCodeOfJob, followChange, wants } from "./change-job.js";
import { EXIT, type ExitCode } from "./exit-codes.js";
import type { Session } from "./session.js";
import { onOneLine } from "./words.js";

type Step = PackagePlan["steps"][number];

/** What a package of the catalog needs and what is not here yet, what is needed first. */
export async function missingNeeds(client: SidecarClient, id: string): Promise<Step[]> {
  try {
    const { steps } = await client.request("packages.plan", { id });
    return steps.slice(0, -1).filter(({ installed }) => !installed);
  } catch (error) {
    const { code, message, hint, context } = toWireError(error);
    if (code !== "package-missing" && code !== "requirement-missing") throw error;
    const ways = [...(hint === undefined ? [] : [hint]), "--alone installs the app without what it needs"].join(". ");
    throw fromWireError({ code, message, hint: ways, ...(context === undefined ? {} : { context }) });
  }
}

/** What an app needs comes before it, once a person has agreed to each of them. */
export async function installNeeds(
  session: Session,
  client: SidecarClient,
  order: { id: string; title: string; needs: readonly Step[]; yes: boolean; despiteWarning: boolean },
): Promise<ExitCode> {
  const { id, title, needs, yes, despiteWarning } = order;
  if (needs.length === 0) return EXIT.done;
  if (!session.json) session.note(onOneLine(`${title} needs what is not here yet:`));
  const agreed = await agreeTo(session, client, needs, yes);
  const names = needs.map(({ name }) => name).join(", ");
  const isAsked = yes || needs.every(({ inspect }) => inspect !== null); // those are asked for one by one
  if (!isAsked && !(await wants(session, `${title} needs ${names}`, `Install ${names}`))) {
    throw new PinokioError("agreement-needed", `Nothing was installed: ${onOneLine(title)} needs ${onOneLine(names)}`, {
      hint: "--alone installs the app without what it needs",
    });
  }
  const { job } = await client.request("packages.install", { id, agreed, despiteWarning, onlyNeeds: true });
  return exitCodeOfJob(session, await followChange(session, client, job));
}

/** Shows each that comes, and asks for those whose scripts run. Returns what was agreed to, by package. */
export async function agreeTo(
  session: Session,
  client: SidecarClient,
  steps: readonly Step[],
  yes: boolean,
): Promise<Record<string, string>> {
  const agreed: Record<string, string> = {};
  for (const { id, name, type, where, bytes, inspect, installed, warning } of steps) {
    if (installed) continue;
    if (!session.json)
      session.note(onOneLine(`${name} (${type}) goes to ${where}${bytes === null ? "" : `, ${sizeText(bytes)}`}`));
    if (warning !== null) session.note(onOneLine(`Warning: ${warning}`));
    if (inspect === null) continue;
    const { fingerprint, scripts } = await client.request("apps.inspect", { source: inspect });
    for (const command of scripts.flatMap(({ commands }) => commands)) session.note(`    ${onOneLine(command)}`);
    if (!yes && !(await wants(session, `The scripts of ${name} run as you on this machine`, `Install ${name}`)))
      continue;
    agreed[id] = fingerprint;
  }
  return agreed;
}
