export const fuse: string;
export function makeSingleFile(paths: {
  readonly platform: "linux" | "windows" | "macos";
  readonly runtime: string;
  readonly maker: string;
  readonly scripts: string;
  readonly output: string;
}): Promise<void>;
