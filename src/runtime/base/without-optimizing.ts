import { setFlagsFromString } from "node:v8";

const COMPILERS = ["turbofan", "maglev"];

/**
 * Does what is done once, such as making schemas, without V8's optimizing compilers. Many calls of one function wake
 * them, although nothing is won any more: a process that never had work for them is 6 MB smaller.
 */
export async function withoutOptimizing<Result>(work: () => Promise<Result>): Promise<Result> {
  for (const compiler of COMPILERS) setFlagsFromString(`--no-${compiler}`);
  try {
    return await work();
  } finally {
    for (const compiler of COMPILERS) setFlagsFromString(`--${compiler}`);
  }
}
