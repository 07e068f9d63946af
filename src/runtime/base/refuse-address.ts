import { lookup } from "node:dns/promises";
import { BlockList, isIP } from "node:net";
import { PinokioError } from "../protocol/errors.js";

/** Addresses behind which clouds keep the secrets of a machine. */
const REFUSED = new BlockList();
REFUSED.addSubnet("169.254.0.0", 16, "ipv4");
REFUSED.addSubnet("fe80::", 10, "ipv6");
REFUSED.addAddress("fd00:ec2::254", "ipv6");
REFUSED.addAddress("100.100.100.200", "ipv4");
REFUSED.addAddress("168.63.129.16", "ipv4");
REFUSED.addAddress("192.0.0.192", "ipv4");

const NAMES = new Set(["metadata", "metadata.google.internal", "instance-data"]);

/** Throws for an address that gives away who this machine is; a name is looked up first. */
export async function refuseSecretAddress(url: string): Promise<void> {
  const host = new URL(url).hostname
    .replace(/^\[|\]$/g, "")
    .replace(/\.$/, "")
    .toLowerCase();
  const addresses = isIP(host) > 0 ? [host] : await addressesOf(host);
  if (!NAMES.has(host) && !addresses.some(isRefused)) return;
  throw new PinokioError("step-failed", `${host} is refused: the machine's own secrets are behind it`, {
    hint: "A login belongs in the app's ENVIRONMENT file; an app that has to ask there is named in linkLocalApps of settings.json",
  });
}

async function addressesOf(host: string): Promise<string[]> {
  try {
    return (await lookup(host, { all: true })).map(({ address }) => address);
  } catch {
    return []; // whoever connects says that it does not exist
  }
}

function isRefused(address: string): boolean {
  const inside = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1];
  if (inside !== undefined) return REFUSED.check(inside, "ipv4");
  return REFUSED.check(address, isIP(address) === 6 ? "ipv6" : "ipv4");
}
