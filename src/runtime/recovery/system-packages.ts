/** Which package of Debian and Ubuntu, which all notebook services run on, brings a library. Versions are cut off. */
const OF_LIBRARIES: Record<string, string> = {
  "libGL.so": "libgl1",
  "libEGL.so": "libegl1",
  "libGLX.so": "libglx0",
  "libOpenGL.so": "libopengl0",
  "libgthread-2.0.so": "libglib2.0-0",
  "libglib-2.0.so": "libglib2.0-0",
  "libgobject-2.0.so": "libglib2.0-0",
  "libSM.so": "libsm6",
  "libICE.so": "libice6",
  "libX11.so": "libx11-6",
  "libXext.so": "libxext6",
  "libXrender.so": "libxrender1",
  "libXi.so": "libxi6",
  "libxkbcommon.so": "libxkbcommon0",
  "libsndfile.so": "libsndfile1",
  "libportaudio.so": "libportaudio2",
  "libasound.so": "libasound2",
  "libtcmalloc.so": "libgoogle-perftools4",
  "libtcmalloc_minimal.so": "libtcmalloc-minimal4",
  "libgomp.so": "libgomp1",
  "libopenblas.so": "libopenblas0",
  "libcairo.so": "libcairo2",
  "libpango-1.0.so": "libpango-1.0-0",
  "libnss3.so": "libnss3",
  "libatk-1.0.so": "libatk1.0-0",
  "libmagic.so": "libmagic1",
  "libssl.so": "openssl",
  "libsox.so": "libsox3",
};

const OF_PROGRAMS: Record<string, string> = {
  ffmpeg: "ffmpeg",
  ffprobe: "ffmpeg",
  "git-lfs": "git-lfs",
  git: "git",
  curl: "curl",
  wget: "wget",
  unzip: "unzip",
  zip: "zip",
  "7z": "p7zip-full",
  aria2c: "aria2",
  cmake: "cmake",
  ninja: "ninja-build",
  "pkg-config": "pkg-config",
  swig: "swig",
  nasm: "nasm",
  meson: "meson",
  make: "build-essential",
  gcc: "build-essential",
  "g++": "build-essential",
  espeak: "espeak-ng",
  "espeak-ng": "espeak-ng",
  sox: "sox",
  tesseract: "tesseract-ocr",
  pdftoppm: "poppler-utils",
  convert: "imagemagick",
  xvfb: "xvfb",
  Xvfb: "xvfb",
  lsof: "lsof",
  nc: "netcat-openbsd",
  screen: "screen",
  tmux: "tmux",
  rsync: "rsync",
  cargo: "cargo",
  rustc: "rustc",
};

const own = (table: Record<string, string>, key: string): string | null =>
  Object.hasOwn(table, key) ? (table[key] ?? null) : null;

/** `file` is a library's name, such as `libGL.so.1`. */
export const packageOfLibrary = (file: string): string | null =>
  own(OF_LIBRARIES, file.replace(/\.so(?:\.\d+)*$/, ".so"));

export const packageOfProgram = (name: string): string | null => own(OF_PROGRAMS, name);
