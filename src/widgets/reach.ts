import { reachesPorts, type Surroundings } from "./open-url.js";

/** The way on which this browser reaches apps' pages. */
export type Reach = "directly" | "server-proxy" | "colab" | "none";

export function reachOf({ pageUrl, baseUrl, serverProxy, colabPort }: Surroundings): Reach {
  if (colabPort !== null) return "colab";
  if (reachesPorts(pageUrl)) return "directly";
  return baseUrl !== null && serverProxy ? "server-proxy" : "none";
}
