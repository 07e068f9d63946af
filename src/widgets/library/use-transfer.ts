import { type RefObject, useRef, useState } from "react";
import { type Action, useAction, useHost, useRemembered } from "../host.js";
import { saveFile } from "../log/collect-output.js";
import { type LeftOut, leftOutOf, NOTHING_LEFT_OUT } from "./export-note.js";
import { type ImportOffer, readLibraryFile } from "./import-sheet.js";

export interface TransferActions {
  /** The field that a file is chosen with; nobody sees it. */
  input: RefObject<HTMLInputElement>;
  /** A library that was chosen and waits for a yes. */
  offer: ImportOffer | null;
  /** What the file that was saved last does not hold. */
  leftOut: LeftOut;
  action: Action;
  save(): void;
  choose(): void;
  chosen(input: HTMLInputElement): void;
  close(): void;
  dismissLeftOut(): void;
}

/** Takes the library away as a file, and brings one in. */
export function useTransfer(): TransferActions {
  const { client, t } = useHost();
  const input = useRef<HTMLInputElement>(null);
  const action = useAction();
  const [leftOut, setLeftOut] = useRemembered("left out of the export", NOTHING_LEFT_OUT);
  const [offer, setOffer] = useState<ImportOffer | null>(null);
  return {
    input,
    offer,
    leftOut,
    action,
    save: () =>
      action.start(async () => {
        const file = await client.request("library.export", {});
        const content = new Blob([`${JSON.stringify(file, null, 2)}\n`], { type: "application/json" });
        saveFile(content, `pinokiocloud-library-${file.exportedAt.slice(0, 10)}.json`);
        setLeftOut(leftOutOf(file));
      }),
    choose: () => input.current?.click(),
    chosen: (field) => {
      const [file] = field.files ?? [];
      field.value = ""; // so that the same file can be chosen again
      if (file === undefined) return;
      action.start(async () => {
        const library = await readLibraryFile(file, t);
        setOffer({ file: library, preview: await client.request("library.previewImport", { file: library }) });
      });
    },
    close: () => setOffer(null),
    dismissLeftOut: () => setLeftOut(NOTHING_LEFT_OUT),
  };
}
