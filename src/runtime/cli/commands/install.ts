import { normalize } from "node:path";
import type { SidecarClient } from "../../client/sidecar-client.js";
import type { App, Inspection } from "../../protocol/apps.js";
import { PinokioError } from "../../protocol/errors.js";
import { appIdOf } from "../../protocol/ids.js";
import { canAsk, saysYes } from "../ask/prompt.js";
import { consentText } from "../consent-text.js";
import { EXIT, type ExitCode } from "../exit-codes.js";
import { followInstall } from "../follow-install.js";
import { inspectSource, sourceOf, type SourceOptions } from "../install-source.js";
import { type Coming, comingText, installNeeds, missingNeeds } from "../package-needs.js";
import type { Session } from "../session.js";
import { onOneLine } from "../words.js";
import type { AddCommand } from "./command.js";

interface InstallOptions extends SourceOptions {
  name?: string;
  script?: string;
  yes?: boolean;
  despiteWarning?: boolean;
  studio?: boolean;
  alone?: boolean;
}

export const addInstall: AddCommand = (program, inSession) => {
  program
    .command("install")
    .description("install an app: from the catalog, a repository or a folder")
    .argument("<source>", "a name from the catalog, owner/name on GitHub, the address of a repository, or a folder")
    .option("--name <name>", "the folder name it gets below api/")
    .option("--branch <name>", "of a repository: which branch or tag")
    .option("--commit <id>", "of a repository: exactly this commit")
    .option("--token-from <variable>", "of a private repository: the environment variable that holds a token")
    .option("--script <path>", "which of its install scripts to run, when it has several")
    .option("--studio", "for a while only: `studio end` keeps what it made and removes every trace of it")
    .option("--despite-warning", "also when the catalog warns of it")
    .option("--alone", "without the other packages of the catalog that it needs")
    .option("-y, --yes", "agree to what its scripts will run, without being asked")
    .action((text: string, options: InstallOptions) => inSession((session) => install(session, text, options)));
};

async function install(session: Session, text: string, options: InstallOptions): Promise<ExitCode> {
  const { name, script, yes = false, despiteWarning = false, studio = false, alone = false } = options;
  const client = session.lastingClient();
  const source = await sourceOf(client, text, options);
  const { app } = name === undefined ? await client.request("apps.unfinished", { source }) : { app: null };
  if (app !== null) return goOn(session, client, app, options);
  const chosen = {
    ...(name === undefined ? {} : { name: appIdOf(name) }),
    ...(script === undefined ? {} : { script: normalize(script) }),
  };
  const inspection = await inspectSource(session, client, source, options);
  if (script === undefined) requireOneWay(session, inspection);
  showWarning(session, inspection, despiteWarning);
  const id = alone ? null : (inspection.package ?? null);
  const needs = id === null ? [] : await missingNeeds(session, client, id);
  const asked = [source, ...needs.flatMap((one) => one.inspection?.source ?? [])];
  if (!yes) await askToAgree(session, inspection, needs).catch((error: unknown) => refused(client, asked, error));
  else if (needs.length > 0 && !session.json) session.note(needsText(inspection.title, needs));
  if (id !== null) {
    const code = await installNeeds(session, client, { id, needs, despiteWarning });
    if (code !== EXIT.done) return code;
  }
  const order = {
    source: inspection.source,
    agreed: inspection.fingerprint,
    unattended: isUnattended(session, yes),
    ...(despiteWarning ? { despiteWarning } : {}),
    ...(studio ? { studio } : {}),
    ...chosen,
  };
  return followInstall(session, client, chosen.name ?? inspection.name, () => client.request("apps.install", order));
}

/** What was begun before is not begun anew: its install script runs again where the app is. */
async function goOn(
  session: Session,
  client: SidecarClient,
  { id, path, why = "", installers }: App,
  { script, yes = false }: InstallOptions,
): Promise<ExitCode> {
  session.note(onOneLine(`${id} was not installed to its end: ${why}. That goes on now`));
  const inspection = await client.request("apps.inspect", { source: path });
  if (script === undefined) requireOneWay(session, { ...inspection, installers });
  if (!inspection.agreed) {
    if (!yes) await askToAgree(session, inspection, []);
    await client.request("apps.agree", { appId: id, fingerprint: inspection.fingerprint });
  }
  const order = { appId: id, unattended: isUnattended(session, yes) };
  const chosen = script === undefined ? {} : { script: normalize(script) };
  return followInstall(session, client, id, () => client.request("apps.resume", { ...order, ...chosen }));
}

const isUnattended = ({ json }: Session, yes: boolean): boolean => yes || json || !canAsk();

/** What a person has seen and does not want does not stay; where nobody could be asked, they will be another time. */
async function refused(client: SidecarClient, sources: readonly string[], error: unknown): Promise<never> {
  for (const source of process.stdin.isTTY ? sources : [])
    await client.request("apps.refuse", { source }).catch(() => undefined);
  throw error;
}

/** An app that can be installed in several ways is not, until one of them is named. */
function requireOneWay({ note }: Session, { title, installers }: Inspection): void {
  if (installers.length < 2 || installers.some((installer) => installer.default)) return;
  note(onOneLine(`${title} can be installed in several ways:`));
  for (const { text, script } of installers) note(onOneLine(`  --script "${script}"  ${text}`));
  throw new PinokioError("choice-needed", `Nobody has chosen how to install ${onOneLine(title)}`, {
    hint: "Repeat the command with one of the options above",
  });
}

function showWarning({ note }: Session, { title, warning }: Inspection, despite: boolean): void {
  if (warning == null) return;
  note(onOneLine(`Warning: ${warning}`));
  if (despite) return;
  throw new PinokioError("warning-unheeded", `${onOneLine(title)} was not installed: the catalog warns of it`, {
    hint: "To install it all the same, repeat the command with --despite-warning",
  });
}

/** One question for the app and what comes with it, once all of that has been shown. */
async function askToAgree({ note }: Session, inspection: Inspection, needs: readonly Coming[]): Promise<void> {
  const title = onOneLine(inspection.title);
  if (inspection.agreed && needs.length === 0) return;
  if (!inspection.agreed) note(consentText(inspection));
  if (needs.length > 0) note(needsText(title, needs));
  if (!process.stdin.isTTY) {
    throw new PinokioError("agreement-needed", `Nobody has agreed to what ${title} will run`, {
      hint: "Read the list above, then repeat the command with --yes",
    });
  }
  const names = needs.map(({ name }) => onOneLine(name)).join(", ");
  if (await saysYes(needs.length === 0 ? "Install?" : `Install ${title} and what it needs: ${names}?`)) return;
  throw new PinokioError("agreement-needed", "Nothing was installed", {
    ...(needs.length === 0 ? {} : { hint: "--alone installs the app without what it needs" }),
  });
}

const needsText = (title: string, needs: readonly Coming[]): string =>
  `${onOneLine(title)} needs what is not here yet:\n${comingText(needs)}`;
