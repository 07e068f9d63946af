import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** A program in place of ssh that lets nobody in; says what it was called with. */
export function standInSsh(folder: string, name: string): () => string {
  const called = join(folder, `${name}-called`);
  const said = "git@git.example.test: Permission denied (publickey).";
  const lines = ["#!/bin/sh", `echo "$@" >> '${called}'`, `echo '${said}' >&2`, "exit 255", ""];
  writeFileSync(join(folder, name), lines.join("\n"), { mode: 0o755 });
  return () => readFileSync(called, "utf8");
}
