/** What is asked, in the script's words. */
export function AskHead({ title, description }: { title: string; description: string }) {
  return (
    <>
      {title === "" ? null : <h3 className="pk-ask-title">{title}</h3>}
      {description === "" ? null : <p className="pk-ask-description">{description}</p>}
    </>
  );
}
