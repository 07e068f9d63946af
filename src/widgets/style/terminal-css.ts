/** A run's terminal: its place, and what the library that draws it expects. */
export const TERMINAL_CSS = /* css */ `
.pk-terminal { display: flex; flex-direction: column; gap: 4px; min-inline-size: 0; }
.pk-terminal-place {
  block-size: 320px;
  min-block-size: 96px;
  padding: 4px;
  resize: vertical;
  overflow: auto;
  overscroll-behavior: contain;
  border: 1px solid var(--pk-line);
  border-radius: var(--pk-radius);
  background: var(--pk-paper);
  color: var(--pk-ink);
  font-family: var(--pk-code-font);
}
.pk-terminal-place:focus-within { border-color: var(--pk-focus); }
.pk-log-mode { display: flex; gap: 12px; margin-inline-start: auto; }

/* Where there is a window's height to fill; a cell has its own. */
@container pk (min-width: 760px) {
  .pk-root :where(.pk-log-whole > .pk-log > .pk-log-scroll, .pk-terminal-place) { block-size: max(320px, 100vh - 400px); }
  .pk-in-cell :where(.pk-log-whole > .pk-log > .pk-log-scroll, .pk-terminal-place) { block-size: 320px; }
}

.xterm { position: relative; cursor: text; user-select: none; }
.xterm.focus, .xterm:focus { outline: none; }
.xterm .xterm-helpers { position: absolute; top: 0; z-index: 5; }
.xterm .xterm-helper-textarea {
  position: absolute;
  inset-block-start: 0;
  left: -9999em;
  inline-size: 0;
  block-size: 0;
  margin: 0;
  padding: 0;
  border: 0;
  opacity: 0;
  z-index: -5;
  white-space: nowrap;
  overflow: hidden;
  resize: none;
}
.xterm .composition-view { position: absolute; z-index: 1; display: none; white-space: nowrap; background: var(--pk-ink); color: var(--pk-surface); }
.xterm .composition-view.active { display: block; }
.xterm .xterm-viewport { position: absolute; inset: 0; cursor: default; overflow-y: scroll; }
.xterm .xterm-screen { position: relative; }
.xterm-char-measure-element { position: absolute; top: 0; left: -9999em; display: inline-block; visibility: hidden; line-height: normal; }
.xterm.enable-mouse-events { cursor: default; }
.xterm .xterm-cursor-pointer { cursor: pointer; }
.xterm-dim { opacity: 1 !important; }
.xterm-underline-1 { text-decoration: underline; }
.xterm-underline-2 { text-decoration: double underline; }
.xterm-underline-3 { text-decoration: wavy underline; }
.xterm-underline-4 { text-decoration: dotted underline; }
.xterm-underline-5 { text-decoration: dashed underline; }
.xterm-overline { text-decoration: overline; }
.xterm-strikethrough { text-decoration: line-through; }
.xterm .xterm-scrollable-element > .scrollbar { cursor: default; }
.xterm .xterm-scrollable-element > .visible { opacity: 1; z-index: 11; }
.xterm .xterm-scrollable-element > .invisible { opacity: 0; pointer-events: none; }
`;
