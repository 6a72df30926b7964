import { leftoverOf } from "../package/names.js";
import { describeFile } from "./content-words.js";
import { finding, privateKey, type Finding } from "./finding.js";
import { holdsPackage } from "./package-shape.js";
import type { Entry } from "./tree.js";

/** Something that belongs to no package, by what it is. */
export async function describeStray(entry: Entry): Promise<Finding> {
  const { name, path, kind } = entry;
  switch (kind) {
    case "file": {
      const content = await describeFile(entry.onDisc?.open ?? entry.location, name);
      if (content === undefined) return finding("UNREADABLE", path, "a file that cannot be read");
      return "key" in content ? privateKey(path, content.key) : finding("CLEAR_FILE", path, content.words);
    }
    case "folder":
      if (leftoverOf(name) !== undefined) return finding("LEFTOVER", path);
      if (holdsPackage(entry)) return finding("PACKAGE_NOT_ON_TOP", path);
      return finding(entry.entries.length === 0 ? "EMPTY_FOLDER" : "CLEAR_FOLDER", path);
    case "link":
      return finding("LINK", path);
    case "special":
      return finding("SPECIAL_FILE", path);
    case "unreadable":
      return finding("UNREADABLE", path);
    case "too deep":
      return finding("TOO_DEEP", path);
    case "the same again":
      return finding("FOLDER_LOOP", path);
  }
}
