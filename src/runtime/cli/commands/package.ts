import type { SidecarClient } from "../../client/sidecar-client.js";
import type { PackageRemoval } from "../../protocol/package-requests.js";
import { PinokioError } from "../../protocol/errors.js";
import { appIdOf } from "../../protocol/ids.js";
import type { Job } from "../../protocol/jobs.js";
import { sizeText } from "../../protocol/sizes.js";
import { exitCodeOfJob, followChange, heedUse, wants } from "../change-job.js";
import { EXIT, type ExitCode } from "../exit-codes.js";
import { agreedBy, comingText, lookAt } from "../package-needs.js";
import type { Session } from "../session.js";
import { onOneLine, runLine, table } from "../words.js";
import type { AddCommand } from "./command.js";

export const addPackage: AddCommand = (program, inSession) => {
  const group = program
    .command("package")
    .description("packages of every type: apps, plugins, models, tasks, libraries");

  group
    .command("list", { isDefault: true })
    .description("list what is installed, whatever its type")
    .action(() =>
      inSession(async (session) => {
        const list = await (await session.client()).request("packages.list", {});
        const rows = list.map(({ id, type, version, commit, place, problem }) => [
          id,
          type,
          version ?? commit?.slice(0, 10) ?? "",
          place,
          problem ?? "",
        ]);
        if (session.json) session.print(JSON.stringify(list));
        else session.print(rows.length === 0 ? "Nothing installed yet" : table(rows));
        return EXIT.done;
      }),
    );

  group
    .command("install")
    .description("install a package of the catalog, and first what it needs")
    .argument("<id>", "its id in the catalog")
    .option("-y, --yes", "agree to what scripts of apps among them will run, without being asked")
    .option("--despite-warning", "also when the catalog warns of it")
    .action((id: string, { yes = false, despiteWarning = false }: { yes?: boolean; despiteWarning?: boolean }) =>
      inSession(async (session) => {
        const client = await session.client();
        const coming = await lookAt(session, client, (await client.request("packages.plan", { id })).steps);
        if (coming.length > 0 && !(session.json && yes)) session.note(comingText(coming));
        const names = coming.flatMap(({ name, inspection }) => (inspection === null ? [] : [name])).join(", ");
        const what = `The scripts of ${names} run as you on this machine`;
        if (names !== "" && !yes && !(await wants(session, what, `Install ${names}`))) return EXIT.waiting;
        const order = { id, agreed: agreedBy(coming), despiteWarning };
        return carryOut(session, client, (await client.request("packages.install", order)).job);
      }),
    );

  group
    .command("update")
    .description("get what is newer of a package")
    .argument("<id>", "an installed package")
    .action((id: string) =>
      inSession(async (session) => {
        const client = await session.client();
        return carryOut(session, client, (await client.request("packages.update", { id })).job);
      }),
    );

  group
    .command("remove")
    .description("take a package away; its files go into the trash")
    .argument("<id>", "an installed package")
    .option("--despite-use", "also while others use it")
    .option("-y, --yes", "do not ask")
    .action((id: string, { yes = false, despiteUse = false }: { yes?: boolean; despiteUse?: boolean }) =>
      inSession(async (session) => {
        const client = await session.client();
        const removal = await client.request("packages.removal", { id });
        if (despiteUse) for (const said of usersOf(removal)) session.note(onOneLine(`${id} is ${said}`));
        else heedUse(id, usersOf(removal));
        if (!yes && !(await wants(session, `Removing ${id} takes away ${lossOf(removal)}`, `Remove ${id}`))) {
          return EXIT.waiting;
        }
        return carryOut(session, client, (await client.request("packages.remove", { id, despiteUse })).job);
      }),
    );

  group
    .command("start")
    .description("launch a plugin in a folder, or a task with a plugin; asking for it is the agreement")
    .argument("<id>", "an installed plugin or task")
    .option("--app <app>", "work in the folder of this app; else in a new one")
    .option("--prompt <text>", "what a plugin is to do")
    .option("--plugin <id>", "which plugin carries a task out")
    .option("--input <name=value...>", "what a task's words in braces stand for")
    .option("--action <name>", "run, install, update or uninstall", "run")
    .action((id: string, options: StartOptions) =>
      inSession(async (session) => {
        const { run, already } = await (await session.client()).request("packages.start", startOrder(id, options));
        session.print(session.json ? JSON.stringify({ run, already }) : runLine(run));
        return EXIT.done;
      }),
    );
};

interface StartOptions {
  app?: string;
  prompt?: string;
  plugin?: string;
  input?: string[];
  action: string;
}

const ACTIONS = ["run", "install", "update", "uninstall"] as const;

function startOrder(id: string, { app, prompt, plugin, input = [], action }: StartOptions) {
  const known = ACTIONS.find((one) => one === action);
  if (known === undefined) {
    throw new PinokioError("request-invalid", `${action} is no action of a plugin`, {
      hint: `One of ${ACTIONS.join(", ")}`,
    });
  }
  const inputs = Object.fromEntries(input.map((pair) => [pair.split("=")[0] ?? "", pair.slice(pair.indexOf("=") + 1)]));
  return {
    id,
    action: known,
    inputs,
    ...(app === undefined ? {} : { app: appIdOf(app) }),
    ...(prompt === undefined ? {} : { prompt }),
    ...(plugin === undefined ? {} : { plugin }),
  };
}

async function carryOut(session: Session, client: SidecarClient, started: Job): Promise<ExitCode> {
  const job = await followChange(session, client, started);
  if (session.json) session.print(JSON.stringify(job));
  else if (job.state === "done") session.print(onOneLine(`${started.title}: done`));
  return exitCodeOfJob(session, job);
}

const lossOf = ({ goes }: PackageRemoval): string =>
  goes.map(({ what, bytes }) => (bytes === 0 ? what : `${what} (${sizeText(bytes)})`)).join(", ") || "nothing";

const usersOf = ({ inUse, neededBy }: PackageRemoval): string[] => [
  ...(inUse.length === 0 ? [] : [`used by ${inUse.join(", ")}`]),
  ...(neededBy.length === 0 ? [] : [`needed by ${neededBy.join(", ")}`]),
];
