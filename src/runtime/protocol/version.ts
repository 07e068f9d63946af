/** The version people see. `package.json` holds it; the build puts it here. */
declare const __PINOKIOCLOUD_VERSION__: string | undefined;

export const VERSION: string = typeof __PINOKIOCLOUD_VERSION__ === "string" ? __PINOKIOCLOUD_VERSION__ : "0.0.0-source";

/** Raised when an old client and a new sidecar would misunderstand each other. */
export const PROTOCOL = 1;

/** The range of protocols one side speaks: oldest and newest. */
export type ProtocolRange = readonly [oldest: number, newest: number];

export const SPOKEN: ProtocolRange = [PROTOCOL, PROTOCOL];

/** The newest protocol both sides speak, or null when there is none. */
export function agreeOnProtocol(ours: ProtocolRange, theirs: ProtocolRange): number | null {
  const newest = Math.min(ours[1], theirs[1]);
  return newest >= Math.max(ours[0], theirs[0]) ? newest : null;
}
