const megabyte = 1e6;

/** What the figures have to be, as ratios of medians of one run: [ours, its peer, the limit when packing, ...]. */
const peerLimits = [
  ["same work, openssl", 0.45, 0.8, 0.6],
  ["same work, coreutils", 0.25, 0.45, 0.4],
  ["tar | age", 0.85, 1.5, undefined],
  ["tar | gpg -z0", 0.6, 1.0, undefined],
  ["7z -mx0", 0.6, 1.0, undefined],
  ["cp", 2.2, 4, 2.2],
];
const packing = [
  ["pack", "evseal, read-back off"],
  ["pack", "evseal"],
];
const ours = [...packing, ["open", "evseal open"]];
/** Whose cost per GiB is compared: 20 GiB cannot be opened from memory, so 1 GiB is not either. */
const perGiB = [...packing, ["open", "evseal open, from the disk"]];

/** Every requirement: { what, measured, limit, verdict }; one whose rows are not there is "not measured". */
export function judge(rows) {
  const row = (inCase, job, name) =>
    rows.find((each) => each.case === inCase && each.job === job && each.name === name);
  const seconds = (...which) => row(...which)?.seconds.median;
  const verdicts = [];
  const demand = (what, measured, limit) => {
    const verdict = measured === undefined ? "not measured" : measured <= limit ? "pass" : "fail";
    verdicts.push({ what, ...(measured !== undefined && { measured }), limit, verdict });
  };
  const over = (one, other) => (one === undefined || other === undefined ? undefined : one / other);

  for (const name of ["one", "four"]) {
    for (const [peer, ...limits] of peerLimits) {
      ours.forEach(([job, our], index) => {
        if (limits[index] === undefined) return;
        demand(
          `${name}, ${job}: ${our} / ${peer}`,
          over(seconds(name, job, our), seconds(name, job, peer)),
          limits[index],
        );
      });
    }
  }
  for (const [job, our] of ours) {
    const [openssl, coreutils] = ["openssl", "coreutils"].map((hash) => seconds("small", job, `same work, ${hash}`));
    const fastest = openssl && coreutils && Math.min(openssl, coreutils);
    demand(`small, ${job}: ${our} / the fastest same work`, over(seconds("small", job, our), fastest), 0.6);
    demand(`small, ${job}: ${our} / same work, coreutils`, over(seconds("small", job, our), coreutils), 0.4);
  }
  for (const [name, limit] of [
    ["one", 160],
    ["four", 160],
    ["huge", 160],
    ["many", 300],
  ]) {
    // prettier-ignore
    const peaks = rows.filter((each) => each.case === name && each.name.startsWith("evseal")).map((each) => each.peakBytes.max);
    demand(`${name}: peak memory of evseal in MB`, peaks.length > 0 ? Math.max(...peaks) / megabyte : undefined, limit);
  }
  for (const [job, our] of perGiB) {
    const perByte = (name) => over(seconds(name, job, our), row(name, job, our)?.bytes);
    demand(`${job}: ${our}, seconds per GiB, huge / one`, over(perByte("huge"), perByte("one")), 1.15);
  }
  const startUp = over(seconds("start", "start", "evseal --version"), seconds("start", "start", "node -e 0"));
  demand("start: evseal --version / node -e 0", startUp, 1.3);
  return verdicts;
}
