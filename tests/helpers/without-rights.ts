const NOBODY = 65_534;

/** Does something as a person who may not do everything: tests often run as one who may. */
export async function withoutRights<Result>(work: () => Result | Promise<Result>): Promise<Result> {
  if (process.getuid?.() !== 0) return work();
  process.seteuid?.(NOBODY);
  try {
    return await work();
  } finally {
    process.seteuid?.(0);
  }
}
