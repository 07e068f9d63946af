import { MenuItem } from "../../runtime/protocol/apps.js";
import { readForm } from "../../runtime/protocol/questions.js";
import { useHost, useSnapshot } from "../host.js";
import { Button } from "../parts/button.js";
import { LauncherMenuList } from "../parts/launcher-menu-list.js";
import { AskHead } from "./head.js";
import type { QuestionKind, QuestionProps } from "./question-kind.js";

/** Words with links; closing it is the answer. */
export const modalQuestion: QuestionKind = { methods: ["modal"], View: ModalQuestion };

function ModalQuestion({ run, question, obstacle, busy, answer }: QuestionProps) {
  const { t } = useHost();
  const app = useSnapshot()?.apps.find(({ id }) => id === run.appId);
  const { title, description } = readForm(question.params);
  const items = menuIn(question.params);
  return (
    <div className="pk-ask-form">
      <AskHead title={title} description={description} />
      {app === undefined || items.length === 0 ? null : <LauncherMenuList app={app} items={items} />}
      <div className="pk-actions">
        <Button kind="primary" obstacle={obstacle} busy={busy} onPress={() => answer({})}>
          {t("Close")}
        </Button>
      </div>
    </div>
  );
}

function menuIn(params: unknown): MenuItem[] {
  if (typeof params !== "object" || params === null || !("menu" in params)) return [];
  const items = MenuItem.array().safeParse(params.menu);
  return items.success ? items.data : [];
}
