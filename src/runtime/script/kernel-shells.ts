import { PlainTextStream } from "../base/plain-text.js";

type Call = (method: string, params: unknown, onData?: unknown) => Promise<unknown>;
type OnData = (data: object) => void;

/** Of what a shell has printed; a server prints for days. */
const MOST_CLEANED = 100_000;

/** `kernel.shell` and `kernel.sh`: shells in the hands of an app's code. */
export function shellsOf(call: Call) {
  const waiting = new Map<unknown, (value: unknown) => void>();
  let made = 0;

  /** What a shell prints, with its name; `cleaned` is what it has printed up to now, as plain text. */
  const told = (id: unknown, onData: unknown): OnData => {
    const plain = new PlainTextStream();
    let cleaned = "";
    return (data) => {
      if ("raw" in data && typeof data.raw === "string")
        cleaned = (cleaned + plain.push(data.raw)).slice(-MOST_CLEANED);
      if (typeof onData === "function") (onData as OnData)({ ...data, id, cleaned });
    };
  };

  const run = async (params: unknown, options: unknown, onData: unknown): Promise<unknown> => {
    const order = { id: `code-${++made}`, ...fieldsOf(options), ...fieldsOf(params) };
    const { id } = order;
    const early = new Promise<unknown>((resolve) => waiting.set(id, resolve));
    try {
      return await Promise.race([call("shell.run", order, told(id, onData)), early]);
    } finally {
      waiting.delete(id);
    }
  };
  const stop = (params: unknown): Promise<unknown> => call("shell.stop", params);

  return {
    shell: {
      run: (params: unknown, options?: unknown, onData?: unknown) => run(params, options, onData),
      start: (params: unknown, _options?: unknown, onData?: unknown) => call("shell.start", params, onData),
      enter: (params: unknown, onData?: unknown) => call("shell.enter", params, onData),
      write: (params: unknown, onData?: unknown) => call("shell.write", params, onData),
      kill: stop,
      stop,
      /** Lets the code go on that waits for a shell, with this value; what the shell runs goes on too. */
      resolve: (id: unknown, value?: unknown): void => waiting.get(id)?.(value),
    },
    /** A shell of one command, which its code may end. */
    sh: () => {
      const id = `code-${++made}`;
      return {
        id,
        request: (params: unknown, onData?: unknown) => run({ ...fieldsOf(params), id }, undefined, onData),
        resolve: (value?: unknown): void => waiting.get(id)?.(value),
        kill: () => stop({ id }),
      };
    },
  };
}

const fieldsOf = (value: unknown): Record<string, unknown> =>
  typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
