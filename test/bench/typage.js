// Seals stdin to the recipient named, to stdout, with age's own author's implementation in TypeScript.
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { Encrypter } from "age-encryption";

const encrypter = new Encrypter();
encrypter.addRecipient(process.argv[2]);
await pipeline(Readable.fromWeb(await encrypter.encrypt(Readable.toWeb(process.stdin))), process.stdout);
