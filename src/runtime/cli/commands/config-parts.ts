import type { SidecarClient } from "../../client/sidecar-client.js";
import type { ConfigApplied, ConfigForm } from "../../protocol/config.js";
import { appIdOf } from "../../protocol/ids.js";
import { appliedText } from "../config-words.js";
import { EXIT } from "../exit-codes.js";
import type { Session } from "../session.js";

export const APP = ["<app>", "an installed app"] as const;
export const RESTART = ["--restart", "start what reads it again"] as const;

export interface Restart {
  restart?: boolean;
}

export const formOf = async (session: Session, app: string): Promise<ConfigForm> => {
  const client: SidecarClient = await session.client();
  return client.request("config.form", { app: appIdOf(app) });
};

export function told(session: Session, applied: ConfigApplied): typeof EXIT.done {
  session.print(session.json ? JSON.stringify(applied) : appliedText(applied));
  return EXIT.done;
}
