import type { KeyboardEvent } from "react";

/** For the element around a sheet or a question: Escape leaves it, as its button does. */
export const byEscape = (leave: (() => void) | null): { onKeyDown(event: KeyboardEvent): void } => ({
  onKeyDown: (event) => {
    if (event.key !== "Escape" || leave === null) return;
    event.preventDefault();
    event.stopPropagation();
    leave();
  },
});
