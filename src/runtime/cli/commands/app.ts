import { appIdOf } from "../../protocol/ids.js";
import { EXIT } from "../exit-codes.js";
import { menuText, onOneLine } from "../words.js";
import type { AddCommand } from "./command.js";

export const addApp: AddCommand = (program, inSession) => {
  program
    .command("app")
    .description("ask about one installed app")
    .command("menu")
    .description("evaluate its launcher and print the menu")
    .argument("<app>", "its folder name below api/")
    .action((app: string) =>
      inSession(async (session) => {
        const menu = await (await session.client()).request("apps.menu", { appId: appIdOf(app) });
        session.print(session.json ? JSON.stringify(menu) : `${onOneLine(menu.title)}\n${menuText(menu.menu, "  ")}`);
        return EXIT.done;
      }),
    );
};
