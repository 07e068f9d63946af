import { expect, test } from "@jest/globals";
import { readProgress } from "../../../src/runtime/base/read-progress.js";
import type { Progress } from "../../../src/runtime/protocol/progress.js";

const NOTHING: Progress = { label: "", percent: null, done: null, total: null, rate: null, secondsLeft: null };

/** What programs really print, without colours unless they matter. */
test.each<[name: string, output: string, wanted: Partial<Progress> | null]>([
  [
    "tqdm of a file",
    "start\r\n\rmodel.safetensors:   0%|          | 0.00/4.90G [00:00<?, ?B/s]" +
      "\rmodel.safetensors:  43%|████▎     | 2.10G/4.90G [00:35<00:46, 60.1MB/s]",
    {
      label: "Downloading model.safetensors",
      percent: 43,
      done: "2.10",
      total: "4.90 GB",
      rate: "60.1 MB/s",
      secondsLeft: 46,
    },
  ],
  [
    "tqdm of steps, slower than one a second",
    "\r 30%|███       | 3/10 [00:04<00:10,  1.50s/it]",
    { percent: 30, done: "3", total: "10", rate: "1.50 s/it", secondsLeft: 10 },
  ],
  ["tqdm without an end", "\r123it [00:01, 100.00it/s]", null],
  [
    "several files of the Hugging Face client",
    "\rFetching 12 files:  25%|██▌       | 3/12 [00:10<01:30, 10.00s/it]\n\rtokenizer.json: 100%|███| 2.2M/2.2M" +
      " [00:00<00:00, 20MB/s]\x1b[A\n\n\rmodel.bin:  10%|█   | 1.1G/11G [00:10<01:40, 100MB/s]\x1b[A\x1b[A",
    { label: "Fetching 12 files", percent: 25, done: "3", total: "12", rate: "10.00 s/it", secondsLeft: 90 },
  ],
  [
    "pip",
    "Collecting torch\r\n  Downloading torch-2.5.1-cp311-cp311-manylinux1_x86_64.whl (797.1 MB)\r\n" +
      "\x1b[?25l   \x1b[90m━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━\x1b[0m \x1b[32m0.0/797.1 MB\x1b[0m \x1b[31m?\x1b[0m eta \x1b[36m-:--:--\x1b[0m" +
      "\r\x1b[2K   \x1b[91m━━━━━━━━━━━━━━━━━━━━\x1b[0m\x1b[90m╺\x1b[0m\x1b[90m━━━━━━━━━━━━━━━━━━━\x1b[0m \x1b[32m410.2/797.1 MB\x1b[0m \x1b[31m45.3 MB/s\x1b[0m eta \x1b[36m0:00:09\x1b[0m",
    {
      label: "Downloading torch-2.5.1-cp311-cp311-manylinux1_x86_64.whl",
      percent: 51,
      done: "410.2",
      total: "797.1 MB",
      rate: "45.3 MB/s",
      secondsLeft: 9,
    },
  ],
  [
    "a pip of before",
    "  Downloading numpy-1.21.0.whl (15.7 MB)\r\n\x1b[K     |████████████▌                   | 6.1 MB 5.5 MB/s eta 0:00:02",
    null,
  ],
  [
    "a pip of before, drawn anew",
    "  Downloading numpy-1.21.0.whl (15.7 MB)\r\n\x1b[K     |████▌      | 6.0 MB 5.5 MB/s eta 0:00:02\r\x1b[K     |████████▌   | 6.1 MB 5.5 MB/s eta 0:00:02",
    { label: "Downloading numpy-1.21.0.whl", done: "6.1 MB", rate: "5.5 MB/s", secondsLeft: 2, percent: null },
  ],
  [
    "wget",
    "\rmodel.bin            42%[=======>            ]   2.09G  59.0MB/s    eta 47s    " +
      "\rmodel.bin            43%[=======>            ]   2.10G  60.1MB/s    eta 1m 46s ",
    { label: "Downloading model.bin", percent: 43, done: "2.10 GB", rate: "60.1 MB/s", secondsLeft: 106 },
  ],
  [
    "curl",
    "  % Total    % Received % Xferd  Average Speed   Time    Time     Time  Current\r\n" +
      "                                 Dload  Upload   Total   Spent    Left  Speed\r\n" +
      "\r  0     0    0     0    0     0      0      0 --:--:-- --:--:-- --:--:--     0" +
      "\r 43 4900M   43 2107M    0     0  60.1M      0  0:01:21  0:00:35  0:00:46 58.2M",
    { percent: 43, done: "2107 MB", total: "4900 MB", rate: "58.2 MB/s", secondsLeft: 46 },
  ],
  ["curl with a bar", "\r####                   18.3%\r##########             43.2%", { percent: 43.2 }],
  [
    "git",
    "Cloning into 'ComfyUI'...\r\nremote: Counting objects:  10% (3/30)\rremote: Counting objects: 100% (30/30), done.\r\n" +
      "Receiving objects:  42% (420/1000)\rReceiving objects:  43% (430/1000), 12.30 MiB | 5.12 MiB/s",
    { label: "Receiving objects", percent: 43, done: "430", total: "1000", rate: "5.12 MiB/s" },
  ],
  [
    "aria2",
    "\r[#2089b0 300.0MiB/33.2GiB(0%) CN:1 DL:115.7MiB ETA:4m52s]\r[#2089b0 400.0MiB/33.2GiB(1%) CN:1 DL:115.7MiB ETA:4m51s]",
    { percent: 1, done: "400.0 MiB", total: "33.2 GiB", rate: "115.7 MiB/s", secondsLeft: 291 },
  ],
  [
    "ollama",
    "pulling manifest\r\n\x1b[1Gpulling 8934d96d3f08...  43% ▕███████         ▏ 1.6 GB/3.8 GB   60 MB/s     36s\x1b[K",
    { label: "pulling 8934d96d3f08", percent: 43, done: "1.6", total: "3.8 GB", rate: "60 MB/s", secondsLeft: 36 },
  ],
  [
    "uv",
    "⠙ Preparing packages... (0/2)\r\n\x1b[2K\x1b[1A\r\x1b[2K⠹ Preparing packages... (1/12)\r\n\x1b[2Ktorch      ------------------------------ 78.1 MiB/797.10 MiB",
    { label: "torch", percent: 9, done: "78.1", total: "797.10 MiB" },
  ],
  [
    "a spinner that says what it does",
    "\r⠋ Resolving dependencies...\r⠙ Resolving dependencies...",
    { label: "Resolving dependencies" },
  ],
  ["npm's spinner", "\x1b[1G⠙\x1b[0K\x1b[1G⠹\x1b[0K", null],
  [
    "our own downloads",
    "Downloading https://example.org/a/model.bin?token=x\r\n\r\x1b[K1.0 GB of 4.9 GB (20 %)\r\x1b[K2.1 GB of 4.9 GB (42 %)",
    { label: "Downloading model.bin", percent: 42, done: "2.1", total: "4.9 GB" },
  ],
  [
    "apt",
    "\rReading package lists... 0%\rReading package lists... 43%",
    { label: "Reading package lists", percent: 43 },
  ],
  [
    "a bar that has come to its end",
    "\r 50%|█████     | 1/2 [00:01<00:01]\r100%|██████████| 2/2 [00:02<00:00]\r\nnext\r\n",
    null,
  ],
  [
    "a bar of which only the beginning has come",
    "\r\x1b[2K ━━━━ 1/10 MB\r\x1b[2K ━━━━ 2/10 MB\r\x1b[2K ━━━",
    { percent: 20, done: "2", total: "10 MB" },
  ],
  ["a bar that is written over with words", "\r 10%|█ | 1/10\r 20%|██| 2/10\rall is there", null],
  ["lines that name shares", "50% done\r\n3/12 files copied\r\n60% done\r\n", null],
  ["a line that is written over with words", "\rloading the model\rthe model is loaded", null],
  ["a prompt that is drawn anew", "\r\x1b[K(base) $ ls\r\n\x1b[K(base) $ ", null],
])("%s", (_, output, wanted) => {
  expect(readProgress(output)).toEqual(wanted === null ? null : { ...NOTHING, ...wanted });
});
