const MOST_GROWTH_MB = 40;

/** Rows about the memory at each mark. Fails when what comes after the first tenth, which warms everything up, grows. */
export function growthRows(marks) {
  const [start, warm] = marks;
  const end = marks.at(-1);
  const most = Math.max(...marks.map(({ rss }) => rss));
  const growth = end.rss - warm.rss;
  if (growth > MOST_GROWTH_MB) throw new Error(`The runner grew from ${warm.rss} to ${end.rss} MB.`);
  return [
    { name: "memory at the start", value: start.rss, unit: "MB" },
    { name: "memory after a tenth", value: warm.rss, unit: "MB" },
    { name: "memory at the end", value: end.rss, unit: "MB", aim: `≤ ${MOST_GROWTH_MB} more than after a tenth` },
    { name: "most memory", value: most, unit: "MB" },
  ];
}
