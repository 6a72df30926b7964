/** Every command of evseal as somebody types it, with what it needs made ready in the place where it is to run. */
import { cpSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { newPlace, type Place } from "./trial.js";
import { adding, type World } from "./world.js";

export interface CommandLine {
  readonly place: Place;
  /** EVSEAL_HOME. */
  readonly home: string;
  readonly words: readonly string[];
}

type Ready = (world: World, place: Place) => Omit<CommandLine, "place">;

/** A home of its own, like the sender's. */
function likeSender({ homes }: World, { folder }: Place): string {
  const home = path.join(folder, "keys");
  cpSync(homes.sender, home, { recursive: true });
  return home;
}

const ready = {
  pack: ({ homes, packing }, { out }) => ({ home: homes.sender, words: [...packing, "--out", out] }),
  open: ({ homes, sealed }, { out }) => ({ home: homes.receiver, words: ["open", sealed, "--out", out] }),
  salvage: ({ homes, sealed }, { out }) => ({ home: homes.receiver, words: ["salvage", sealed, "--out", out] }),
  list: ({ homes, sealed }) => ({ home: homes.receiver, words: ["list", sealed] }),
  verify: ({ homes, sealed }) => ({ home: homes.receiver, words: ["verify", sealed] }),
  "verify of nothing": ({ homes }, { out }) => ({ home: homes.receiver, words: ["verify", out] }),
  inspect: ({ homes, sealed }) => ({ home: homes.receiver, words: ["inspect", sealed] }),
  check: ({ homes, sealed }) => ({ home: homes.sender, words: ["check", path.dirname(sealed)] }),
  "check of a tray in the clear": ({ homes, source }) => ({ home: homes.sender, words: ["check", source] }),
  clean: ({ homes }, { out }) => {
    mkdirSync(path.join(out, ".EV-0000-0000-0000.partial"), { mode: 0o700 });
    writeFileSync(path.join(out, ".EV-0000-0000-0000.partial", "EV-0000-0000-0000.evseal"), "age-", { mode: 0o600 });
    return { home: homes.sender, words: ["clean", out, "--yes"] };
  },
  keygen: (_world, { folder }) => {
    const words = ["keygen", "--unit", "Force A", "--classic", "--no-passphrase"];
    return { home: path.join(folder, "keys"), words };
  },
  card: ({ homes }) => ({ home: homes.sender, words: ["card"] }),
  "card --out": (world, place) => {
    return { home: likeSender(world, place), words: ["card", "--out", path.join(place.out, "card")] };
  },
  "contacts add": (world, place) => {
    const home = likeSender(world, place);
    rmSync(path.join(home, "contacts"), { recursive: true });
    return { home, words: adding(world.cards.receiver) };
  },
  "contacts list": ({ homes }) => ({ home: homes.sender, words: ["contacts", "list"] }),
  "contacts show": ({ homes, cards }) => ({ home: homes.sender, words: ["contacts", "show", cards.receiver.unit] }),
  "contacts remove": (world, place) => {
    return { home: likeSender(world, place), words: ["contacts", "remove", world.cards.receiver.unit] };
  },
  completion: ({ homes }) => ({ home: homes.sender, words: ["completion", "bash"] }),
  help: ({ homes }) => ({ home: homes.sender, words: ["help", "pack"] }),
  version: ({ homes }) => ({ home: homes.sender, words: ["--version"] }),
  "no command of that name": ({ homes }) => ({ home: homes.sender, words: ["burn"] }),
} satisfies Readonly<Record<string, Ready>>;

export type CommandName = keyof typeof ready;
export const commandNames = Object.keys(ready) as readonly CommandName[];

/** A command line in a new place. */
export function commandLine(world: World, name: CommandName): CommandLine {
  const place = newPlace(world);
  return { place, ...(ready[name] as Ready)(world, place) };
}
