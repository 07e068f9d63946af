export function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/** For what is measured in coarse steps, such as processor time: a median would be one of the steps. */
export const mean = (values) => values.reduce((sum, value) => sum + value, 0) / values.length;

/** The middle of what each round's ratio was: a machine that is busy for a while slows both sides of a round down. */
export const medianRatio = (ours, peers) => median(ours.map((value, round) => value / peers[round]));

/** "bare Node 41 ms, × 2.4" for a table's last column. */
export function describePeer(name, unit, ours, peers) {
  return `${name} ${format(median(peers))} ${unit}, × ${format(medianRatio(ours, peers))}`;
}

/** What several peers need, in one text. */
export const joinPeers = (...peers) => peers.filter((peer) => peer !== "").join("; ");

/** Three digits are all that repeats. */
const format = (value) => String(Number(value.toPrecision(value >= 100 ? Math.ceil(Math.log10(value)) : 3)));
