import { PublicDocument } from "./public-document.js";

/**
 * The fixed text in every package, the same to the letter, so that it tells nothing. `check` accepts the texts that
 * evseal has shipped and no other: to change it, add the new one to `shippedHowTos`, in front.
 */
const version1 = `THIS DISC OR FOLDER IS SEALED

It holds evidence that is encrypted to the unit it was sent to. Without that
unit's private key nobody can read it. If it is not addressed to you, do not
try: give it back to the police, or report where you found it. EV-… is its
seal number; that number is all you need to quote.


OPEN IT WITH EVSEAL

  evseal verify .                checks who sent it and that it is whole
  evseal list .                  shows what is inside, with your unit's key
  evseal open . --out FOLDER     checks everything, then opens it


OPEN IT WITHOUT EVSEAL

Every layer is a published standard, and other people's programs open it:
minisign (signatures), age (encryption; version 1.3 or later, or any version
for units with classic keys), tar, and sha256sum. On a computer with these
programs, set these to your own values, all folders and files as full paths:

  PACKAGE   the folder with the sealed files, the one this text stands in
  SEAL      the seal number, such as EV-7K3Q-9M2X-TB4H
  SENDER    the sender's public signing key: the signingKey on the card whose
            fingerprint you compared with them by telephone
  KEY       the file with your unit's private key, receiving.age
  FOLDER    an existing empty folder for what comes out

1. Is it from the sender, and is it whole? minisign must show the trusted
   comment "evseal/label/v1 seal=" with your seal number, and sha256sum must
   say OK three times.

  $ cd "$PACKAGE"
  $ minisign -V -H -P "$SENDER" -m "$SEAL.label.json"
  $ sed -n 's/.*"sha256":"\\([0-9a-f]*\\)","name":"\\([^"]*\\)".*/\\1  \\2/p' "$SEAL.label.json" | sha256sum -c -

2. What was sent? The manifest must be signed by the same sender; its trusted
   comment must be "evseal/manifest/v1 seal=" with the same seal number.

  $ age -d -i "$KEY" "$SEAL.manifest.evseal" | tar -x -C "$FOLDER"
  $ minisign -V -H -P "$SENDER" -m "$FOLDER/$SEAL/manifest.json"

3. Take the evidence out, and compare every file with the signed manifest.

  $ age -d -i "$KEY" "$SEAL.evseal" | tar -x -C "$FOLDER"
  $ cd "$FOLDER/$SEAL/media"
  $ sed -n 's/.*"sha256":"\\([0-9a-f]*\\)","path":"\\([^"]*\\)".*/\\1  \\2/p' ../manifest.json | sha256sum -c -

The file named padding holds only zeros, which hide the length of what was
sealed. Delete it.
`;

export const shippedHowTos: readonly string[] = [version1];

export const howToOpen = PublicDocument.fixedText(version1);
