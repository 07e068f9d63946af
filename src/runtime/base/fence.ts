import { createRequire, syncBuiltinESMExports } from "node:module";

/** Whether this process runs under the permission model. */
export const isFenced = (): boolean => "permission" in process && process.permission !== undefined;

/**
 * Closes what Node's permission model (24) leaves open: signals to other processes, the network, Unix sockets, name
 * lookups, and engine flags. For a process that was started with `--permission`, before it loads anybody's code.
 */
export function closeFence(): void {
  const require = createRequire(import.meta.url);
  const load = (name: string): object => require(`node:${name}`) as object;

  const { Socket, Server } = load("net") as { Socket: { prototype: object }; Server: { prototype: object } };
  for (const handle of socketHandles(load("tls") as Tls)) {
    deny(handle, ["open", "bind", "bind6", "listen", "connect", "connect6"]);
  }
  deny(Socket.prototype, ["connect"]);
  deny(Server.prototype, ["listen", "_listen2"]);
  deny(load("net"), ["connect", "createConnection", "_createServerHandle", "BoundSocket"]);
  deny(load("dgram"), ["createSocket", "Socket", "_createSocketHandle"]);
  const dns = load("dns") as { promises: object };
  for (const names of [dns, dns.promises]) deny(names, functionsOf(names));
  deny(load("os"), ["setPriority"]);
  deny(load("v8"), ["setFlagsFromString", "setHeapSnapshotNearHeapLimit", "startupSnapshot"]);
  deny(process, ["kill", "_kill", "_debugProcess", "_debugEnd", "dlopen", "chdir"]);
  deny(process, ["_getActiveHandles", "_getActiveRequests"]);
  deny(
    process,
    functionsOf(process).filter((name) => /^(?:set(?:e?[ug]id|groups)|initgroups)$/.test(name)),
  );
  syncBuiltinESMExports();
}

/** Keeps the code that is loaded from now on from ending this process, which has more to do. */
export function refuseExit(): void {
  deny(process, ["exit", "abort"].filter(isOpen));
}

const isOpen = (name: string): boolean => Object.getOwnPropertyDescriptor(process, name)?.configurable !== false;

interface Tls {
  TLSSocket: new (socket?: undefined, options?: { pipe: boolean }) => { _handle: { _parent: object }; destroy(): void };
}

/** What TCP and Unix sockets are made of: whoever holds any socket could make a bare one of these that listens. */
function socketHandles({ TLSSocket }: Tls): object[] {
  return [new TLSSocket(), new TLSSocket(undefined, { pipe: true })].map((socket) => {
    const methods = Object.getPrototypeOf(socket._handle._parent) as object;
    socket.destroy();
    return methods;
  });
}

const functionsOf = (target: object): string[] =>
  Object.keys(target).filter((name) => typeof (target as Record<string, unknown>)[name] === "function");

/** The same for menus, where it is never allowed: the error says where the code wanted it. May be asked again. */
export function refuseExitInMenus(): void {
  for (const name of ["exit", "abort"]) {
    if (isOpen(name)) replace(process, name, () => new Error(`process.${name}() is not allowed in a launcher`));
  }
}

function deny(target: object, names: readonly string[]): void {
  for (const name of names) {
    if (!(name in target)) continue;
    replace(target, name, () =>
      Object.assign(new Error(`${name} is not allowed for code that nobody has agreed to yet`), {
        code: "ERR_ACCESS_DENIED",
      }),
    );
  }
}

function replace(target: object, name: string, errorOf: () => Error): void {
  const denied = function (): never {
    throw errorOf();
  };
  Object.defineProperty(target, name, { value: denied, writable: false, enumerable: true, configurable: false });
}
