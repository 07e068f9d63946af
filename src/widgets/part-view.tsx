import { useMemo, useState } from "react";
import { FrameView } from "./frame.js";
import { LoneAppPage, LoneFrame } from "./lone-frame.js";
import { createNavigation, type Target } from "./navigation.js";
import type { Part } from "./part.js";
import type { Tab } from "./tabs/tab.js";
import type { Places, ViewHost } from "./view.js";

interface PartViewProps {
  host: ViewHost;
  tabs: readonly Tab[];
  part: Part;
}

/** One app's page, or one tab without the others. Where the host has no other places, it becomes the whole frame. */
export function PartView({ host, tabs, part }: PartViewProps) {
  const [target, setTarget] = useState<Target | null>(null);
  const partHost: ViewHost = useMemo(() => {
    const places: Places = host.places ?? {
      showTab: (tabId) => setTarget({ appId: null, runId: null, tabId }),
      openApp: (appId) => setTarget({ appId, runId: null }),
    };
    return { ...host, places, isPart: true };
  }, [host]);
  const wholeHost: ViewHost = useMemo(() => {
    const navigation = createNavigation();
    if (target !== null) navigation.show(target);
    return { ...host, navigation };
  }, [host, target]);

  if (target !== null) return <FrameView host={wholeHost} tabs={tabs} />;
  if (part.what === "app") return <LoneAppPage host={partHost} appId={part.appId} />;
  const tab = tabs.find(({ id }) => id === part.tabId);
  return (
    <LoneFrame host={partHost} appId={null}>
      <div className="pk-view">{tab === undefined ? null : <tab.View />}</div>
    </LoneFrame>
  );
}
