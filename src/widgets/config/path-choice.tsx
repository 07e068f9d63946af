import { useState } from "react";
import { useAnswer, useHost } from "../host.js";
import { Button } from "../parts/button.js";
import { filesEnding, FolderLook } from "../parts/folder-look.js";

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
  const listed = useAnswer("files.list", {
    ...(place === null ? {} : { path: place }),
    ...filesEnding(wants, endings),
  });
  const here = listed.value?.path ?? place ?? "/";
  return (
    <div className="pk-config-look">
      <FolderLook
        listed={listed}
        here={here}
        places={[...places]}
        isChosen={() => false}
        onGo={setPlace}
        onChoose={onChoose}
      />
      {wants === "folder" ? <Button onPress={() => onChoose(here)}>{t("Choose this folder")}</Button> : null}
    </div>
  );
}

function firstPlace(wants: "file" | "folder", start: string, places: PathChoiceProps["places"]): string | null {
  if (start.startsWith("/")) return wants === "folder" ? start : start.replace(/\/[^/]*$/, "") || "/";
  return places[0]?.path ?? null;
}
