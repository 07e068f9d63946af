import { useRef, useState } from "react";
import { type ConfigForm, ConfigPreset } from "../../runtime/protocol/config.js";
import { PinokioError } from "../../runtime/protocol/errors.js";
import { useAction, useHost, useObstacle } from "../host.js";
import { Button, IconButton } from "../parts/button.js";
import { ErrorCard } from "../parts/error-card.js";

interface PresetsProps {
  form: ConfigForm;
  /** Why none can be applied now, or null. */
  draftObstacle: string | null;
}

/** Settings under a name: kept, used again, given to others. */
export function Presets({ form: { app, presets }, draftObstacle }: PresetsProps) {
  const { client, t } = useHost();
  const obstacle = useObstacle();
  const action = useAction();
  const [name, setName] = useState("");
  const [warnings, setWarnings] = useState<readonly string[]>([]);
  const file = useRef<HTMLInputElement>(null);
  const run = (work: () => Promise<unknown>): void => {
    setWarnings([]);
    action.start(work);
  };
  const wanted = name.trim();
  const save = () =>
    run(async () => {
      await client.request("config.savePreset", { app, name: wanted });
      setName("");
    });

  return (
    <div className="pk-config-presets">
      {presets.length === 0 ? (
        <p className="pk-soft">
          {t("A preset keeps every setting but secrets under a name, to be used again or given to others.")}
        </p>
      ) : (
        <ul className="pk-config-preset-list">
          {presets.map((preset) => (
            <li key={preset.name}>
              <span className="pk-config-preset-name">{preset.name}</span>
              <span className="pk-soft">{t("{count} settings", { count: preset.count })}</span>
              <Button
                kind="quiet"
                obstacle={obstacle ?? draftObstacle}
                busy={action.busy}
                onPress={() =>
                  run(async () => {
                    const done = await client.request("config.applyPreset", { app, name: preset.name });
                    setWarnings(
                      done.changed.length === 0
                        ? [t("Everything is as it says already"), ...done.warnings]
                        : done.warnings,
                    );
                  })
                }
              >
                {t("Apply")}
              </Button>
              <IconButton
                icon="download"
                label={t("Save {name} as a file", { name: preset.name })}
                onPress={() =>
                  run(async () => saveFile(await client.request("config.preset", { app, name: preset.name })))
                }
              />
              <IconButton
                icon="close"
                label={t("Remove {name}", { name: preset.name })}
                obstacle={obstacle}
                onPress={() => run(() => client.request("config.removePreset", { app, name: preset.name }))}
              />
            </li>
          ))}
        </ul>
      )}
      <form
        className="pk-config-new"
        onSubmit={(event) => {
          event.preventDefault();
          if (wanted !== "" && obstacle === null && draftObstacle === null) save();
        }}
      >
        <input
          type="text"
          className="pk-input"
          aria-label={t("Name of the preset")}
          placeholder={t("Name of a preset")}
          maxLength={80}
          value={name}
          onChange={(event) => setName(event.target.value)}
        />
        <Button
          submits
          obstacle={obstacle ?? draftObstacle ?? (wanted === "" ? t("Type a name first") : null)}
          busy={action.busy}
          onPress={() => undefined}
        >
          {presets.some((preset) => preset.name === wanted) ? t("Replace") : t("Keep as it is now")}
        </Button>
        <Button kind="quiet" obstacle={obstacle} onPress={() => file.current?.click()}>
          {t("Take one from a file")}
        </Button>
        <input
          ref={file}
          type="file"
          accept=".json"
          hidden
          aria-label={t("A file with a preset")}
          onChange={(event) => {
            const [chosen] = event.target.files ?? [];
            event.target.value = "";
            if (chosen === undefined) return;
            run(async () => {
              const { name: theirs, values } = await readPreset(chosen);
              await client.request("config.savePreset", { app, name: theirs, values });
            });
          }}
        />
      </form>
      {warnings.map((warning) => (
        <p key={warning} className="pk-soft">
          {warning}
        </p>
      ))}
      {action.error === null ? null : <ErrorCard error={action.error} onDismiss={action.dismiss} />}
    </div>
  );
}

const MOST_BYTES = 1024 * 1024;

async function readPreset(file: File): Promise<ConfigPreset> {
  try {
    if (file.size > MOST_BYTES) throw new Error("too large");
    return ConfigPreset.parse(JSON.parse(await file.text()));
  } catch (error) {
    throw new PinokioError("request-invalid", `${file.name} holds no preset`, {
      hint: "Take a file that was saved from a preset",
      cause: error,
    });
  }
}

function saveFile(preset: ConfigPreset): void {
  const url = URL.createObjectURL(new Blob([`${JSON.stringify(preset, null, 2)}\n`], { type: "application/json" }));
  const link = document.createElement("a");
  link.href = url;
  link.download = `${preset.app} ${preset.name.replace(/[^\w .-]+/g, "_")}.json`;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 1_000);
}
