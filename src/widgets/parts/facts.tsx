export type Fact = readonly [name: string, value: string];

/** Names and what is known of them. */
export function Facts({ facts }: { facts: readonly Fact[] }) {
  return (
    <dl className="pk-facts">
      {facts.map(([name, value], index) => (
        <div key={index}>
          <dt>{name}</dt>
          <dd className="pk-path">{value}</dd>
        </div>
      ))}
    </dl>
  );
}
