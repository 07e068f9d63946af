import { setTimeout as delay } from "node:timers/promises";
import type { SidecarClient } from "../../client/sidecar-client.js";
import type { Environment, EnvironmentDetails, EnvironmentList } from "../../protocol/environments.js";
import { PinokioError } from "../../protocol/errors.js";
import { bareAppName } from "../../protocol/ids.js";
import { sizeText } from "../../protocol/sizes.js";
import { wants } from "../change-job.js";
import { EXIT } from "../exit-codes.js";
import { requireKnown } from "../known-name.js";
import { table } from "../words.js";
import type { AddCommand } from "./command.js";

/** Each package gets an environment of its own. */
const OWN = "own";

export const addEnv: AddCommand = (program, inSession) => {
  const env = program.command("env").description("show the environments of apps, and where packages go");

  env
    .command("list", { isDefault: true })
    .description("list the environments of this home: Python, packages, size and who uses them")
    .argument("[app]", "only those that this app works with")
    .action((app: string | undefined) =>
      inSession(async (session) => {
        const client = await session.client();
        const list = await measured(client);
        const shown = app === undefined ? list.environments : named(list, app);
        if (app !== undefined && shown.length === 0) await requireKnown(client, app);
        if (session.json) session.print(JSON.stringify({ ...list, environments: shown }));
        else session.print(listText(shown, list.active));
        return EXIT.done;
      }),
    );

  env
    .command("show")
    .description("show what an environment holds")
    .argument("<name>", "an app, or an environment as `env list` names it")
    .action((name: string) =>
      inSession(async (session) => {
        const client = await session.client();
        const found = named(await client.request("environments.list", {}), name);
        if (found.length === 0) throw missing(name);
        const shown: EnvironmentDetails[] = [];
        for (const { id } of found) shown.push(await client.request("environments.show", { id }));
        session.print(session.json ? JSON.stringify(shown) : shown.map(detailsText).join("\n\n"));
        return EXIT.done;
      }),
    );

  env
    .command("use")
    .description(
      "say where packages of type library go that have no environment of their own; an app's script goes by its venv",
    )
    .argument("<name>", `an environment as \`env list\` names it, or ${OWN}: each package gets its own`)
    .option("--make", "make envs/<name> where it is missing")
    .action((name: string, { make = false }: { make?: boolean }) =>
      inSession(async (session) => {
        const client = await session.client();
        const id = name === OWN ? null : idOf(await client.request("environments.list", {}), name);
        const list = await client.request("environments.select", { id, make });
        session.print(session.json ? JSON.stringify(list) : activeText(list.active));
        return EXIT.done;
      }),
    );

  env
    .command("remove")
    .description("move an environment of envs into the trash")
    .argument("<name>", "an environment as `env list` names it")
    .option("--despite-use", "also while apps use it")
    .option("-y, --yes", "do not ask")
    .action((name: string, { despiteUse = false, yes = false }: { despiteUse?: boolean; yes?: boolean }) =>
      inSession(async (session) => {
        const client = await session.client();
        const id = idOf(await client.request("environments.list", {}), name);
        if (!yes && !(await wants(session, `Removing ${id} moves it into the trash`, `Remove ${id}`)))
          return EXIT.waiting;
        const { entry } = await client.request("environments.remove", { id, despiteUse });
        session.print(
          session.json
            ? JSON.stringify({ entry })
            : `Removed ${id}. Take it back with: pinokiocloud trash restore ${entry}`,
        );
        return EXIT.done;
      }),
    );
};

const MEASURE_LIMIT_MS = 5_000;
const BETWEEN_LOOKS_MS = 200;

/** With sizes, as far as they are added up in a moment. */
async function measured(client: SidecarClient): Promise<EnvironmentList> {
  const end = performance.now() + MEASURE_LIMIT_MS;
  for (;;) {
    const list = await client.request("environments.list", {});
    if (list.environments.every(({ bytes }) => bytes !== null) || performance.now() > end) return list;
    await delay(BETWEEN_LOOKS_MS);
  }
}

/** An environment by its id or the name it has in `envs`, or those that an app works with. */
function named({ environments }: EnvironmentList, written: string): Environment[] {
  const name = bareAppName(written);
  const exact = environments.filter(({ id }) => id === name || id === `envs/${name}`);
  return exact.length > 0 ? exact : environments.filter(({ users }) => users.some((app) => app === name));
}

function idOf(list: EnvironmentList, name: string): string {
  const found = named(list, name).filter(({ kind }) => kind !== "node");
  const [only] = found;
  if (found.length > 1) {
    throw new PinokioError("request-invalid", `${name} has ${found.length} environments`, {
      hint: `Name one: ${found.map(({ id }) => id).join(", ")}`,
    });
  }
  return only?.id ?? (name.includes("/") ? name : `envs/${name}`);
}

const missing = (name: string): PinokioError =>
  new PinokioError("environment-missing", `Nothing in this home has an environment named ${name}`, {
    hint: "`pinokiocloud env list` shows those that are here",
  });

const activeText = (active: string | null): string =>
  active === null
    ? "Packages without an environment of their own get one each"
    : `Packages without an environment of their own go to ${active}`;

function listText(environments: readonly Environment[], active: string | null): string {
  if (environments.length === 0)
    return "No environments yet: an app that uses Python or Node gets one when it is installed";
  const rows = environments.map((environment) => [
    environment.id,
    kindText(environment),
    countText(environment.packages),
    environment.bytes === null ? "adding up" : sizeText(environment.bytes),
    environment.users.join(" "),
    [...(environment.id === active ? ["active"] : []), ...environment.problems.slice(0, 1)].join(": "),
  ]);
  return `${table(rows)}\n${activeText(active)}`;
}

const countText = (packages: number): string => (packages === 1 ? "1 package" : `${packages} packages`);

const kindText = ({ kind, python }: Environment): string =>
  kind === "node" ? "Node" : `${kind === "conda" ? "conda, " : ""}Python ${python ?? "unknown"}`;

function detailsText(environment: EnvironmentDetails): string {
  const { path, packages, bytes, sharedBytes, tools, users, holds, problems, list } = environment;
  const shared = sharedBytes === null || sharedBytes === 0 ? "" : `, ${sizeText(sharedBytes)} of it shared with others`;
  const rows = [
    ["Folder", path],
    ["Kind", kindText(environment)],
    ["Size", bytes === null ? "unknown" : `${sizeText(bytes)}${shared}`],
    ["Tools", tools.map(({ name, version }) => (version === null ? name : `${name} ${version}`)).join(", ") || "none"],
    ["Used by", users.join(", ") || "nobody"],
    ...(holds.length === 0 ? [] : [["Holds", holds.join(", ")]]),
    ...problems.map((problem) => ["Problem", problem]),
  ];
  const lines = list.map(({ name, version, bytes: size, from }) => [
    `  ${name}`,
    version ?? "",
    size === null ? "" : sizeText(size),
    from ?? "",
  ]);
  return [environment.id, table(rows), countText(packages), table(lines)].filter((part) => part !== "").join("\n");
}
