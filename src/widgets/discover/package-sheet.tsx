import { useEffect, useRef } from "react";
import type { FoundPackage } from "../../runtime/protocol/packages.js";
import { byEscape } from "../by-escape.js";
import { useHost } from "../host.js";
import { AppPicture } from "../parts/app-picture.js";
import { IconButton } from "../parts/button.js";
import { PackageDetails } from "./package-details.js";

interface SheetProps {
  found: FoundPackage;
  onClose(): void;
  onSearch(text: string): void;
}

/** What is known of a package, beside the list where there is room for both. */
export function PackageSheet({ found, onClose, onSearch }: SheetProps) {
  const { t } = useHost();
  const heading = useRef<HTMLHeadingElement>(null);
  const { id, name, icon, summary, warning } = found;
  useEffect(() => heading.current?.focus({ preventScroll: true }), [id]);
  return (
    <aside className="pk-sheet" aria-label={t("About {title}", { title: name })} {...byEscape(onClose)}>
      <div className="pk-sheet-head">
        <AppPicture id={id} title={name} icon={icon} />
        <h3 ref={heading} tabIndex={-1}>
          <bdi>{name}</bdi>
        </h3>
        <IconButton icon="close" label={t("Close")} onPress={onClose} />
      </div>
      {warning === null ? null : <p className="pk-warning-text">{warning}</p>}
      {summary === "" ? null : <p dir="auto">{summary}</p>}
      <PackageDetails found={found} onSearch={onSearch} />
    </aside>
  );
}
