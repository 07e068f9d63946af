import { type RefObject, useEffect } from "react";
import { useHost } from "../host.js";
import { IconButton } from "../parts/button.js";
import { Icon } from "../parts/icon.js";

interface SearchBoxProps {
  field: RefObject<HTMLInputElement>;
  text: string;
  size: number | null;
  onText(text: string): void;
  /** Enter: the first one that was found. */
  onEnter(): void;
}

export function SearchBox({ field, text, size, onText, onEnter }: SearchBoxProps) {
  const { t } = useHost();
  useSearchKey(field);
  useFocusWhenOpened(field);
  return (
    <div className="pk-search" role="search">
      <Icon name="search" />
      <input
        ref={field}
        type="search"
        aria-label={t("Search apps")}
        placeholder={
          size === null ? t("Search apps") : t("Search {count} apps, or paste a git address", { count: size })
        }
        value={text}
        spellCheck={false}
        autoComplete="off"
        onChange={(event) => onText(event.target.value)}
        onKeyDown={(event) => {
          if (event.key === "Enter") onEnter();
          if (event.key !== "Escape" || text === "") return;
          event.stopPropagation();
          onText("");
        }}
      />
      {text === "" ? null : <IconButton icon="close" label={t("Clear the search")} onPress={() => onText("")} />}
    </div>
  );
}

/** `/` anywhere in the view, except where it is being typed. */
function useSearchKey(field: RefObject<HTMLInputElement>): void {
  useEffect(() => {
    const root = field.current?.closest<HTMLElement>(".pk-root");
    if (root == null) return;
    const onKeyDown = (event: KeyboardEvent) => {
      const { target, key, ctrlKey, altKey, metaKey } = event;
      const isTyping =
        target instanceof Element && target.closest("input, textarea, select, [contenteditable]") !== null;
      if (key !== "/" || ctrlKey || altKey || metaKey || isTyping) return;
      event.preventDefault();
      field.current?.focus();
      field.current?.select();
    };
    root.addEventListener("keydown", onKeyDown);
    return () => root.removeEventListener("keydown", onKeyDown);
  }, [field]);
}

/** Only when a click has opened the tab: a page that loads, and arrow keys between tabs, keep the focus where it is. */
function useFocusWhenOpened(field: RefObject<HTMLInputElement>): void {
  useEffect(() => {
    const root = field.current?.getRootNode();
    const focused = root instanceof Document || root instanceof ShadowRoot ? root.activeElement : null;
    const wasClicked = focused?.getAttribute("role") === "tab" && !focused.matches(":focus-visible");
    if (wasClicked && focused?.closest(".pk-root")?.contains(field.current) === true) {
      field.current?.focus({ preventScroll: true });
    }
  }, [field]);
}
