import type { Widget } from "@lumino/widgets";
import type { AppId } from "../runtime/protocol/ids.js";
import { shortName } from "./short-names.js";
import type { ISidecar } from "./tokens.js";

/** Gives a tab the app's name, once that is known and whenever it changes. */
export function followTitle(widget: Widget, sidecar: ISidecar, appId: AppId, before: string): void {
  const { title } = widget;
  title.label = before;
  title.caption = before;
  sidecar.onUse((client) => {
    const update = (): void => {
      const known = client.state?.apps.find(({ id }) => id === appId)?.title;
      if (known === undefined || known === "" || known === title.caption) return;
      title.label = shortName(known);
      title.caption = known;
    };
    update();
    const stop = client.subscribe(update);
    widget.disposed.connect(stop);
  });
}
