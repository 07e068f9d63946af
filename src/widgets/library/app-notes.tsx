import { useEffect, useRef, useState } from "react";
import type { App } from "../../runtime/protocol/apps.js";
import { MOST_NOTES, MOST_TAGS } from "../../runtime/protocol/shelf.js";
import { useAction, useHost, useObstacle } from "../host.js";
import { throwFirst } from "./results.js";
import { ErrorCard } from "../parts/error-card.js";
import { Icon } from "../parts/icon.js";

/** What a person writes about an app: tags to find it by, and notes. */
export function AppNotes({ app }: { app: App }) {
  const { client, t } = useHost();
  const obstacle = useObstacle();
  const action = useAction();
  const title = app.title || app.id;
  const { tags = [], notes = "" } = app.marks ?? {};
  const mark = (change: { notes?: string; addTags?: string[]; removeTags?: string[] }) =>
    action.start(async () => {
      const { results } = await client.request("library.mark", { apps: [app.id], change });
      throwFirst(results);
    });

  return (
    <div className="pk-notes">
      <ul className="pk-tags" aria-label={t("Tags of {title}", { title })}>
        {tags.map((tag) => (
          <li key={tag} className="pk-tag">
            {tag}
            <button
              type="button"
              className="pk-tag-off"
              aria-label={t("Take off the tag {tag}", { tag })}
              aria-disabled={obstacle !== null || undefined}
              onClick={() => obstacle === null && mark({ removeTags: [tag] })}
            >
              <Icon name="close" />
            </button>
          </li>
        ))}
        {tags.length >= MOST_TAGS ? null : (
          <li>
            <NewTag
              label={t("Add a tag to {title}", { title })}
              placeholder={t("Add a tag")}
              obstacle={obstacle}
              onAdd={(tag) => mark({ addTags: [tag] })}
            />
          </li>
        )}
      </ul>
      <Notes
        key={app.id}
        label={t("Notes about {title}", { title })}
        saved={notes}
        obstacle={obstacle}
        onSave={(text) => mark({ notes: text })}
      />
      {action.error === null ? null : <ErrorCard error={action.error} onDismiss={action.dismiss} />}
    </div>
  );
}

interface NewTagProps {
  label: string;
  placeholder: string;
  obstacle: string | null;
  onAdd(tag: string): void;
}

export function NewTag({ label, placeholder, obstacle, onAdd }: NewTagProps) {
  const [text, setText] = useState("");
  const add = () => {
    const tag = text.trim();
    if (tag === "" || obstacle !== null) return;
    setText("");
    onAdd(tag);
  };
  return (
    <input
      className="pk-tag-input"
      type="text"
      value={text}
      maxLength={40}
      aria-label={label}
      placeholder={placeholder}
      disabled={obstacle !== null}
      title={obstacle ?? undefined}
      onChange={(event) => setText(event.target.value.replace(/,/g, ""))}
      onBlur={add}
      onKeyDown={(event) => {
        if (event.key === "Enter" || event.key === ",") {
          event.preventDefault();
          add();
        }
      }}
    />
  );
}

const SAVE_AFTER_MS = 800;

interface NotesProps {
  label: string;
  saved: string;
  obstacle: string | null;
  onSave(text: string): void;
}

/** Saves by itself. What somebody else writes meanwhile is shown where nobody is writing here. */
function Notes({ label, saved, obstacle, onSave }: NotesProps) {
  const { t } = useHost();
  const [draft, setDraft] = useState<string | null>(null);
  const [isWriting, setWriting] = useState(false);
  const latest = useRef({ draft, saved, onSave });
  latest.current = { draft, saved, onSave };
  const save = () => {
    const { draft: text, saved: known, onSave: send } = latest.current;
    if (text !== null && text !== known) send(text);
  };
  const saveNow = useRef(save);
  saveNow.current = save;

  useEffect(() => {
    if (draft === null) return;
    const timer = setTimeout(() => saveNow.current(), SAVE_AFTER_MS);
    return () => clearTimeout(timer);
  }, [draft]);
  useEffect(() => () => saveNow.current(), []);
  // What could not be saved stays where it was written.
  useEffect(() => {
    if (!isWriting && draft === saved) setDraft(null);
  }, [isWriting, draft, saved]);

  return (
    <textarea
      className="pk-notes-text"
      rows={Math.min(8, Math.max(2, (draft ?? saved).split("\n").length))}
      maxLength={MOST_NOTES}
      value={draft ?? saved}
      aria-label={label}
      placeholder={t("Notes")}
      readOnly={obstacle !== null}
      title={obstacle ?? undefined}
      onChange={(event) => setDraft(event.target.value)}
      onFocus={() => setWriting(true)}
      onBlur={() => {
        save();
        setWriting(false);
      }}
    />
  );
}
