import { PublicDocument } from "./public-document.js";

/**
 * The fixed text in every package, the same to the letter, so that it tells nothing. `check` accepts the texts that
 * evseal has shipped and no other: a new one goes in front of `shippedHowTos`, and the old ones stay.
 */
const version2 = `THIS PACKAGE IS SEALED

It holds evidence, encrypted so that only the units it was sent to can open
it. If it was not sent to your unit, do not try to open it: hand it to the
police, or tell them where you found it. They need nothing from you but the
seal number, which begins with EV- and is part of the names of these files.


IF IT CAME ON SEVERAL DISCS

Where the name of a file here ends in a number, such as .001, the package is
in parts, which may be on several discs. The file that ends in .label.json,
which any text editor shows, lists the parts, each with the number of its
disc. You need all of them: copy the files of all discs into one folder, and
go on there. Files of the same name are the same on each disc: copy them once.


OPENING IT WITH EVSEAL

Open a command line in the folder that holds this text, and type:

  evseal verify .                proves who sent it and that it is whole
  evseal list .                  shows what is inside, with your unit's key
  evseal open . --out FOLDER     checks everything, then opens it

FOLDER stands for an existing folder outside this one. If evseal answers
SIGNER_UNKNOWN, it does not know the sender yet: ask the sender for their card
and add it with "evseal contacts add", which says how to make sure of it.

evseal also opens several discs without such a copy, from a command line that
is not on the disc. Name the folders of the discs, in any order; or name only
that of your drive, and evseal asks for one disc after the other.

  evseal open DISC1 DISC2 --out FOLDER


OPENING IT WITHOUT EVSEAL

Every layer is a published standard. You need a Linux command line with tar,
sed and sha256sum, which are there already, and two free programs:

  minisign    checks signatures   https://jedisct1.github.io/minisign/
  age         decrypts            https://age-encryption.org
              (version 1.3 or later; an older one can open a package only if
              your unit has a classic key)

First type these five lines, with your own values between the quotation
marks. Name folders and files by their full paths, which begin with /.

  PACKAGE="..."     the folder that holds all files of the package
  SEAL="..."        the seal number, such as EV-7K3Q-9M2X-TB4H
  SENDER="..."      the sender's signingKey, 56 characters that begin with RW
  KEY="..."         the file with your unit's private key, receiving.age
  FOLDER="..."      an existing empty folder for what comes out

The signingKey is on the sender's card, a file that ends in .card.json. Make
sure of the card first: ring the sender on a number that you did not get with
the card or the disc. The fingerprint that they read to you, 64 digits and
letters, must be the one that sha256sum shows for the card file.

Then type each line below that begins with $, without the $. If age asks for a
passphrase, it is the one of your unit's private key. If a line reports an
error, or does not show what is said here, stop: do not use what came out, and
ask the sender.

1. Is it from the sender, and is it whole? minisign must say "Signature and
   comment signature verified" and show the trusted comment
   "evseal/label/v1 seal=" with your seal number after it. sha256sum must say
   OK on every line.

  $ cd "$PACKAGE"
  $ minisign -V -H -P "$SENDER" -m "$SEAL.label.json"
  $ sed -n 's/.*"sha256":"\\([0-9a-f]*\\)","name":"\\([^"]*\\)".*/\\1  \\2/p' "$SEAL.label.json" | sha256sum -c -

2. What was sent, and to whom? That is in manifest.json, which any text editor
   shows. minisign must say the same of it as before, with the trusted comment
   "evseal/manifest/v1 seal=" and the same seal number.

  $ age -d -i "$KEY" "$SEAL.manifest.evseal" | tar -x -f - -C "$FOLDER"
  $ minisign -V -H -P "$SENDER" -m "$FOLDER/$SEAL/manifest.json"

3. Take the evidence out, and compare each file with the signed manifest.
   sha256sum must say OK for every one of them.

  $ cat "$SEAL".evseal* | age -d -i "$KEY" | tar -x -f - -C "$FOLDER"
  $ cd "$FOLDER/$SEAL/media"
  $ sed -n 's/.*"sha256":"\\([0-9a-f]*\\)","path":"\\([^"]*\\)".*/\\1  .\\/\\2/p' ../manifest.json | sha256sum -c -

The evidence is now in the folder media. Keep manifest.json and
manifest.json.minisig with it: they prove what the sender sent. The file
padding holds only zeros, which hid how much was sealed; you may delete it.
`;

