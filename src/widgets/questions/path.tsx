import { NO_PATHS, type PathQuestion, readPathQuestion } from "../../runtime/protocol/questions.js";
import { useAnswer, useHost, useRemembered } from "../host.js";
import { Button, IconButton } from "../parts/button.js";
import { ErrorCard } from "../parts/error-card.js";
import { FolderList } from "./folder-list.js";
import { AskHead } from "./head.js";
import type { QuestionKind, QuestionProps } from "./question-kind.js";

/** Files or a folder of the machine that the script runs on. */
export const pathQuestion: QuestionKind = { methods: ["filepicker.open"], View: PathQuestionView };

function PathQuestionView({ question, obstacle, busy, answer }: QuestionProps) {
  const { t } = useHost();
  const asked = readPathQuestion(question.params);
  const { wants, endings, multiple, saves } = asked;
  const [place, setPlace] = useRemembered(`folder ${question.id}`, asked.path);
  const [hidden, setHidden] = useRemembered(`hidden ${question.id}`, false);
  const [chosen, setChosen] = useRemembered<readonly string[]>(`chosen ${question.id}`, []);
  const [name, setName] = useRemembered(`name ${question.id}`, asked.initialFile);
  const listed = useAnswer("files.list", { path: place, hidden, ...endingsFor(asked) });
  const folder = listed.value;
  const here = folder?.path ?? place;

  const goTo = (path: string) => {
    if (!multiple) setChosen([]);
    setPlace(path);
  };
  const choose = (entry: string) => {
    const path = join(here, entry);
    if (saves) setName(entry);
    else if (!multiple) setChosen([path]);
    else setChosen(chosen.includes(path) ? chosen.filter((other) => other !== path) : [...chosen, path]);
  };
  const folders = wants === "folder" && chosen.length === 0 ? [here] : chosen;
  const paths = saves ? (name.trim() === "" ? [] : [join(here, name.trim())]) : folders;
  const nothing = saves ? t("Type a name first") : t("Choose a file first");

  return (
    <div className="pk-ask-form">
      <AskHead title={asked.title || titleFor(asked, t)} description="" />
      <div className="pk-places">
        {(folder?.places ?? []).map(({ name: text, path }) => (
          <Button key={path} kind="quiet" icon="folder" onPress={() => goTo(path)}>
            {t(text)}
          </Button>
        ))}
      </div>
      <div className="pk-path-line">
        <IconButton
          icon="up"
          label={t("The folder above")}
          obstacle={folder === null || folder.parent === null ? t("There is none above") : null}
          onPress={() => folder?.parent != null && goTo(folder.parent)}
        />
        <span className="pk-path" title={here}>
          {here}
        </span>
      </div>
      {listed.error === null ? null : <ErrorCard error={listed.error} />}
      <FolderList
        key={here}
        label={here}
        entries={folder?.entries ?? []}
        isChosen={(entry) => paths.includes(join(here, entry))}
        isMany={multiple}
        onOpen={(entry) => goTo(join(here, entry))}
        onUp={() => folder?.parent != null && goTo(folder.parent)}
        onChoose={choose}
      />
      {folder?.isCut === true ? <p className="pk-soft">{t("There is more in here than is shown")}</p> : null}
      <div className="pk-path-foot">
        <label>
          <input type="checkbox" checked={hidden} onChange={(event) => setHidden(event.target.checked)} />
          {t("Hidden files")}
        </label>
        {endings.length === 0 || wants === "folder" ? null : (
          <span className="pk-soft">{t("Only {endings}", { endings: endings.join(", ") })}</span>
        )}
        {multiple && chosen.length > 0 ? (
          <span className="pk-soft">{t("{count} chosen", { count: chosen.length })}</span>
        ) : null}
      </div>
      {saves ? (
        <label className="pk-ask-field">
          {t("Name")}
          <input type="text" value={name} spellCheck={false} onChange={(event) => setName(event.target.value)} />
        </label>
      ) : null}
      <div className="pk-actions">
        <Button
          kind="primary"
          obstacle={obstacle ?? (paths.length === 0 ? nothing : null)}
          busy={busy}
          onPress={() => answer({ paths })}
        >
          {wants === "folder" && chosen.length === 0 ? t("Choose this folder") : saves ? t("Save here") : t("Choose")}
        </Button>
        <Button obstacle={obstacle} busy={busy} onPress={() => answer(NO_PATHS)}>
          {t("Cancel")}
        </Button>
      </div>
    </div>
  );
}

const endingsFor = ({ wants, endings }: PathQuestion): { endings?: string[] } =>
  wants === "folder" ? { endings: [] } : endings.length === 0 ? {} : { endings: [...endings] };

function titleFor({ wants, multiple, saves }: PathQuestion, t: ReturnType<typeof useHost>["t"]): string {
  if (saves) return t("Choose where to save");
  if (wants === "folder") return t("Choose a folder");
  return multiple ? t("Choose files") : t("Choose a file");
}

const join = (folder: string, name: string): string => (folder.endsWith("/") ? folder + name : `${folder}/${name}`);
