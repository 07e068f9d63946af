import type { Notice, SidecarStatus } from "../../protocol/sidecar.js";
import type { RunId } from "../../protocol/ids.js";
import type { Handlers } from "./handler.js";

export interface SidecarParts {
  status(): SidecarStatus;
  end(reason: string): void;
  stopAllRuns(): Promise<RunId[]>;
  notices: { list(): Notice[]; dismiss(id: string): void };
}

export const sidecarHandlers = ({
  status,
  end,
  stopAllRuns,
  notices,
}: SidecarParts): Handlers<"sidecar.status" | "sidecar.end" | "sidecar.down" | "notices.dismiss"> => ({
  "sidecar.status": () => status(),
  "sidecar.end": () => {
    end("The sidecar was asked to end");
    return {};
  },
  "sidecar.down": async () => {
    const stopped = await stopAllRuns();
    end("Everything was stopped");
    return { stopped };
  },
  "notices.dismiss": ({ id }) => {
    notices.dismiss(id);
    return {};
  },
});
