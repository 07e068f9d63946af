/** Paths on a grid of 16 by 16, drawn with lines as JupyterLab's icons are. */
export const ICON_PATHS = {
  discover: "M8 1.5a6.5 6.5 0 1 0 0 13 6.5 6.5 0 0 0 0-13Zm2.8 3.7L9.3 9.3 5.2 10.8l1.5-4.1 4.1-1.5Z",
  library: "M2 2h5v5H2V2Zm7 0h5v5H9V2ZM2 9h5v5H2V9Zm7 0h5v5H9V9Z",
  running: "M8 1.5a6.5 6.5 0 1 0 0 13 6.5 6.5 0 0 0 0-13ZM6.5 5.2v5.6L11 8 6.5 5.2Z",
  resources: "M8 1.8 14.2 5 8 8.2 1.8 5 8 1.8ZM1.8 8 8 11.2 14.2 8M1.8 11 8 14.2l6.2-3.2",
  system: "M1.5 2.5h13v8.5h-13V2.5ZM5.5 13.8h5M8 11v2.8",
  more: "M3 8h.01M8 8h.01M13 8h.01",
  close: "m4 4 8 8m0-8-8 8",
  open: "M9.5 2.5h4v4M13.5 2.5 7.5 8.5M12 9.5v4H2.5V4h4",
  start: "M5 3v10l8-5-8-5Z",
  stop: "M4 4h8v8H4V4Z",
  refresh: "M13.3 6.5A5.6 5.6 0 1 0 13.6 9M13.5 2.8v3.7H9.8",
  down: "m4 6 4 4 4-4",
  right: "m6 4 4 4-4 4",
  back: "M13 8H3m4-4L3 8l4 4",
  error: "M8 1.5a6.5 6.5 0 1 0 0 13 6.5 6.5 0 0 0 0-13ZM8 4.8v4M8 11.2h.01",
  info: "M8 1.5a6.5 6.5 0 1 0 0 13 6.5 6.5 0 0 0 0-13ZM8 7.2v4M8 4.8h.01",
  warning: "M8 2 1.5 13.5h13L8 2Zm0 4.5v3.2M8 11.6h.01",
  output: "M2 3.5h12M2 8h12M2 12.5h7",
  folder: "M1.5 3h4.3l1.5 2h7.2v8h-13V3Z",
  check: "m3 8.5 3.5 3.5L13 4.5",
  skip: "M3 3v10l6-5-6-5ZM12.5 3v10",
  question: "M8 1.5a6.5 6.5 0 1 0 0 13 6.5 6.5 0 0 0 0-13ZM6 6.3a2 2 0 1 1 2.8 1.9c-.6.2-.8.6-.8 1.2M8 11.5h.01",
  file: "M3.5 1.5h6l3 3v10h-9v-13ZM9.5 1.5v3h3",
  up: "M8 13V3M4 7l4-4 4 4",
  search: "M7 2.5a4.5 4.5 0 1 0 0 9 4.5 4.5 0 0 0 0-9ZM10.3 10.3l3.7 3.7",
  download: "M8 2v8M4.5 6.5 8 10l3.5-3.5M2.5 13.5h11",
  trash: "M2.5 4h11M6 4V2.5h4V4M4 4l.7 9.5h6.6L12 4M6.7 6.5v4.5M9.3 6.5v4.5",
  star: "m8 1.8 1.9 4 4.3.6-3.1 3 .8 4.4L8 11.7l-3.9 2.1.8-4.4-3.1-3 4.3-.6L8 1.8Z",
  plus: "M8 3v10M3 8h10",
  "move-down": "M8 3v10m4-4-4 4-4-4",
  copy: "M5.5 5.5h8v8h-8v-8ZM3.5 10.5h-1v-8h8v1",
} as const;

export type IconName = keyof typeof ICON_PATHS;

/** Decoration only: the text beside it, or the label of the control around it, says what it means. */
export function Icon({ name }: { name: IconName }) {
  return (
    <svg className={`pk-icon pk-icon-${name}`} viewBox="0 0 16 16" aria-hidden="true" focusable="false">
      <path d={ICON_PATHS[name]} />
    </svg>
  );
}
