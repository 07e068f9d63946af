import type { Prepared } from "./finders/finder.js";

/** All or none: where one of them cannot be written, those before it are made as they were. */
export function commitAll(prepared: readonly Prepared[]): void {
  const done: Prepared[] = [];
  try {
    for (const one of prepared) {
      one.commit();
      done.push(one);
    }
  } catch (error) {
    for (const one of done.reverse()) one.takeBack();
    throw error;
  }
}
