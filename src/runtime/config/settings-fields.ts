import type { ConfigField } from "../protocol/config.js";
import { USUAL_SETTINGS } from "./settings.js";

/** One thing that can be set, without what it is now. */
export interface SettingField extends Omit<ConfigField, "value" | "changed" | "isSet"> {
  /** Where it stands in `settings.json`. */
  id: string;
  section: SettingSection;
}

export type SettingSection = "limits" | "pinokiocloud" | "disk" | "installing" | "network";

/** Titles of the sections, in their order. */
export const SETTING_SECTIONS: readonly { id: SettingSection; title: string; note?: string }[] = [
  {
    id: "limits",
    title: "What every app may use",
    note: "Of an app that has a limit of its own, that one holds. Empty: no limit.",
  },
  { id: "pinokiocloud", title: "Starting and stopping" },
  { id: "disk", title: "Disk and logs" },
  { id: "installing", title: "Installing" },
  { id: "network", title: "Network" },
];

const field = (
  section: SettingSection,
  id: string,
  kind: ConfigField["kind"],
  label: string,
  help: string,
  more: Partial<SettingField> = {},
): SettingField => ({
  id,
  section,
  kind,
  key: id,
  label,
  help,
  optional: false,
  ...(Object.hasOwn(USUAL_SETTINGS, id) ? { default: USUAL_SETTINGS[id as keyof typeof USUAL_SETTINGS] } : {}),
  ...more,
});

/** Missing where nothing is decided. */
const OPEN = { optional: true, default: null } as const;

/** Everything that a person can set for all apps, with a sentence for each. */
export const SETTING_FIELDS: readonly SettingField[] = [
  field("limits", "everyApp.memory", "size", "Memory of one app", "The most its programs may use together.", {
    ...OPEN,
    placeholder: "no limit, or such as 8 GB",
  }),
  field(
    "limits",
    "everyApp.cpu",
    "number",
    "Cores of one app",
    "How many its programs may use together, such as 1.5.",
    {
      ...OPEN,
      min: 0.01,
      max: 10_000,
      placeholder: "no limit",
    },
  ),
  field(
    "limits",
    "everyApp.disk",
    "size",
    "Disk of one app",
    "What its folder may take. Beyond it nothing more is installed or downloaded for it; what runs goes on.",
    { ...OPEN, placeholder: "no limit, or such as 20 GB" },
  ),
  field("limits", "everyApp.nice", "number", "Yield to others", "From 0, not at all, to 19, the most (nice).", {
    ...OPEN,
    min: 0,
    max: 19,
    whole: true,
    placeholder: "0",
  }),
  field(
    "pinokiocloud",
    "stopGraceSeconds",
    "number",
    "Seconds to stop",
    "How long an app may take to stop by itself before it is killed.",
    { min: 0, max: 100 },
  ),
  field(
    "pinokiocloud",
    "idleMinutes",
    "number",
    "Minutes until it ends when idle",
    "Without a viewer and a running app, PinokioCloud ends after so many minutes. 0: it stays. Apps are never ended by it.",
    { min: 0 },
  ),
  field(
    "pinokiocloud",
    "launchApps",
    "switch",
    "Launch apps with PinokioCloud",
    "Starts those that ask for it, once after each start of the machine. Which ones is in their own settings.",
  ),
  field(
    "pinokiocloud",
    "cgroups",
    "choice",
    "Who holds apps to their limits",
    "Holds from PinokioCloud's next start on.",
    {
      choices: [
        { value: "auto", label: "The system, where it can" },
        { value: "never", label: "PinokioCloud, which looks every 3 s" },
      ],
    },
  ),
  field(
    "disk",
    "diskWarningGB",
    "number",
    "Warn below so many free GB",
    "While an app runs or is installed, you are told when less of the disk is free, and what could be freed.",
    { min: 0 },
  ),
  field(
    "disk",
    "outputMB",
    "number",
    "Output of a run, in MB",
    "What is kept of what it prints; beyond that its oldest part goes. Holds for runs that start from now on.",
    { min: 8 },
  ),
  field(
    "disk",
    "logMB",
    "number",
    "PinokioCloud's own log, in MB",
    "How large its file grows before a new one is begun. Three old ones are kept.",
    { min: 1 },
  ),
  field(
    "installing",
    "systemPackages",
    "choice",
    "Programs of the system",
    "What is done when an app needs some that apt could install.",
    {
      choices: [
        { value: "ask", label: "Ask me" },
        { value: "always", label: "Install them" },
        { value: "never", label: "Never install them" },
      ],
    },
  ),
  field(
    "installing",
    "condaUrl",
    "text",
    "Address of conda",
    "Where it is fetched from when a script first asks for it: micromamba's program, or Miniforge's installer (.sh).",
    { ...OPEN, placeholder: "where micromamba publishes it" },
  ),
  field(
    "installing",
    "condaSha256",
    "text",
    "SHA-256 of that file",
    "Without it, the file of the same name with .sha256 at its end says it.",
    { ...OPEN },
  ),
  field(
    "network",
    "linkLocalApps",
    "lines",
    "Apps that may ask link-local addresses",
    "One folder name on a line. Behind such addresses clouds keep a machine's own secrets: name only apps you trust.",
    { ...OPEN },
  ),
];
