import { randomUUID } from "node:crypto";
import type { Notice } from "../protocol/sidecar.js";

/** What a person should see once, wherever they look next. */
export interface Notices {
  list(): Notice[];
  /** Returns its id. */
  add(notice: Omit<Notice, "id" | "at">): string;
  dismiss(id: string): void;
}

/** Where lasting notices are while no sidecar is there. */
export interface NoticeStore {
  read(): Notice[];
  write(notices: Notice[]): void;
}

/** A script may tell as much as it likes; nobody reads more than this. */
const MOST_LASTING = 50;

export function createNotices(onChanged: (notices: Notice[]) => void, store: NoticeStore | null = null): Notices {
  let notices: Notice[] = store?.read() ?? [];
  const change = (next: Notice[]): void => {
    const lasting = next.filter(isLasting);
    const before = notices;
    const tooMany = new Set(lasting.slice(0, -MOST_LASTING));
    notices = next.filter((notice) => !tooMany.has(notice));
    const kept = notices.filter(isLasting);
    if (
      kept.map(({ id }) => id).join() !==
      before
        .filter(isLasting)
        .map(({ id }) => id)
        .join()
    )
      store?.write(kept);
    onChanged(notices);
  };
  return {
    list: () => notices,
    add: (notice) => {
      const isKnown = (other: Notice): boolean =>
        isLasting(other) && notice.lasting === true && other.message === notice.message && other.from === notice.from;
      // Said again at every start of a script, it is one notice all the same.
      const others = notices.filter((other) => !isKnown(other));
      const id = randomUUID();
      change([...others, { ...notice, id, at: new Date().toISOString() }]);
      return id;
    },
    dismiss: (id) => change(notices.filter((notice) => notice.id !== id)),
  };
}

const isLasting = ({ lasting }: Notice): boolean => lasting === true;
