import { randomUUID } from "node:crypto";
import type { Notice } from "../protocol/sidecar.js";

/** What a person should see once, wherever they look next. */
export interface Notices {
  list(): Notice[];
  add(notice: Pick<Notice, "level" | "message" | "hint">): void;
  dismiss(id: string): void;
}

export function createNotices(onChanged: (notices: Notice[]) => void): Notices {
  let notices: Notice[] = [];
  return {
    list: () => notices,
    add: (notice) => {
      notices = [...notices, { ...notice, id: randomUUID(), at: new Date().toISOString() }];
      onChanged(notices);
    },
    dismiss: (id) => {
      notices = notices.filter((notice) => notice.id !== id);
      onChanged(notices);
    },
  };
}
