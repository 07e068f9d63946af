import { useState } from "react";
import { useAnswer, useHost } from "../host.js";
import { Button, IconButton } from "../parts/button.js";
import { ErrorCard } from "../parts/error-card.js";
import { FolderList } from "../questions/folder-list.js";

interface PathChoiceProps {
  wants: "file" | "folder";
  /** What is written now. */
  start: string;
  places: readonly { name: string; path: string }[];
  endings: readonly string[];
  onChoose(path: string): void;
}

/** Looks for a file or folder of the machine. */
export function PathChoice({ wants, start, places, endings, onChoose }: PathChoiceProps) {
  const { t } = useHost();
  const [place, setPlace] = useState(() => firstPlace(wants, start, places));
  const filter = wants === "folder" ? { endings: [] } : endings.length === 0 ? {} : { endings: [...endings] };
  const listed = useAnswer("files.list", { ...(place === null ? {} : { path: place }), ...filter });
  const folder = listed.value;
  const here = folder?.path ?? place ?? "/";
  const offered = [...places, ...(folder?.places ?? [])];
  return (
    <div className="pk-config-look">
      <div className="pk-places">
        {offered.map(({ name, path }) => (
          <Button key={`${name} ${path}`} kind="quiet" icon="folder" onPress={() => setPlace(path)}>
            {t(name)}
          </Button>
        ))}
      </div>
      <div className="pk-path-line">
        <IconButton
          icon="up"
          label={t("The folder above")}
          obstacle={folder === null || folder.parent === null ? t("There is none above") : null}
          onPress={() => folder?.parent != null && setPlace(folder.parent)}
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
        isMany={false}
        isChosen={() => false}
        onOpen={(name) => setPlace(join(here, name))}
        onUp={() => folder?.parent != null && setPlace(folder.parent)}
        onChoose={(name) => onChoose(join(here, name))}
      />
      {wants === "folder" ? <Button onPress={() => onChoose(here)}>{t("Choose this folder")}</Button> : null}
    </div>
  );
}

function firstPlace(wants: "file" | "folder", start: string, places: PathChoiceProps["places"]): string | null {
  if (start.startsWith("/")) return wants === "folder" ? start : start.replace(/\/[^/]*$/, "") || "/";
  return places[0]?.path ?? null;
}

const join = (folder: string, name: string): string => (folder.endsWith("/") ? folder + name : `${folder}/${name}`);
