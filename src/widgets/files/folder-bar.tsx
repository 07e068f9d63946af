import { AppFileOrder } from "../../runtime/protocol/app-files.js";
import { APP_FILES } from "../../runtime/protocol/limits.js";
import { onOneLine } from "../../runtime/protocol/printable.js";
import { useHost } from "../host.js";
import { IconButton } from "../parts/button.js";
import { Icon } from "../parts/icon.js";

interface FolderBarProps {
  /** What the app is called. */
  title: string;
  folder: string;
  /** Where the folder lies on the machine. */
  path: string;
  order: AppFileOrder;
  onGo(folder: string): void;
  onOrder(order: AppFileOrder): void;
  onRefresh(): void;
}

/** Where one is among the files of an app, and how they are arranged. */
export function FolderBar({ title, folder, path, order, onGo, onOrder, onRefresh }: FolderBarProps) {
  const { t } = useHost();
  const orders: Record<AppFileOrder, string> = { newest: t("Newest"), name: t("Name"), largest: t("Largest") };
  return (
    <div className="pk-folder-bar">
      <Crumbs title={title} folder={folder} path={path} onGo={onGo} />
      <select
        className="pk-choice-box"
        aria-label={t("Sort by")}
        title={t("Sort by")}
        value={order}
        onChange={(event) => onOrder(event.target.value as AppFileOrder)}
      >
        {AppFileOrder.options.map((one) => (
          <option key={one} value={one}>
            {orders[one]}
          </option>
        ))}
      </select>
      <IconButton icon="refresh" label={t("Look again")} onPress={onRefresh} />
    </div>
  );
}

function Crumbs({ title, folder, path, onGo }: Pick<FolderBarProps, "title" | "folder" | "path" | "onGo">) {
  const { t } = useHost();
  const names = folder === "" ? [] : folder.split("/");
  return (
    <nav className="pk-crumbs" aria-label={t("Folder")}>
      {[title, ...names].map((name, at) => {
        const to = names.slice(0, at).join("/");
        return at === names.length ? (
          <span key={to} aria-current="page" title={path}>
            <bdi>{shorten(onOneLine(name))}</bdi>
          </span>
        ) : (
          <span key={to}>
            <button type="button" className="pk-title-link" title={name} onClick={() => onGo(to)}>
              <bdi>{shorten(onOneLine(name))}</bdi>
            </button>
          </span>
        );
      })}
    </nav>
  );
}

const LONGEST_NAME = 40;

const shorten = (name: string): string => (name.length > LONGEST_NAME ? `${name.slice(0, LONGEST_NAME - 1)}…` : name);

interface FindFileProps {
  text: string;
  onText(text: string): void;
}

/** Looks for names in a folder that holds many. */
export function FindFile({ text, onText }: FindFileProps) {
  const { t } = useHost();
  const label = t("Find by name");
  return (
    <label className="pk-find">
      <Icon name="search" />
      <input
        type="search"
        value={text}
        placeholder={label}
        aria-label={label}
        maxLength={APP_FILES.text}
        spellCheck={false}
        onChange={(event) => onText(event.target.value)}
      />
    </label>
  );
}
