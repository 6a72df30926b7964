// Packs as `evseal pack` does, but for reading back, which no user can switch off.
// Usage: node pack-without-read-back.js HOME UNIT SOURCE OUT. Exits 3 where the build took no notice of the switch: no
// row may stand under this name when the work was done after all.
const [homePath, unit, source, outDir] = process.argv.slice(2);
const built = (file) => import(new URL(`../../dist/${file}`, import.meta.url).href);
const [{ Home }, { Contacts }, { loadCard, loadSigningKey }, { pack }] = await Promise.all(
  ["keys/home.js", "keys/contacts.js", "keys/unit-keys.js", "sealing/pack.js"].map(built),
);

process.umask(0o077);
const home = Home.at(homePath);
const signingKey = await loadSigningKey(home.signingKey, () => Promise.reject(new Error("the key has a passphrase")));
const phases = new Set();
const { readBack } = await pack({
  sources: [source],
  recipients: [(await Contacts.load(home)).find(unit).card],
  sender: { card: await loadCard(home), signingKey },
  outDir,
  record: {},
  clock: () => new Date(),
  watch: { signal: new globalThis.AbortController().signal, progress: (phase) => phases.add(phase) },
  readBack: false,
});
signingKey.wipe();
if (readBack !== false || phases.has("reading back")) process.exitCode = 3;
