const kibibyte = 2 ** 10;
const mebibyte = 2 ** 20;

/**
 * What is packed and opened. `peers`: by other programs too; `optional`: only when asked for by name; `fromDisk`: opened
 * without anything of it in memory, too.
 */
export function casesFor({ quick }) {
  const large = quick ? 3 * mebibyte + 1 : 1024 * mebibyte;
  const few = quick ? 200 : 20_000;
  const many = quick ? 500 : 100_000;
  const maxRounds = quick ? 1 : 3; // of the cases that take longest
  return [
    { name: "one", files: 1, bytesEach: large, peers: true, fromDisk: true },
    { name: "four", files: 4, bytesEach: large, note: true, peers: true, ...(quick && { maxRounds }) },
    { name: "small", files: few, bytesEach: 10 * kibibyte, peers: true },
    { name: "huge", files: 20, bytesEach: large, linked: true, note: true, fromDisk: true, optional: true, maxRounds },
    { name: "many", files: many, bytesEach: 10 * kibibyte, optional: true, maxRounds },
  ].map((each) => ({ ...each, title: titleOf(each) }));
}

function titleOf({ files, bytesEach, linked }) {
  const [unit, size] = [["GiB", 2 ** 30], ["MiB", mebibyte], ["KiB", kibibyte]].find(([, bytes]) => bytesEach >= bytes); // prettier-ignore
  const amount = `${files.toLocaleString("en")} file${files > 1 ? "s" : ""} of ${Math.round(bytesEach / size)} ${unit}`;
  return linked ? `${amount} (one file under all names)` : amount;
}
