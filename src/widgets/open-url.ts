import { PinokioError } from "../runtime/protocol/errors.js";

/** What decides how this browser reaches a port of the sidecar's machine. */
export interface Surroundings {
  /** Address of the page this runs in. */
  pageUrl: string;
  /** Path or address of the Jupyter server, or null where there is none. */
  baseUrl: string | null;
  /** Whether that server passes `proxy/<port>/` on. */
  serverProxy: boolean;
  /** Colab's way: the address of a port, without a path. Null elsewhere. */
  colabPort: ((port: number) => Promise<string>) | null;
}

/** How to reach an address: as it is, or through Colab's address of a port. */
export type Route = { kind: "address"; url: string } | { kind: "colab"; port: number; path: string };

/** Decides how the browser can reach an address that a script printed. Throws a `PinokioError` when it cannot. */
export function findRoute(address: string, surroundings: Surroundings): Route {
  const url = parseWebAddress(address);
  if (!isThisMachine(url.hostname)) return { kind: "address", url: url.href };

  const port = Number(url.port || (url.protocol === "https:" ? 443 : 80));
  const path = `${url.pathname}${url.search}${url.hash}`;
  if (surroundings.colabPort !== null) return { kind: "colab", port, path };

  if (reachesPorts(surroundings.pageUrl)) {
    url.hostname = "127.0.0.1";
    return { kind: "address", url: url.href };
  }
  if (surroundings.baseUrl !== null && surroundings.serverProxy) {
    const base = baseAddress(surroundings.baseUrl, surroundings.pageUrl);
    return { kind: "address", url: new URL(`proxy/${port}${path}`, base).href };
  }
  throw new PinokioError(
    "page-unreachable",
    `${url.origin} is on the machine that runs it, which this browser cannot reach`,
    {
      hint:
        surroundings.baseUrl === null
          ? "Open the notebook in JupyterLab with jupyter-server-proxy, or on Colab"
          : "Install jupyter-server-proxy where Jupyter runs (pip install jupyter-server-proxy) and restart Jupyter",
    },
  );
}

/** Whether this browser reaches ports of the sidecar's machine as they are: by the address of its own page. */
export function reachesPorts(pageUrl: string): boolean {
  const page = new URL(pageUrl);
  return isThisMachine(page.hostname) || page.protocol === "vscode-webview:";
}

/** Below which path this browser reaches ports, such as `/user/x/proxy/{port}`; null where it goes another way. */
export function pathOfPorts({ pageUrl, baseUrl, serverProxy, colabPort }: Surroundings): string | null {
  if (colabPort !== null || baseUrl === null || !serverProxy || reachesPorts(pageUrl)) return null;
  return `${baseAddress(baseUrl, pageUrl).pathname}proxy/{port}`;
}

const baseAddress = (baseUrl: string, pageUrl: string): URL => new URL(baseUrl.replace(/\/*$/, "/"), pageUrl);

/** The address that this browser reaches the page at. */
export async function findAddress(address: string, surroundings: Surroundings): Promise<string> {
  const route = findRoute(address, surroundings);
  if (route.kind === "address") return route.url;
  const base = await surroundings.colabPort?.(route.port);
  return new URL(route.path, base).href;
}

/** Finds the address for this browser and opens it in a tab of its own. */
export async function openInBrowser(
  address: string,
  surroundings: Surroundings,
  openTab: (url: string) => void,
): Promise<void> {
  openTab(await findAddress(address, surroundings));
}

/** The port of this machine that an address is at, or null for a page of another one. */
export function localPort(address: string): number | null {
  try {
    const { protocol, hostname, port } = parseWebAddress(address);
    return isThisMachine(hostname) ? Number(port || (protocol === "https:" ? 443 : 80)) : null;
  } catch {
    return null; // not the address of a page
  }
}

/** A link, not `window.open`: embedded hosts such as VS Code handle links and nothing else. */
export function openTab(url: string): void {
  const link = document.createElement("a");
  link.href = url;
  link.target = "_blank";
  link.rel = "noopener noreferrer";
  document.body.append(link);
  link.click();
  link.remove();
}

function parseWebAddress(address: string): URL {
  try {
    const url = new URL(address);
    if (url.protocol === "http:" || url.protocol === "https:") return url;
  } catch {
    // Said below.
  }
  throw new PinokioError("page-unreachable", `"${address}" is not the address of a web page`, {
    hint: "Look at the output of the script for the right one",
  });
}

/** Names that mean the machine itself; `0.0.0.0` and `::` are what servers print when they listen everywhere. */
const THIS_MACHINE = /^(localhost|.+\.localhost|127(\.\d+){3}|0\.0\.0\.0|\[::1?\])$/;

const isThisMachine = (hostname: string): boolean => THIS_MACHINE.test(hostname);
