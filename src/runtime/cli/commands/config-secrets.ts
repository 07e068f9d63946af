import type { Command } from "commander";
import * as z from "zod";
import { PinokioError } from "../../protocol/errors.js";
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
          const rows = secrets.map(({ name, apps, isSet }) => [name, isSet ? "set" : "not set", apps.join(", ")]);
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
        session.print(session.json ? JSON.stringify({ names }) : names.map(onOneLine).join("\n"));
        return EXIT.done;
      }),
    );
}

/** What was typed is a secret: a message about it does not repeat it. */
function parseValues(text: string): Record<string, string> {
  try {
    return Values.parse(JSON.parse(text));
  } catch {
    throw new PinokioError("request-invalid", "Standard input holds no JSON object of names and values");
  }
}
