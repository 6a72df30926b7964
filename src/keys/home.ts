import { join } from "node:path";

/** Where a unit's own keys and its contacts stand: EVSEAL_HOME. The folder need not exist yet, and may be a link. */
export class Home {
  readonly path: string;

  private constructor(path: string) {
    this.path = path;
  }

  static at(path: string): Home {
    return new Home(path);
  }

  /** The age identity that opens what is sealed to this unit. */
  get receivingKey(): string {
    return join(this.path, "receiving.age");
  }

  /** The minisign secret key. */
  get signingKey(): string {
    return join(this.path, "signing.key");
  }

  get signingPublicKey(): string {
    return join(this.path, "signing.pub");
  }

  /** The unit's own card; it is written last, so where it is missing there is no complete set of keys. */
  get card(): string {
    return join(this.path, "card.json");
  }

  /** What the unit allows beyond what evseal allows by itself; written by hand, and often not there. */
  get policy(): string {
    return join(this.path, "policy.json");
  }

  get contacts(): string {
    return join(this.path, "contacts");
  }
}
