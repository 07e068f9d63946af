import { useCallback } from "react";
import { useRemembered } from "../host.js";

const LAYOUTS = ["list", "grid"] as const;
export type Layout = (typeof LAYOUTS)[number];

const KEY = "pinokiocloud library layout";

/** How the library is laid out. The browser keeps it for the next time. */
export function useLayout(): [Layout, (layout: Layout) => void] {
  const [layout, setLayout] = useRemembered<Layout>("library layout", kept());
  const choose = useCallback(
    (next: Layout) => {
      setLayout(next);
      try {
        localStorage.setItem(KEY, next);
      } catch {
        // A page that may keep nothing has a list the next time.
      }
    },
    [setLayout],
  );
  return [layout, choose];
}

function kept(): Layout {
  try {
    const said = localStorage.getItem(KEY);
    return LAYOUTS.find((layout) => layout === said) ?? "list";
  } catch {
    return "list";
  }
}
