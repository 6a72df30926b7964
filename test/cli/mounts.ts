import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { onTestFinished } from "vitest";

/** Mounts for the length of a test, below a folder made for it. Throws where this machine does not let us. */
export function mounted(at: string, ...options: readonly string[]): string {
  mkdirSync(at, { recursive: true });
  execFileSync("mount", [...options, at], { stdio: "ignore" });
  onTestFinished(() => void execFileSync("umount", ["--lazy", at], { stdio: "ignore" }));
  return at;
}

/** Whether a mount of this kind can be made here; only root may, and not in every container. */
export function canMount(make: (folder: string) => readonly string[]): boolean {
  const folder = mkdtempSync(path.join(tmpdir(), "evseal-mount-"));
  const at = path.join(folder, "at");
  mkdirSync(at);
  try {
    execFileSync("mount", [...make(folder), at], { stdio: "ignore" });
    execFileSync("umount", [at], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** An image with an ext4 of its own, in which folders can be told to take no notice of capital letters. */
export function caseBlindImage(folder: string): string {
  const image = path.join(folder, "image");
  execFileSync("truncate", ["-s", "16M", image]);
  execFileSync("mkfs.ext4", ["-q", "-O", "casefold", image], { stdio: "ignore" });
  return image;
}
