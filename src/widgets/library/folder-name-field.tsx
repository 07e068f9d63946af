import { useState } from "react";

interface FolderNameFieldProps {
  label: string;
  name: string;
  /** Null when it is to stay as it was. */
  onDone(name: string | null): void;
}

/** Enter takes what was typed, Escape and leaving it empty take nothing. */
export function FolderNameField({ label, name, onDone }: FolderNameFieldProps) {
  const [text, setText] = useState(name);
  const take = () => {
    const typed = text.trim();
    onDone(typed === "" || typed === name ? null : typed);
  };
  return (
    <input
      className="pk-folder-name"
      type="text"
      value={text}
      maxLength={60}
      aria-label={label}
      // Whoever asked for it writes into it next.
      autoFocus
      onChange={(event) => setText(event.target.value)}
      onBlur={take}
      onKeyDown={(event) => {
        if (event.key === "Enter") take();
        if (event.key === "Escape") onDone(null);
        event.stopPropagation();
      }}
    />
  );
}
