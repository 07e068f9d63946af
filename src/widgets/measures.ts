export { sizeText } from "../runtime/protocol/sizes.js";

/** A moment in the time zone of whoever reads it. */
export const dateText = (at: string): string =>
  new Date(at).toLocaleString([], { dateStyle: "medium", timeStyle: "short" });

/** The time of day, and the day where that is another one. */
export function clockText(at: string): string {
  const time = new Date(at);
  const isToday = time.toDateString() === new Date().toDateString();
  return isToday ? time.toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" }) : dateText(at);
}

/** A length of time as on a clock: 2:10, 1:02:10. */
export function durationText(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  const minutes = Math.floor(seconds / 60);
  const hours = Math.floor(minutes / 60);
  const pad = (value: number) => String(value).padStart(2, "0");
  return hours > 0 ? `${hours}:${pad(minutes % 60)}:${pad(seconds % 60)}` : `${minutes}:${pad(seconds % 60)}`;
}
