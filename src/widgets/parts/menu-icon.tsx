import type { MenuItem } from "../../runtime/protocol/apps.js";
import { ICON_PATHS, type IconName } from "./icon.js";

/** What launchers draw beside their entries, beyond our own icons; on the same grid, with the same lines. */
const PATHS = {
  plug: "M5.5 1.5v4M10.5 1.5v4M3.5 5.5h9v2a4.5 4.5 0 0 1-9 0v-2ZM8 12v2.5",
  terminal: "M1.5 2.5h13v11h-13v-11ZM4 6l2.2 2L4 10M8.5 10.5H12",
  power: "M8 1.8v5.4M4.6 3.8a5.6 5.6 0 1 0 6.8 0",
  rocket:
    "M6 10c0-4 2.5-7.5 7.5-8 0 5-3.5 7.5-7.5 8ZM6 10 4.2 8.2M6 10l1.8 1.8M4.2 8.2l-2 .3 2-3h2.6M7.8 11.8l-.3 2 3-2V9.2M2.5 13.5l1.8-1.8",
  circleCross: "M8 1.5a6.5 6.5 0 1 0 0 13 6.5 6.5 0 0 0 0-13ZM5.8 5.8l4.4 4.4m0-4.4-4.4 4.4",
  archive: "M2 3h12v3H2V3ZM3 6h10v7.5H3V6ZM6.5 8.5h3",
  disc: "M8 1.5a6.5 6.5 0 1 0 0 13 6.5 6.5 0 0 0 0-13ZM8 6.3a1.7 1.7 0 1 0 0 3.4 1.7 1.7 0 0 0 0-3.4Z",
  arrow: "M3 8h10M9 4l4 4-4 4",
  cube: "M8 1.8 13.5 5v6L8 14.2 2.5 11V5L8 1.8ZM2.5 5 8 8.2 13.5 5M8 8.2v6",
  flask: "M6 1.5h4M6.8 1.5v4.3L2.8 13.5h10.4l-4-7.7V1.5M4.8 10h6.4",
  gear: "M8 5.7a2.3 2.3 0 1 0 0 4.6 2.3 2.3 0 0 0 0-4.6ZM8 1.5v2.2M8 12.3v2.2M1.5 8h2.2M12.3 8h2.2M3.4 3.4 5 5M11 11l1.6 1.6M12.6 3.4 11 5M5 11l-1.6 1.6",
  book: "M2 3c2-.8 4-.8 6 .5 2-1.3 4-1.3 6-.5v10c-2-.8-4-.8-6 .5-2-1.3-4-1.3-6-.5V3ZM8 3.5v10",
  bolt: "M9 1.5 3.5 9H8l-1 5.5L12.5 7H8l1-5.5Z",
  link: "M6.5 9.5l3-3M7 4.8l1.7-1.7a2.7 2.7 0 0 1 3.9 3.9L11 8.7M9 11.2l-1.7 1.7a2.7 2.7 0 0 1-3.9-3.9L5 7.3",
  weight: "M1.5 6v4M4 4v8M12 4v8M14.5 6v4M4 8h8",
  picture: "M2 2.5h12v11H2v-11ZM2 11l3.5-3.5 3 3 2-2 3.5 3.5M10.5 5.5h.01",
  key: "M5 7.5a3 3 0 1 0 0 6 3 3 0 0 0 0-6ZM7.2 8.3l6.3-6.3M11 4.5l2 2",
  video: "M1.5 4h8.5v8H1.5V4ZM10 7l4.5-2.5v7L10 9",
  chip: "M4 4h8v8H4V4ZM6.5 6.5h3v3h-3v-3ZM6 1.5V4M10 1.5V4M6 12v2.5M10 12v2.5M1.5 6H4M1.5 10H4M12 6h2.5M12 10h2.5",
  code: "m5 4.5-3.5 3.5L5 11.5M11 4.5l3.5 3.5-3.5 3.5M9.3 3l-2.6 10",
  pencil: "m2.5 13.5.8-3.2 8-8 2.4 2.4-8 8-3.2.8ZM9.8 3.8l2.4 2.4",
  microphone: "M8 1.5a2 2 0 0 0-2 2v4a2 2 0 1 0 4 0v-4a2 2 0 0 0-2-2ZM3.5 7.5a4.5 4.5 0 0 0 9 0M8 12v2.5",
  wand: "M2.5 13.5 10 6M12 1.5v3M10.5 3h3M5 2v2M4 3h2M13 9.5v2M12 10.5h2",
  robot: "M3 5.5h10v8H3v-8ZM8 2.5v3M6 9h.01M10 9h.01M6 11.5h4M1.5 8.5v2M14.5 8.5v2",
  gauge: "M2.8 12.5a6.5 6.5 0 1 1 10.4 0M8 9.5l3-3.5",
  eye: "M1.5 8S4 3.8 8 3.8 14.5 8 14.5 8 12 12.2 8 12.2 1.5 8 1.5 8ZM8 6.2a1.8 1.8 0 1 0 0 3.6 1.8 1.8 0 0 0 0-3.6Z",
  speech: "M2 3h12v8.5H7.5L4.5 14v-2.5H2V3Z",
  music: "M6 12V3l7-1.5v9M6 12a2 1.6 0 1 1-4 0 2 1.6 0 0 1 4 0ZM13 10.5a2 1.6 0 1 1-4 0 2 1.6 0 0 1 4 0Z",
  save: "M2.5 2.5h9l2 2v9h-11v-11ZM5 2.5v3.5h5V2.5M4.5 13.5V9h7v4.5",
  globe: "M8 1.5a6.5 6.5 0 1 0 0 13 6.5 6.5 0 0 0 0-13ZM1.5 8h13M8 1.5c-4.5 4-4.5 9 0 13 4.5-4 4.5-9 0-13Z",
  house: "M2 8l6-5.5L14 8M3.5 7v6.5h9V7M6.5 13.5v-4h3v4",
  upload: "M8 10V2M4.5 5.5 8 2l3.5 3.5M2.5 13.5h11",
  server: "M2.5 2.5h11v4.5h-11V2.5ZM2.5 9h11v4.5h-11V9ZM5 4.8h.01M5 11.2h.01",
  person: "M8 2a2.8 2.8 0 1 0 0 5.6A2.8 2.8 0 0 0 8 2ZM2.5 14a5.5 5.5 0 0 1 11 0",
  clock: "M8 1.5a6.5 6.5 0 1 0 0 13 6.5 6.5 0 0 0 0-13ZM8 4.5V8l2.5 1.5",
  list: "M5.5 4h8M5.5 8h8M5.5 12h8M2.5 4h.01M2.5 8h.01M2.5 12h.01",
} as const;