const version1 = `THIS PACKAGE IS SEALED

It holds evidence, encrypted so that only the units it was sent to can open
it. If it was not sent to your unit, do not try to open it: hand it to the
police, or tell them where you found it. They need nothing from you but the
seal number, which begins with EV- and is part of the names of these files.


OPENING IT WITH EVSEAL

Open a command line in the folder that holds this text, and type:

  evseal verify .                proves who sent it and that it is whole
  evseal list .                  shows what is inside, with your unit's key
  evseal open . --out FOLDER     checks everything, then opens it

FOLDER stands for an existing folder outside this one. If evseal answers
SIGNER_UNKNOWN, it does not know the sender yet: ask the sender for their card
and add it with "evseal contacts add", which says how to make sure of it.


OPENING IT WITHOUT EVSEAL

Every layer is a published standard. You need a Linux command line with tar,
sed and sha256sum, which are there already, and two free programs:

  minisign    checks signatures   https://jedisct1.github.io/minisign/
  age         decrypts            https://age-encryption.org
              (version 1.3 or later; an older one can open a package only if
              your unit has a classic key)

First type these five lines, with your own values between the quotation
marks. Name folders and files by their full paths, which begin with /.

  PACKAGE="..."     the folder that holds this text
  SEAL="..."        the seal number, such as EV-7K3Q-9M2X-TB4H
  SENDER="..."      the sender's signingKey, 56 characters that begin with RW
  KEY="..."         the file with your unit's private key, receiving.age
  FOLDER="..."      an existing empty folder for what comes out

The signingKey is on the sender's card, a file that ends in .card.json. Make
sure of the card first: ring the sender on a number that you did not get with
the card or the disc. The fingerprint that they read to you, 64 digits and
letters, must be the one that sha256sum shows for the card file.

Then type each line below that begins with $, without the $. If age asks for a
passphrase, it is the one of your unit's private key. If a line reports an
error, or does not show what is said here, stop: do not use what came out, and
ask the sender.

1. Is it from the sender, and is it whole? minisign must say "Signature and
   comment signature verified" and show the trusted comment
   "evseal/label/v1 seal=" with your seal number after it. sha256sum must say
   OK three times.

  $ cd "$PACKAGE"
  $ minisign -V -H -P "$SENDER" -m "$SEAL.label.json"
  $ sed -n 's/.*"sha256":"\\([0-9a-f]*\\)","name":"\\([^"]*\\)".*/\\1  \\2/p' "$SEAL.label.json" | sha256sum -c -

2. What was sent, and to whom? That is in manifest.json, which any text editor
   shows. minisign must say the same of it as before, with the trusted comment
   "evseal/manifest/v1 seal=" and the same seal number.

  $ age -d -i "$KEY" "$SEAL.manifest.evseal" | tar -x -f - -C "$FOLDER"
  $ minisign -V -H -P "$SENDER" -m "$FOLDER/$SEAL/manifest.json"

3. Take the evidence out, and compare each file with the signed manifest.
   sha256sum must say OK for every one of them.

  $ age -d -i "$KEY" "$SEAL.evseal" | tar -x -f - -C "$FOLDER"
  $ cd "$FOLDER/$SEAL/media"
  $ sed -n 's/.*"sha256":"\\([0-9a-f]*\\)","path":"\\([^"]*\\)".*/\\1  .\\/\\2/p' ../manifest.json | sha256sum -c -

The evidence is now in the folder media. Keep manifest.json and
manifest.json.minisig with it: they prove what the sender sent. The file
padding holds only zeros, which hid how much was sealed; you may delete it.
`;

export const shippedHowTos: readonly [string, ...string[]] = [version2, version1];

export const howToOpen = PublicDocument.fixedText(shippedHowTos[0]);
