import { realpath, stat } from "node:fs/promises";
import { dirname } from "node:path";

/** What tells a file or folder from all others while both are there, by whatever path each is reached. */
export type Identity = string;

/** Device and inode: bind mounts, links and names in another case all lead to the same pair; realpath(3) knows links only. */
export function identityOf({ dev, ino }: { readonly dev: bigint; readonly ino: bigint }): Identity {
  return `${dev}:${ino}`;
}

/** The identity of what `path` leads to, through links; undefined where nothing is. */
export async function identityAt(path: string): Promise<Identity | undefined> {
  return await stat(path, { bigint: true }).then(identityOf, () => undefined);
}

/** A file or folder with all the folders it stands in, by identity and not by name. */
export class Place {
  readonly identity: Identity;
  readonly #above: ReadonlySet<Identity>;

  private constructor(chain: readonly [Identity, ...Identity[]]) {
    [this.identity] = chain;
    this.#above = new Set(chain);
  }

  /** Throws what node:fs throws where nothing is. */
  static async at(path: string): Promise<Place> {
    let folder = await realpath(path);
    const chain: [Identity, ...Identity[]] = [identityOf(await stat(folder, { bigint: true }))];
    for (let above = dirname(folder); above !== folder; above = dirname(folder)) {
      folder = above;
      chain.push(identityOf(await stat(folder, { bigint: true })));
    }
    return new Place(chain);
  }

  /** Whether this is the folder `identity`, or stands in it at any depth on its way to the root. */
  isWithin(identity: Identity): boolean {
    return this.#above.has(identity);
  }
}
