import { env } from "./env.js";
import { exec } from "./exec.js";
import { fs } from "./fs.js";
import { github } from "./github.js";
import { gradio } from "./gradio.js";
import { hf } from "./hf.js";
import { json, self } from "./json.js";
import { jump } from "./jump.js";
import { global, local } from "./local.js";
import { log } from "./log.js";
import { key, memory } from "./memory.js";
import type { Method } from "./method.js";
import { net } from "./net.js";
import {
  browser,
  clipboard,
  filepicker,
  htmlmodal,
  input,
  loading,
  modal,
  notify,
  push,
  tab,
  terminal,
  uri,
  web,
} from "./person.js";
import { process } from "./process.js";
import { script } from "./script.js";
import { app, cloudflare, proxy } from "./services.js";
import { shell } from "./shell.js";

/** Every method a script can call. Add one here and it exists; nothing is found by scanning folders. */
export const methods = {
  "app.download": app.download,
  "app.info": app.info,
  "app.launch": app.launch,
  "app.refresh": app.refresh,
  "app.search": app.search,
  "browser.close": browser.close,
  "browser.open": browser.open,
  "clipboard.copy": clipboard.copy,
  "clipboard.paste": clipboard.paste,
  "cloudflare.stop": cloudflare.stop,
  "cloudflare.tunnel": cloudflare.tunnel,
  "env.set": env.set,
  "env.switch": env.switch,
  exec,
  "filepicker.open": filepicker.open,
  "fs.append": fs.append,
  "fs.cat": fs.cat,
  "fs.copy": fs.copy,
  "fs.download": fs.download,
  "fs.exists": fs.exists,
  "fs.link": fs.link,
  "fs.make": fs.make,
  "fs.mkdir": fs.make,
  "fs.move": fs.move,
  "fs.open": fs.open,
  "fs.read": fs.read,
  "fs.readdir": fs.readdir,
  "fs.remove": fs.remove,
  "fs.rm": fs.rm,
  "fs.rmdir": fs.rmdir,
  "fs.share": fs.share,
  "fs.unzip": fs.unzip,
  "fs.write": fs.write,
  "github.create": github.create,
  "github.fork": github.fork,
  "global.rm": global.rm,
  "global.set": global.set,
  goto: jump,
  "gradio.predict": gradio.predict,
  "hf.download": hf.download,
  "hf.login": hf.login,
  "hf.logout": hf.logout,
  "hf.upload": hf.upload,
  "htmlmodal.close": htmlmodal.close,
  "htmlmodal.open": htmlmodal.open,
  "htmlmodal.update": htmlmodal.update,
  import: memory.import,
  input,
  "json.get": json.get,
  "json.merge": json.merge,
  "json.read": json.read,
  "json.rm": json.rm,
  "json.set": json.set,
  "json.write": json.write,
  jump,
  "key.get": key.get,
  "key.set": key.set,
  load: memory.load,
  "loading.end": loading.end,
  "loading.start": loading.start,
  "local.import": local.import,
  "local.rm": local.rm,
  "local.set": local.set,
  log,
  modal,
  net: net.bare,
  "net.download": net.download,
  "net.request": net.request,
  "net.upload": net.upload,
  notify,
  "process.wait": process.wait,
  "proxy.start": proxy.start,
  "proxy.stop": proxy.stop,
  push,
  rm: memory.rm,
  "script.download": script.download,
  "script.output": script.output,
  "script.ready": script.ready,
  "script.restart": script.restart,
  "script.return": script.return,
  "script.run": script.start,
  "script.start": script.start,
  "script.status": script.status,
  "script.stop": script.stop,
  "self.rm": self.rm,
  "self.set": self.set,
  set: memory.set,
  "shell.enter": shell.enter,
  "shell.run": shell.run,
  "shell.start": shell.start,
  "shell.stop": shell.stop,
  "shell.write": shell.write,
  "tab.open": tab.open,
  "terminal.upload": terminal.upload,
  "uri.open": uri.open,
  "web.close": web.close,
  "web.expose": web.expose,
  "web.open": web.open,
} satisfies Record<string, Method>;

export const findMethod = (name: string): Method | undefined =>
  Object.hasOwn(methods, name) ? methods[name as keyof typeof methods] : undefined;

/** The names most like one that does not exist, nearest first. */
export function methodsLike(name: string): string[] {
  const distances = Object.keys(methods).map((known) => ({ known, distance: editDistance(name, known) }));
  const near = distances.filter(({ known, distance }) => distance <= Math.max(2, Math.ceil(known.length / 3)));
  const [namespace] = name.split(".");
  const related = near.length > 0 ? near : distances.filter(({ known }) => known.split(".")[0] === namespace);
  const nearest = Math.min(...related.map(({ distance }) => distance));
  return related
    .filter(({ distance }) => distance <= nearest + 1)
    .sort((a, b) => a.distance - b.distance)
    .slice(0, 3)
    .map(({ known }) => known);
}

/** How many letters have to be added, removed, changed or swapped to get from one word to the other. */
function editDistance(from: string, to: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: to.length + 1 }, (_, column) => column);
  for (let row = 1; row <= from.length; row++) {
    const current = [row];
    for (let column = 1; column <= to.length; column++) {
      const same = from[row - 1] === to[column - 1];
      let best = Math.min(
        (last[column] ?? 0) + 1,
        (current[column - 1] ?? 0) + 1,
        (last[column - 1] ?? 0) + (same ? 0 : 1),
      );
      if (from[row - 1] === to[column - 2] && from[row - 2] === to[column - 1]) {
        best = Math.min(best, (beforeLast[column - 2] ?? best) + 1);
      }
      current.push(best);
    }
    beforeLast = last;
    last = current;
  }
  return last[to.length] ?? 0;
}
