import type { AppId } from "../protocol/ids.js";
import type { Notices } from "../server/notices.js";

/** What an app may have back, said once for each app: as it is now, and no longer than it is so. */
interface Offers {
  say(app: AppId, text: string | null): void;
  has(app: AppId): boolean;
}

export function createOffers(notices: Pick<Notices, "add" | "dismiss">): Offers {
  const said = new Map<AppId, string>();
  return {
    has: (app) => said.has(app),
    say: (app, text) => {
      const before = said.get(app);
      if (before !== undefined) notices.dismiss(before);
      said.delete(app);
      if (text !== null) said.set(app, notices.add({ level: "info", message: text, from: app }));
    },
  };
}
