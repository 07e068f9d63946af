import { type ChildProcess, fork } from "node:child_process";
import type { Order } from "./child.js";
import type { Outcome } from "./operations.js";

/** A process that does the work, and is gone after a crash. */
export class Worker {
  #child: ChildProcess | null = null;
  readonly #program: string;

  /** The file that is run. */
  constructor(program: string) {
    this.#program = program;
  }

  async do(order: Order): Promise<(Outcome & { changes: number }) | "crashed"> {
    const child = (this.#child ??= fork(this.#program, {
      execArgv: [],
      stdio: ["ignore", "ignore", "inherit", "ipc"],
    }));
    return new Promise((resolve) => {
      const onMessage = (outcome: Outcome & { changes: number }): void => {
        child.removeListener("exit", onExit);
        resolve(outcome);
      };
      const onExit = (): void => {
        child.removeListener("message", onMessage);
        this.#child = null;
        resolve("crashed");
      };
      child.once("message", onMessage);
      child.once("exit", onExit);
      child.send(order);
    });
  }

  /** Resolves when it is gone. */
  async end(): Promise<void> {
    const child = this.#child;
    this.#child = null;
    if (child === null || child.exitCode !== null || child.signalCode !== null) return;
    await new Promise((resolve) => child.once("exit", resolve).kill("SIGKILL"));
  }
}
