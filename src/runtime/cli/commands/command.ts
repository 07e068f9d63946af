import type { Command } from "commander";
import type { ExitCode } from "../exit-codes.js";
import type { Session } from "../session.js";

/** Runs a command in a session and ends the program with the code it returns. */
export type RunInSession = (work: (session: Session) => Promise<ExitCode>) => Promise<void>;

/** One command: adds itself to the program. Implementations are the sibling files, listed in `index.ts`. */
export type AddCommand = (program: Command, inSession: RunInSession) => void;
