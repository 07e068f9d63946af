// Our imports end in `.js`, as they run; the file on disk is `.ts` or `.tsx`.
module.exports = (request, options) => {
  if (/^\.{1,2}\//.test(request) && request.endsWith(".js") && !options.basedir.includes("node_modules")) {
    for (const ending of [".ts", ".tsx"]) {
      try {
        return options.defaultResolver(request.slice(0, -3) + ending, options);
      } catch {
        // Not this one; a real .js file is the last to be tried.
      }
    }
  }
  // A bundler takes this file too; the other one names nothing that a module could import.
  if (request === "@xterm/xterm") return options.defaultResolver("@xterm/xterm/lib/xterm.mjs", options);
  return options.defaultResolver(request, options);
};
