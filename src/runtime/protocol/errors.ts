import * as z from "zod";

/**
 * What a person or program can do about a failure decides its code; add one only for a new decision.
 * The text says when it is used.
 */
export const ERROR_CODES = {
  "request-invalid": "A request had a wrong name or wrong values",
  "not-authorised": "The token was missing or wrong",
  "protocol-mismatch": "Client and sidecar speak different protocol versions",
  "not-connected": "The sidecar cannot be reached",
  "session-ended": "The notebook's kernel that a view talked to is gone",
  "server-extension-missing": "The Jupyter server does not run PinokioCloud's server extension",
  "page-unreachable": "An app's page cannot be reached from this browser",
  "sidecar-ending": "The sidecar is ending and takes no more requests",
  "sidecar-stopped": "A person ended the sidecar",
  "sidecar-start-failed": "The sidecar did not start",
  "import-incomplete": "Not everything of a library could be brought back",
  "home-busy": "Another sidecar holds this home",
  "home-read-only": "The home can be looked at but not changed",
  "home-not-writable": "The home folder cannot be written",
  "disk-budget": "An app has used up what it may take of the disk",
  "out-of-space": "The disk is full",
  "state-unreadable": "A state file could not be read and was set aside",
  "node-missing": "No Node.js that is new enough was found",
  "python-missing": "No Python that is new enough was found",
  "app-missing": "No app of that name is installed",
  "app-exists": "An app of that name is already installed",
  "app-invalid": "A folder is not a Pinokio app",
  "app-busy": "Other work on the same app is under way",
  "environment-missing": "There is no such environment in this home",
  cancelled: "A person has ended it",
  "job-missing": "No job of that id is known",
  "trash-missing": "The trash holds nothing of that name",
  "file-changed": "A file or setting has changed since it was read",
  "agreement-needed": "Nobody has agreed yet to what this app will run",
  "choice-needed": "A person has to choose one of several ways to install an app",
  "repository-missing": "No git repository is at that address",
  "login-needed": "A repository wants a login",
  "network-failed": "Something elsewhere could not be reached",
  "branch-missing": "A repository has no branch or commit of that name",
  "app-edited": "Somebody has edited files of an app that an update would change",
  "name-unsupported": "A repository holds a file name that this system cannot hold",
  "warning-unheeded": "The catalog warns of this app, and nobody has said to install it all the same",
  "source-unsupported": "An app cannot be installed from there",
  "source-unreadable": "A source of the catalog could not be read",
  "source-exists": "A source of the catalog is there already",
  "package-missing": "The catalog has no package of that name",
  "menu-failed": "An app's launcher threw an error",
  "menu-timeout": "An app's launcher did not answer in time",
  "run-missing": "No run of that id or script is known",
  "answer-needed": "What a program waits for waits for an answer itself",
  "answered-already": "Somebody else has answered this question before",
  "script-missing": "The script does not exist",
  "script-invalid": "The script cannot be run as written",
  "requirement-missing": "An app that this one needs is not here or did not start",
  "method-unknown": "The script calls a method that does not exist",
  "step-failed": "A step of the script failed",
  "tool-missing": "A program that is needed was not found",
  "terminal-failed": "A terminal could not be opened",
  "memory-limit": "The programs of an app used more memory than it may",
  "runner-lost": "The process that ran the script ended without saying why",
  timeout: "Something took longer than it may",
  internal: "An error we did not foresee",
} as const;

export type ErrorCode = keyof typeof ERROR_CODES;

const codes = Object.keys(ERROR_CODES) as [ErrorCode, ...ErrorCode[]];

/** How a failure travels: what happened, with the value, and what to do about it. */
export const WireError = z.object({
  code: z.enum(codes).catch("internal"),
  message: z.string(),
  hint: z.string().optional(),
  /** Where it happened, for the person who looks closer. */
  context: z.record(z.string(), z.string()).optional(),
});
export type WireError = z.infer<typeof WireError>;

/** A failure we can explain to a person. The message says what, with the value; the hint says what to do. */
export class PinokioError extends Error {
  override readonly name = "PinokioError";
  readonly hint: string | undefined;
  readonly context: Record<string, string> | undefined;

  constructor(
    readonly code: ErrorCode,
    message: string,
    details: { hint?: string | undefined; cause?: unknown; context?: Record<string, string> | undefined } = {},
  ) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.hint = details.hint;
    this.context = details.context;
  }
}

export function toWireError(error: unknown): WireError {
  if (error instanceof PinokioError) {
    const { code, message, hint, context } = error;
    return { code, message, ...(hint === undefined ? {} : { hint }), ...(context === undefined ? {} : { context }) };
  }
  return { code: "internal", message: error instanceof Error ? error.message : String(error) };
}

export function fromWireError({ code, message, hint, context }: WireError): PinokioError {
  return new PinokioError(code, message, { hint, context });
}
