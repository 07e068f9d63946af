import { listenOn } from "../base/listen.js";
import { acceptClient, type ClientConnection, type ConnectionServices } from "./connection.js";

/** The door: everybody who talks to the sidecar comes through here. */
export interface Server {
  /** Clients that have introduced themselves. */
  readonly clients: number;
  /** Tells every client why, and whether a person asked for it, then closes. */
  close(reason: string, asked: boolean): Promise<void>;
}

const GOODBYE_LIMIT_MS = 500;

export async function serve(
  socketPath: string,
  services: ConnectionServices,
  onClientsChanged: () => void,
): Promise<Server> {
  const connections = new Set<ClientConnection>();
  const listener = await listenOn(
    socketPath,
    (socket) => {
      const connection = acceptClient(socket, services, () => {
        connections.delete(connection);
        onClientsChanged();
      });
      connections.add(connection);
    },
    { onRestored: () => services.log.write("warn", "the socket had been removed and was made again", { socketPath }) },
  );
  return {
    get clients() {
      return [...connections].filter(({ isOpen }) => isOpen).length;
    },
    close: async (reason, asked) => {
      for (const connection of connections) connection.sayGoodbye(reason, asked);
      const late = setTimeout(() => {
        for (const connection of connections) connection.destroy();
      }, GOODBYE_LIMIT_MS);
      await listener.close();
      clearTimeout(late);
    },
  };
}
