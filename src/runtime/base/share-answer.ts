/** Many who ask at once get the one answer that is being found; the next one after that is found anew. */
export function shareAnswer<Answer>(find: () => Promise<Answer>): () => Promise<Answer> {
  let finding: Promise<Answer> | null = null;
  return () => (finding ??= find().finally(() => (finding = null)));
}
