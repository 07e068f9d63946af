import { EXIT } from "../exit-codes.js";
import { table } from "../words.js";
import type { AddCommand } from "./command.js";

export const addList: AddCommand = (program, inSession) => {
  program
    .command("list")
    .description("list the installed apps")
    .action(() =>
      inSession(async (session) => {
        const apps = await (await session.client()).request("apps.list", {});
        if (session.json) session.print(JSON.stringify(apps));
        else if (apps.length === 0) session.print("Nothing installed yet. Try: pinokiocloud install hello-server");
        else
          session.print(
            table(
              apps.map(({ id, title, state, runs, url }) => [
                id,
                runs.length > 0 ? "running" : state,
                title,
                url ?? "",
              ]),
            ),
          );
        return EXIT.done;
      }),
    );
};
