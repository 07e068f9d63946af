import type { Command } from "commander";
import * as z from "zod";
import { PinokioError } from "../../protocol/errors.js";
import type { ReplyOf } from "../../protocol/requests.js";
import { EXIT } from "../exit-codes.js";
import { readInput } from "../read-input.js";
import { onOneLine, table } from "../words.js";
import type { RunInSession } from "./command.js";

const Values = z.record(z.string(), z.string().min(1));

/** Secrets of a home, for every app that asks for them by name. They can be written and used, never read back. */
export function addSecrets(config: Command, inSession: RunInSession): void {
  config
    .command("secrets")
    .description("show which secrets installed apps ask for, and whether they are there")
    .option("--take", "keep secrets for every app that asks for them: a JSON object on standard input, value by name")
    .option("--forget <name...>", "forget such secrets")
    .action(({ take = false, forget = [] }: { take?: boolean; forget?: string[] }) =>
      inSession(async (session) => {
        const client = await session.client();
        if (!take && forget.length === 0) {
          const secrets = await client.request("config.secrets", {});
          const rows = secrets.map((secret) => [secret.name, stateOf(secret), secret.apps.join(", ")]);
          session.print(
            session.json ? JSON.stringify({ secrets }) : rows.length === 0 ? "No app asks for any" : table(rows),
          );
          return EXIT.done;
        }
        const values = {
          ...Object.fromEntries(forget.map((name) => [name, null])),
          ...(take ? parseValues(await readInput()) : {}),
        };
        const { names } = await client.request("config.setSecrets", { values });
        if (session.json) session.print(JSON.stringify({ names }));
        else
          for (const name of names) session.print(onOneLine(`${forget.includes(name) ? "Forgot" : "Keeps"} ${name}`));
        return EXIT.done;
      }),
    );
}

function stateOf({ apps, setFor, isSet }: ReplyOf<"config.secrets">[number]): string {
  if (isSet) return "set";
  return setFor.length === 0 ? "not set" : `set for ${setFor.length} of ${apps.length}: ${setFor.join(", ")}`;
}

/** What was typed is a secret: a message about it does not repeat it. */
function parseValues(text: string): Record<string, string> {
  try {
    return Values.parse(JSON.parse(text));
  } catch {
    throw new PinokioError("request-invalid", "Standard input holds no JSON object of names and values");
  }
}
