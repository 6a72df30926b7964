import { execFileSync, spawnSync } from "node:child_process";
import { mkdtemp, readFile, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { describeFile } from "../../src/checking/content-words.js";
import { formatWords } from "../../src/checking/format-words.js";
import { temporaryFolder } from "../temporary-folder.js";

const interview = fileURLToPath(new URL("../../fixtures/interview", import.meta.url));

/** What a file of this content is called, under a name that says nothing unless another is given. */
async function wordsOf(content: string | Uint8Array, name = "a"): Promise<string> {
  const path = join(await temporaryFolder(), name);
  await writeFile(path, typeof content === "string" ? Buffer.from(content, "latin1") : content);
  const found = await describeFile(path, name);
  return found === undefined ? "unreadable" : "key" in found ? found.key : found.words;
}

it.each([
  ["VIDEO_TS/VIDEO_TS.IFO", "a DVD's index in the clear (VIDEO_TS.IFO or its copy)"],
  ["VIDEO_TS/VTS_01_0.BUP", "a DVD's index in the clear (VTS_nn_0.IFO or its copy)"],
  ["VIDEO_TS/VTS_01_1.VOB", "a video in the clear (MPEG program stream)"],
  ["audio/microphone.wav", "a sound recording in the clear (WAV)"],
  ["camera 1.mp4", "a video in the clear (MP4)"],
  ["Zeugin Müller – 取調べ.txt", "a text"],
  ["markers.txt", "an empty file"],
])("%s is called %s, whatever its name", async (file, words) => {
  expect(await wordsOf(await readFile(join(interview, file)))).toBe(words);
});

it.each([
  ["\0\0\0\u0001Bud1", ".DS_Store", "a macOS folder note (.DS_Store)"],
  ["\0\u0005\u0016\u0007\0\u0002", "._a", "what macOS keeps beside a file (AppleDouble)"],
  ["\u00d0\u00cf\u0011\u00e0\u00a1\u00b1\u001a\u00e1", "Thumbs.db", "a Windows thumbnail cache"],
  ["\u00d0\u00cf\u0011\u00e0\u00a1\u00b1\u001a\u00e1", "statement.doc", "a document (Microsoft Office, older kind)"],
  ["%PDF-1.4\n", "a", "a document (PDF)"],
  ["PK\u0003\u0004", "a", "an archive (ZIP)"],
  ["PK\u0003\u0004...[Content_Types].xml...word/document.xml", "a", "a document (Word)"],
  ["\u001f\u008b\u0008", "a", "an archive (gzip)"],
  ["age-encryption.org/v1\n-> X25519 x\n", "a", "a sealed file without its package"],
  [`${"\0".repeat(32769)}CD001\u0001`, "a.mp4", "a disc image (ISO 9660)"],
  [`${"\0".repeat(32769)}NSR02\u0001`, "a", "a disc image (UDF)"],
  ["\u00ff\u00feW\0i\0t\0", "a", "a text"],
  ["\u0001\u0002\u0003\u0004", "witness.pdf", "a file of unknown content"],
  [`${"x".repeat(200_000)}AGE-SECRET-KEY-1`, "a", "an age private key"],
])("%j as %s is called %s", async (content, name, words) => {
  expect(await wordsOf(content, name)).toBe(words);
});

it("a text that is longer than what is looked at is one, though a character is cut in two there", async () => {
  for (const shift of ["", "a", "aa"])
    expect(await wordsOf(Buffer.from(`${shift}${"取".repeat(40_000)}`))).toBe("a text");
});

const hasFfmpeg = spawnSync("ffmpeg", ["-version"]).status === 0;

describe.skipIf(!hasFfmpeg)("what cameras and recorders write, made by ffmpeg", () => {
  let folder = "";
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "evseal-media-"));
    const picture = ["-f", "lavfi", "-i", "testsrc=size=320x240:rate=25", "-f", "lavfi", "-i", "sine", "-t", "1"];
    const make = (...words: string[]) => execFileSync("ffmpeg", ["-v", "error", ...picture, ...words], { cwd: folder });
    for (const name of ["mkv", "avi", "mov", "webm", "wmv"]) make(`a.${name}`);
    make("-f", "mpegts", "-c:v", "mpeg2video", "-mpegts_m2ts_mode", "1", "a.mts");
    make("-f", "mpegts", "-c:v", "mpeg2video", "a.ts");
    for (const name of ["mp3", "flac", "m4a"]) make("-vn", `a.${name}`);
    for (const name of ["png", "jpg"]) make("-an", "-frames:v", "1", `a.${name}`);
  });

  afterAll(() => rm(folder, { recursive: true }));

  it("is called a video, a sound recording or a picture in the clear", async () => {
    const found = await Promise.all(
      (await readdir(folder)).map(async (name) => [name, await wordsOf(await readFile(join(folder, name)))]),
    );
    expect(Object.fromEntries(found)).toEqual({
      "a.avi": "a video in the clear (AVI)",
      "a.flac": "a sound recording in the clear (FLAC)",
      "a.jpg": "a picture in the clear (JPEG)",
      "a.m4a": "a sound recording in the clear (MPEG-4 audio)",
      "a.mkv": "a video in the clear (Matroska)",
      "a.mov": "a video in the clear (QuickTime)",
      "a.mp3": "a sound recording in the clear (MP3)",
      "a.mts": "a video in the clear (MPEG transport stream)",
      "a.png": "a picture in the clear (PNG)",
      "a.ts": "a video in the clear (MPEG transport stream)",
      "a.webm": "a video in the clear (WebM)",
      "a.wmv": "a video in the clear (Windows Media)",
    });
  });
});

/** The beginnings that file-type looks behind: what stands there is what an attacker would make. */
const beginnings = [
  "3026b2758e66cf11a6d900aa0062ce6c", // ASF, CVE-2026-31808
  "1a45dfa3", // EBML, CVE-2022-36313
  "504b0304", // ZIP, CVE-2026-32630
  "1f8b08",
  "494433",
  "efbbbf504b0304",
  "89504e470d0a1a0a",
  "49492a00",
  "4f676753",
  "52494646",
  "000000186674797069736f6d",
  "664c6143",
];

it("hostile bytes behind any beginning neither hang nor throw", async () => {
  const hostile = fc.tuple(fc.constantFrom(...beginnings), fc.uint8Array({ maxLength: 4096 }), fc.boolean());
  await fc.assert(
    fc.asyncProperty(hostile, async ([beginning, bytes, zeros]) => {
      const head = Buffer.concat([Buffer.from(beginning, "hex"), zeros ? Buffer.alloc(bytes.length) : bytes]);
      const started = performance.now();
      await formatWords(head);
      expect(performance.now() - started).toBeLessThan(1000);
    }),
    { numRuns: 3000 },
  );
});

it("an ASF header of size zero, which older versions of file-type never came to an end of", async () => {
  const header = Buffer.from("3026b2758e66cf11a6d900aa0062ce6c", "hex");
  expect(await formatWords(Buffer.concat([header, Buffer.alloc(60_000)]))).toBeUndefined();
});
