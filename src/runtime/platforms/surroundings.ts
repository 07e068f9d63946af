import { existsSync } from "node:fs";
import { homedir } from "node:os";
import type { Surroundings } from "./platform.js";

/** This machine, as platforms look at it. */
export const theseSurroundings = (): Surroundings => ({ env: process.env, userHome: homedir(), exists: existsSync });
