import { NO_PATHS, type PathQuestion, readPathQuestion } from "../../runtime/protocol/questions.js";
import { useAnswer, useHost, useRemembered } from "../host.js";
import { Button } from "../parts/button.js";
import { filesEnding, FolderLook, joinPath } from "../parts/folder-look.js";
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
  const listed = useAnswer("files.list", { path: place, hidden, ...filesEnding(wants, endings) });
  const here = listed.value?.path ?? place;

  const goTo = (path: string) => {
    if (!multiple) setChosen([]);
    setPlace(path);
  };
  const choose = (path: string) => {
    if (saves) setName(path.slice(path.lastIndexOf("/") + 1));
    else if (!multiple) setChosen([path]);
    else setChosen(chosen.includes(path) ? chosen.filter((other) => other !== path) : [...chosen, path]);
  };
  const folders = wants === "folder" && chosen.length === 0 ? [here] : chosen;
  const paths = saves ? (name.trim() === "" ? [] : [joinPath(here, name.trim())]) : folders;
  const nothing = saves ? t("Type a name first") : t("Choose a file first");

  return (
    <div className="pk-ask-form">
      <AskHead title={asked.title || titleFor(asked, t)} description="" />
      <FolderLook
        listed={listed}
        here={here}
        isChosen={(path) => paths.includes(path)}
        isMany={multiple}
        onGo={goTo}
        onChoose={choose}
      />
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

function titleFor({ wants, multiple, saves }: PathQuestion, t: ReturnType<typeof useHost>["t"]): string {
  if (saves) return t("Choose where to save");
  if (wants === "folder") return t("Choose a folder");
  return multiple ? t("Choose files") : t("Choose a file");
}
