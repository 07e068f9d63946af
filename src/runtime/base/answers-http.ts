import { connect } from "node:net";

const LIMIT_MS = 2_000;
const BEGINNING = "HTTP/";

/** Whether somebody answers a web page's address on this machine. What cannot be asked in plain text only has to listen. */
export function answersHttp(url: string): Promise<boolean> {
  const { protocol, hostname, port, pathname, search } = new URL(url);
  const isPlain = protocol === "http:";
  // "0.0.0.0" is where a program listens, not where it is reached.
  const host = hostname === "0.0.0.0" ? "127.0.0.1" : hostname.replace(/^\[(.*)\]$/, "$1");
  return new Promise((resolve) => {
    const socket = connect({ host, port: Number(port || (isPlain ? 80 : 443)) });
    let heard = "";
    const finish = (isAnswer: boolean): void => {
      clearTimeout(timer);
      socket.destroy();
      resolve(isAnswer);
    };
    const timer = setTimeout(() => finish(false), LIMIT_MS);
    socket.setEncoding("latin1");
    socket.on("connect", () => {
      if (!isPlain) return finish(true);
      socket.write(`GET ${pathname}${search} HTTP/1.1\r\nHost: ${hostname}:${port}\r\nConnection: close\r\n\r\n`);
    });
    socket.on("data", (text: string) => {
      heard += text;
      if (heard.length >= BEGINNING.length) finish(heard.startsWith(BEGINNING));
    });
    socket.on("error", () => finish(false));
    socket.on("end", () => finish(false));
  });
}

/** An address that only this machine can mean. */
export function isLocalUrl(text: unknown): text is string {
  if (typeof text !== "string" || !URL.canParse(text)) return false;
  const { protocol, hostname } = new URL(text);
  if (protocol !== "http:" && protocol !== "https:") return false;
  return hostname === "localhost" || hostname === "0.0.0.0" || hostname === "[::1]" || /^127\./.test(hostname);
}
