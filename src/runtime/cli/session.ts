import { resolve } from "node:path";
import { createSidecarClient, type SidecarClient } from "../client/sidecar-client.js";
import type { Transport } from "../client/transport.js";
import { readVariable } from "../config/environment-variables.js";
import { detectPlatform } from "../platforms/index.js";
import { theseSurroundings } from "../platforms/surroundings.js";
import { VERSION } from "../protocol/version.js";
import { createSocketTransport } from "./socket-transport.js";
import { ensureSidecar, type Place } from "./start-sidecar.js";

/** What every command gets. */
export interface Session {
  readonly place: Place;
  readonly json: boolean;
  /** Connects to the home's sidecar, which is started when there is none. */
  client(): Promise<SidecarClient>;
  /** As `client`, for a command that goes on when the sidecar is lost: another one is started and connected to. */
  lastingClient(): SidecarClient;
  /** Writes what the command is for. */
  print(text: string): void;
  /** Writes what a person should know besides; never on standard output. */
  note(text: string): void;
  close(): void;
}

export interface SessionOptions {
  home?: string | undefined;
  json?: boolean | undefined;
  bundles: string;
}

export function openSession({ home, json = false, bundles }: SessionOptions): Session {
  const clients: SidecarClient[] = [];
  const keep = (client: SidecarClient) => {
    clients.push(client);
    return client;
  };
  const place: Place = { home: chooseHome(home), bundles, env: process.env };
  return {
    place,
    json,
    client: async () => {
      const { record } = await ensureSidecar(place);
      return keep(connectTo(createSocketTransport(record.socket, record.tokenFile), false));
    },
    lastingClient: () => {
      const open: Transport["open"] = async (listener) => {
        const { record } = await ensureSidecar(place);
        return createSocketTransport(record.socket, record.tokenFile).open(listener);
      };
      return keep(connectTo({ name: "socket", open }, true));
    },
    print: (text) => void process.stdout.write(text.endsWith("\n") ? text : `${text}\n`),
    note: (text) => void process.stderr.write(`${text}\n`),
    close: () => {
      for (const client of clients) client.close();
    },
  };
}

function connectTo(transport: Transport, reconnect: boolean): SidecarClient {
  return createSidecarClient({
    transport,
    timers: { setTimeout, clearTimeout: (handle) => clearTimeout(handle as NodeJS.Timeout), now: Date.now },
    client: { name: "cli", version: VERSION },
    events: false,
    reconnect,
  });
}

function chooseHome(option: string | undefined): string {
  const chosen = option ?? readVariable("PINOKIOCLOUD_HOME", process.env);
  if (chosen !== undefined) return resolve(chosen);
  const surroundings = theseSurroundings();
  return resolve(detectPlatform(surroundings).home(surroundings));
}
