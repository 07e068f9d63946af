/** The app's own picture, or two letters on a colour made from its id. */
export function AppPicture({ id, title, icon }: { id: string; title: string; icon: string | null }) {
  // Only pictures that came with the data: an address would tell its owner that somebody looks.
  if (icon !== null && /^data:image\//.test(icon)) return <img className="pk-picture" src={icon} alt="" />;
  return (
    <span className="pk-picture" style={{ backgroundColor: `hsl(${hue(id)} 42% 40%)` }} aria-hidden="true">
      {letters(title || id)}
    </span>
  );
}

function letters(title: string): string {
  const words = title.match(/[\p{L}\p{N}]+/gu) ?? [];
  const [first = "", second = ""] = words;
  const initials = second === "" ? [...first].slice(0, 2) : [...first].slice(0, 1).concat([...second].slice(0, 1));
  return initials.join("").toUpperCase();
}

function hue(id: string): number {
  let hash = 0;
  for (const character of id) hash = (hash * 31 + (character.codePointAt(0) ?? 0)) >>> 0;
  return hash % 360;
}
