/** Whether jupyter-server-proxy runs in the Jupyter server: it answers this address, a server without it says 404. */
export async function hasServerProxy(baseUrl: string): Promise<boolean> {
  try {
    const address = new URL("server-proxy/servers-info", new URL(baseUrl.replace(/\/*$/, "/"), location.href));
    return (await fetch(address, { credentials: "same-origin" })).ok;
  } catch {
    return false;
  }
}