const ALL_PATHS = { ...ICON_PATHS, ...PATHS };

type Drawing = keyof typeof ALL_PATHS;

/** Which drawing stands for a name of Font Awesome's, of those that launchers use. */
const DRAWINGS: Partial<Record<Drawing, string>> = {
  plug: "plug plug-circle-bolt plug-circle-check",
  terminal: "terminal laptop-code keyboard",
  power: "power-off",
  rocket: "rocket",
  circleCross: "circle-xmark times-circle ban",
  close: "xmark x times delete-left",
  download: "download circle-down file-arrow-down file-download cloud-arrow-down arrow-down",
  upload: "upload circle-up cloud-arrow-up file-arrow-up",
  archive: "file-zipper file-archive box box-archive box-open",
  disc: "compact-disc record-vinyl circle-dot",
  system: "desktop display computer laptop tv",
  refresh: "rotate arrows-rotate sync refresh rotate-right rotate-left arrow-rotate-right arrow-rotate-left undo redo",
  arrow: "hand-point-right arrow-right circle-right angles-right",
  trash: "broom trash trash-can trash-alt eraser",
  cube: "cube cubes",
  folder: "folder folder-open folder-tree folder-plus",
  flask: "flask vial",
  gear: "gear gears cog cogs sliders wrench screwdriver-wrench tools",
  book: "book book-open",
  bolt: "bolt bolt-lightning",
  start: "play circle-play",
  stop: "stop circle-stop",
  link: "link",
  weight: "dumbbell",
  picture: "image images photo-film camera palette paintbrush brush paint-brush",
  resources: "layer-group",
  open: "arrow-up-right-from-square external-link square-arrow-up-right up-right-from-square",
  key: "key lock unlock",
  video: "video film clapperboard",
  file: "file file-lines file-code file-alt scroll",
  chip: "microchip memory",
  warning: "triangle-exclamation exclamation-triangle",
  code: "code code-branch",
  question: "question circle-question",
  pencil: "pencil pen pen-to-square edit",
  microphone: "microphone microphone-lines",
  wand: "wand-magic-sparkles wand-magic magic",
  robot: "robot brain",
  gauge: "gauge gauge-high chart-line",
  eye: "eye",
  info: "circle-info info info-circle",
  speech: "comment comments message comment-dots",
  music: "music headphones volume-high",
  save: "floppy-disk save",
  globe: "globe earth-americas",
  house: "house home",
  server: "server database hard-drive",
  person: "user users",
  clock: "clock hourglass",
  list: "list bars",
  star: "star heart",
  check: "check circle-check",
  plus: "plus circle-plus",
  search: "magnifying-glass search",
  copy: "copy clone",
};

const BY_NAME = new Map(
  Object.entries(DRAWINGS).flatMap(([drawing, names]) =>
    names.split(" ").map((name) => [name, drawing as Drawing] as const),
  ),
);

/** The drawing an author chose: by the entry's icon, else by the first one in its caption. */
export function drawingOf({ icon, text }: MenuItem): Drawing | null {
  const names = `${icon ?? ""} ${text ?? ""}`.matchAll(/\bfa-([a-z\d-]+)/g);
  for (const [, name = ""] of names) {
    const drawing = BY_NAME.get(name);
    if (drawing !== undefined) return drawing;
  }
  return null;
}

/** The author's icon, drawn without the font it is from; where we have none, one for what the entry does. */
export function MenuIcon({ item, otherwise }: { item: MenuItem; otherwise: IconName }) {
  const drawing = drawingOf(item) ?? otherwise;
  return (
    <svg className="pk-icon" viewBox="0 0 16 16" aria-hidden="true" focusable="false">
      <path d={ALL_PATHS[drawing]} />
    </svg>
  );
}
