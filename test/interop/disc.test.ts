/** A package goes through the file systems of a disc and a memory stick unharmed. */
import path from "node:path";
import { beforeAll, expect, test } from "vitest";
import { run } from "../cli/run.js";
import {
  contentsOf,
  emptyFolder,
  evseal,
  exchange,
  interview,
  seal,
  sharedFolder,
  type Exchange,
  type Package,
} from "./exchange.js";
import { cutOntoTwoDiscs } from "./changed-package.js";
import { describeWith, must } from "./programs.js";

const place = sharedFolder();

describeWith(["xorriso", "7zz"], "a package on a disc", () => {
  let units: Exchange;
  let sealed: Package;
  beforeAll(async () => {
    units = await exchange(emptyFolder(place, "units"));
    sealed = await seal(place, units.sender, units.receiver, [interview]);
  });

  // Windows reads Joliet names; Linux and macOS read Rock Ridge; -J and -r are what burning programs write.
  test.each([
    ["Rock Ridge", ["-r"]],
    ["Joliet", ["-J"]],
  ])(
    "burned with %s names, passes the gate on the disc as what was checked before, and opens",
    async (names, flags) => {
      const image = path.join(place, `${names}.iso`);
      const disc = emptyFolder(place, `disc with ${names}`);
      const source = path.dirname(sealed.folder);
      await must("xorriso", ["-as", "mkisofs", "-quiet", ...flags, "-o", image, source]);
      await must("7zz", ["x", "-y", `-o${disc}`, image]);

      const { digest } = await evseal(units.sender.home, "check", source);
      const check = await run(["check", disc, "--expect-digest", String(digest)], { home: units.receiver.home });
      expect(check).toMatchObject({ code: 0 });

      const out = emptyFolder(place, `opened from ${names}`);
      const opened = await run(["open", path.join(disc, sealed.seal), "--out", out], { home: units.receiver.home });
      expect(opened).toMatchObject({ code: 0 });
      expect(await contentsOf(path.join(out, `${sealed.seal}.opened`, "media/interview"))).toEqual(
        await contentsOf(interview),
      );
    },
  );
});

describeWith(["minisign", "xorriso"], "a package on two discs", () => {
  test("passes the gate disc by disc, on the image as in the folder, and a person sees which disc it is", async () => {
    const { place: below, sender, receiver } = await exchange(emptyFolder(place, "on two discs"));
    const sealed = await seal(below, sender, receiver, [interview]);
    for (const [index, { folder }] of (await cutOntoTwoDiscs(sealed, sender)).entries()) {
      const image = path.join(below, `disc ${index + 1}.iso`);
      await must("xorriso", ["-as", "mkisofs", "-quiet", "-r", "-J", "-V", sealed.seal, "-o", image, folder]);

      const { digest, packages } = await evseal(sender.home, "check", folder);
      const check = await run(["check", image, "--expect-digest", String(digest)], { home: sender.home });

      expect(packages).toMatchObject([{ seal: sealed.seal, path: folder, disc: index + 1, of: 2 }]);
      expect(check).toMatchObject({ code: 0 });
      expect(check.stdout).toMatch(`${sealed.seal} disc ${index + 1} of 2  from Sender to Receiver\n`);
    }
  });
});
