import { useState } from "react";
import type { FolderId } from "../../runtime/protocol/shelf.js";
import { useHost, useSnapshot } from "../host.js";
import { FolderNameField } from "./folder-name-field.js";
import { foldersIn } from "./places.js";

interface FolderChoiceProps {
  label: string;
  /** Undefined where several apps may be in several folders. */
  chosen: FolderId | null | undefined;
  obstacle: string | null;
  onChoose(folder: FolderId | null): void;
  onNew(name: string): void;
}

const NEW = "new";
const NONE = "none";

/** Which folder of the library something is to be in. */
export function FolderChoice({ label, chosen, obstacle, onChoose, onNew }: FolderChoiceProps) {
  const { t } = useHost();
  const folders = foldersIn(useSnapshot()?.shelf?.items ?? []);
  const [isNaming, setNaming] = useState(false);
  if (isNaming) {
    return (
      <FolderNameField
        label={t("Name of the new folder")}
        name=""
        onDone={(name) => {
          setNaming(false);
          if (name !== null) onNew(name);
        }}
      />
    );
  }
  return (
    <select
      className="pk-choice-box"
      aria-label={label}
      value={chosen === undefined ? "" : (chosen ?? NONE)}
      disabled={obstacle !== null}
      title={obstacle ?? undefined}
      onChange={({ target: { value } }) => {
        if (value === NEW) setNaming(true);
        else if (value === NONE) onChoose(null);
        else onChoose(value as FolderId);
      }}
    >
      {chosen === undefined ? <option value="">{t("Move to")}</option> : null}
      <option value={NONE}>{t("No folder")}</option>
      {folders.map(({ folder, name }) => (
        <option key={folder} value={folder}>
          {name}
        </option>
      ))}
      <option value={NEW}>{t("New folder")}…</option>
    </select>
  );
}
