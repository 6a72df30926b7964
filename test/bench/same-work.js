// What evseal does, done with stock tools: a hash of every file and of the container, a signed list of them, and when
// opening, both compared. $HASH is the program that hashes; it runs on every core beside `tar | age`.
import { bash } from "./bash.js";

const hashFiles = (folder) => `
  export HASH HASHES
  (cd ${folder} && find . -type f -print0 | xargs -0 -P "$CORES" -n "$BATCH" \\
    bash -c '$HASH "$@" > "$HASHES/files.$$"' hash) &
  files=$!`;

export function packSameWork({ hash, sealed }) {
  const script = `
  HASH="${hash}" HASHES=$SCRATCH
  ${hashFiles('"$SOURCE"')}
  mkfifo "$SCRATCH/fifo"
  $HASH < "$SCRATCH/fifo" > "$SCRATCH/container" & container=$!
  tar -C "$SOURCE" -cf - . | age -r "$RECIPIENT" | tee "$SCRATCH/fifo" > "$SEALED/media.age"
  wait $files
  wait $container
  sort "$SCRATCH"/files.* > "$SEALED/manifest"
  cat "$SCRATCH/container" >> "$SEALED/manifest"
  minisign -S -s "$SIGNING_KEY" -m "$SEALED/manifest"`;
  return [
    bash(script),
    ["sync", ...["media.age", "manifest", "manifest.minisig", ""].map((name) => `${sealed}/${name}`)],
  ];
}

export function openSameWork({ hash, synced }) {
  const script = `
  HASH="${hash}" HASHES=$SCRATCH
  age -d -i "$IDENTITY" "$SEALED/media.age" | tar -C "$OPENED" -xf -
  ${hashFiles('"$OPENED"')}
  $HASH < "$SEALED/media.age" > "$SCRATCH/container" & container=$!
  wait $files
  wait $container
  sort "$SCRATCH"/files.* > "$SCRATCH/found"
  cat "$SCRATCH/container" >> "$SCRATCH/found"
  minisign -V -q -p "$PUBLIC_KEY" -m "$SEALED/manifest"
  cmp "$SCRATCH/found" "$SEALED/manifest"`;
  return [bash(script), synced];
}
