/** A failure that the person who reads it can do something about. */
export class SetupError extends Error {
  constructor(message, hint) {
    super(message);
    this.hint = hint;
  }
}

/** A failure whose last lines of output say what went wrong. */
export class OutputError extends Error {
  constructor(output) {
    super(output.trimEnd().split("\n").at(-1));
    this.output = output;
  }
}
