import type { WireError } from "../../runtime/protocol/errors.js";
import type { Folder } from "../../runtime/protocol/files.js";
import { useHost } from "../host.js";
import { Button, IconButton } from "./button.js";
import { ErrorCard } from "./error-card.js";
import { FolderList } from "./folder-list.js";

interface FolderLookProps {
  listed: { value: Folder | null; error: WireError | null };
  here: string;
  /** Where one may begin, beside what the machine offers itself. */
  places?: Folder["places"];
  isMany?: boolean;
  isChosen(path: string): boolean;
  onGo(folder: string): void;
  onChoose(file: string): void;
}

/** A folder of the machine: the places to begin at, the way up, and what is in it. */
export function FolderLook({ listed, here, places = [], isMany = false, isChosen, onGo, onChoose }: FolderLookProps) {
  const { t } = useHost();
  const folder = listed.value;
  const above = folder?.parent ?? null;
  const goUp = () => above !== null && onGo(above);
  return (
    <>
      <div className="pk-places">
        {[...places, ...(folder?.places ?? [])].map(({ name, path }) => (
          <Button key={`${name} ${path}`} kind="quiet" icon="folder" onPress={() => onGo(path)}>
            {t(name)}
          </Button>
        ))}
      </div>
      <div className="pk-path-line">
        <IconButton
          icon="up"
          label={t("The folder above")}
          obstacle={above === null ? t("There is none above") : null}
          onPress={goUp}
        />
        <span className="pk-path" title={here}>
          {here}
        </span>
      </div>
      {listed.error === null ? null : <ErrorCard error={listed.error} />}
      <FolderList
        key={here}
        label={here}
        entries={folder?.entries ?? []}
        isMany={isMany}
        isChosen={(name) => isChosen(joinPath(here, name))}
        onOpen={(name) => onGo(joinPath(here, name))}
        onUp={goUp}
        onChoose={(name) => onChoose(joinPath(here, name))}
      />
      {folder?.isCut === true ? <p className="pk-soft">{t("There is more in here than is shown")}</p> : null}
    </>
  );
}

export const joinPath = (folder: string, name: string): string =>
  folder.endsWith("/") ? folder + name : `${folder}/${name}`;

/** What `files.list` is to show beside folders. */
export const filesEnding = (wants: "file" | "folder", endings: readonly string[]): { endings?: string[] } =>
  wants === "folder" ? { endings: [] } : endings.length === 0 ? {} : { endings: [...endings] };
