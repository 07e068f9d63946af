import { useCallback, useEffect, useRef, useState } from "react";
import type { AppFile } from "../../runtime/protocol/app-files.js";
import type { AppId } from "../../runtime/protocol/ids.js";
import { onOneLine } from "../../runtime/protocol/printable.js";
import { useHost } from "../host.js";
import { sizeText } from "../measures.js";
import { IconButton } from "../parts/button.js";
import { ErrorCard } from "../parts/error-card.js";
import { FileDownload } from "./file-download.js";
import { useSeen } from "./use-seen.js";

interface FileViewerProps {
  app: AppId;
  path: string;
  file: AppFile;
  onClose(): void;
}

/** One file of an app: what can be seen of it, and the way to have it. */
export function FileViewer({ app, path, file, onClose }: FileViewerProps) {
  const { t } = useHost();
  const size = file.bytes ?? 0;
  const name = onOneLine(file.name);
  const section = useRef<HTMLElement>(null);
  // Some browsers return a promise: that is nothing for an effect to return.
  const toSight = useCallback(() => void section.current?.scrollIntoView?.({ block: "nearest" }), []);
  useEffect(toSight, [toSight]);
  return (
    <section ref={section} className="pk-file-viewer" aria-label={name}>
      <div className="pk-file-viewer-head">
        <FileDownload app={app} path={path} name={file.name} size={size} />
        <IconButton icon="close" label={t("Close {name}", { name })} onPress={onClose} />
      </div>
      <Content key={size} app={app} path={path} name={name} size={size} onSeen={toSight} />
    </section>
  );
}

interface ContentProps {
  app: AppId;
  path: string;
  name: string;
  size: number;
  onSeen(): void;
}

function Content({ app, path, name, size, onSeen }: ContentProps) {
  const { t } = useHost();
  const { seen, loaded, error } = useSeen(app, path, size);
  const isSeen = seen !== null;
  useEffect(() => {
    if (isSeen) onSeen();
  }, [isSeen, onSeen]);
  const [isBroken, setBroken] = useState(false);
  const broken = { onError: () => setBroken(true) };
  if (error !== null) return <ErrorCard error={error} />;
  if (seen === null) {
    return (
      <p className="pk-soft pk-number">
        {loaded === 0 ? t("Reading") : t("{loaded} of {size}", { loaded: sizeText(loaded), size: sizeText(size) })}
      </p>
    );
  }
  if (isBroken) return <p className="pk-soft">{t("This browser cannot show it: download it to look at it")}</p>;
  switch (seen.kind) {
    case "picture":
      return <img className="pk-file-picture" src={seen.url} alt={name} {...broken} />;
    case "sound":
      return <audio className="pk-file-sound" src={seen.url} aria-label={name} controls {...broken} />;
    case "video":
      return <video className="pk-file-picture" src={seen.url} aria-label={name} controls {...broken} />;
    case "text":
      return <Text {...seen} size={size} />;
    case "nothing":
      return <p className="pk-soft">{t("It is nothing that can be shown here: download it to look at it")}</p>;
  }
}

function Text({ text, isWhole, isHidden, size }: { text: string; isWhole: boolean; isHidden: boolean; size: number }) {
  const { t } = useHost();
  if (text === "") return <p className="pk-soft">{t("It is empty")}</p>;
  return (
    <>
      <pre className="pk-file-text" tabIndex={0}>
        {text}
      </pre>
      {isWhole ? null : (
        <p className="pk-soft">{t("This is how it begins; the whole file has {size}", { size: sizeText(size) })}</p>
      )}
      {isHidden ? <p className="pk-soft">{t("Stars stand in place of its secrets")}</p> : null}
    </>
  );
}
