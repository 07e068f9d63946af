import type { Run } from "../../runtime/protocol/runs.js";
import { linksOf } from "../app-condition.js";
import { useFrame } from "../host.js";
import { Icon } from "./icon.js";

/** The pages of a live run; where none is known, the ports that its programs listen on. */
export function RunLinks({ run }: { run: Run }) {
  const { host, openPage } = useFrame();
  const { t } = host;
  const pages = linksOf(run);
  const links =
    pages.length > 0
      ? pages.map((url) => ({ url, text: url.replace(/^https?:\/\//, "").replace(/\/$/, "") }))
      : (run.serving?.ports ?? []).map((port) => ({
          url: `http://127.0.0.1:${port}`,
          text: t("Port {port}", { port }),
        }));
  if (links.length === 0) return null;
  return (
    <p className="pk-links">
      {links.map(({ url, text }) => (
        <button
          key={url}
          type="button"
          className="pk-link"
          title={t("Open {url}", { url })}
          onClick={() => openPage(url)}
        >
          <Icon name="open" />
          {text}
        </button>
      ))}
    </p>
  );
}
