/** What a browser does with a file. */
export interface ShownFile {
  as: "picture" | "sound" | "video";
  type: string;
}

const picture = (kind: string): ShownFile => ({ as: "picture", type: `image/${kind}` });
const sound = (kind: string): ShownFile => ({ as: "sound", type: `audio/${kind}` });
const video = (kind: string): ShownFile => ({ as: "video", type: `video/${kind}` });

/** By how names end. */
const SHOWN: Readonly<Record<string, ShownFile>> = {
  png: picture("png"),
  jpg: picture("jpeg"),
  jpeg: picture("jpeg"),
  gif: picture("gif"),
  webp: picture("webp"),
  avif: picture("avif"),
  bmp: picture("bmp"),
  svg: picture("svg+xml"),
  wav: sound("wav"),
  mp3: sound("mpeg"),
  m4a: sound("mp4"),
  flac: sound("flac"),
  ogg: sound("ogg"),
  mp4: video("mp4"),
  webm: video("webm"),
};

/** Null for what a browser does not show by itself. */
export const shownFile = (path: string): ShownFile | null => SHOWN[endingOf(path)] ?? null;

const endingOf = (path: string): string => /\.(\w+)$/.exec(path)?.[1]?.toLowerCase() ?? "";
