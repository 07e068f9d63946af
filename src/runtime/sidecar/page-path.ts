/** Below which path browsers reach ports of this machine: what the latest client said that goes through one. */
export class PagePath {
  #path: string | null;

  /** Behind a hub everybody goes through it, also before the first of them is there. */
  constructor(env: Readonly<Record<string, string | undefined>>) {
    const prefix = env["JUPYTERHUB_SERVICE_PREFIX"];
    this.#path = prefix === undefined ? null : `${prefix.replace(/\/*$/, "/")}proxy/{port}`;
  }

  get now(): string | null {
    return this.#path;
  }

  tell(path: string): void {
    this.#path = path;
  }
}
