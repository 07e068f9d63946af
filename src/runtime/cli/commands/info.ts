import { EXIT } from "../exit-codes.js";
import { packageText } from "../package-words.js";
import type { AddCommand } from "./command.js";

export const addInfo: AddCommand = (program, inSession) => {
  program
    .command("info")
    .description("say what is known of a package, and how it fits this machine")
    .argument("<package>", "its id, as `search` shows it, or the address of a repository")
    .action((id: string) =>
      inSession(async (session) => {
        const found = await (await session.client()).request("catalog.info", { id });
        session.print(session.json ? JSON.stringify(found) : packageText(found));
        return EXIT.done;
      }),
    );
};
