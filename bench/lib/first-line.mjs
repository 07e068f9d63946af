/** The first line that a program writes to this stream; fails when it ends without one. */
export function firstLine(stream) {
  return new Promise((resolve, reject) => {
    let heard = "";
    stream.setEncoding("utf8");
    stream.on("data", (piece) => {
      heard += piece;
      const end = heard.indexOf("\n");
      if (end >= 0) resolve(heard.slice(0, end));
    });
    stream.on("close", () => reject(new Error("The program ended without a line.")));
  });
}
