/** The validation report that a lab files: what was demanded of evseal on this machine, how it was tried, and the result. */
import { markup, type Markup, type MarkupValue } from "../package/markup.js";
import { PublicDocument } from "../package/public-document.js";
import type { Examination } from "./examine.js";
import type { Finding, FindingState } from "./finding.js";
import { digestCommand } from "./program-digest.js";
import { reportStyle } from "./report-style.js";
import type { TestedRequirement } from "./requirements.js";

/** One HTML file that needs nothing beside it. It holds no path, no name of a contact and no secret. */
export function reportOf(examination: Examination): PublicDocument {
  const { versions, examinedAt } = examination;
  const footer = `evseal ${versions.evseal} validation report, ${instantInWords(examinedAt)}`;
  return PublicDocument.ofReport(markup`<!doctype html>
<html lang="en-GB">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="viewport" content="width=device-width">
<title>${footer}</title>
${reportStyle(footer)}
</head>
<body>
<header>
<h1>Validation report</h1>
<p>evseal ${versions.evseal}, as it is installed on one machine, tried against published test vectors</p>
</header>
${verdict(examination)}
${identification(examination)}
${scope}
${requirementsTable(examination.requirements)}
${findingsTable(examination.findings)}
${repeating(examination)}
${limits}
${signatures}
</body>
</html>
`);
}

/** `2026-11-23T22:10:05Z` as a person writes it. */
function instantInWords(instant: string): string {
  return `${instant.slice(0, 10)} ${instant.slice(11, 19)} UTC`;
}

function verdict({ ok, requirements, findings }: Examination): Markup {
  const met = requirements.filter(({ state }) => state === "ok").length;
  const count = (wanted: FindingState): number => findings.filter(({ state }) => state === wanted).length;
  const machine = `${count("ok")} in order, ${count("warning")} with a warning, ${count("failed")} failed, ${count("not examined")} not examined`;
  return markup`<section class="verdict ${ok ? "ok" : "failed"}">
<strong>${ok ? "PASSED" : "FAILED"}</strong>
<p>Requirements: ${met} of ${requirements.length} met. This machine and unit: ${machine}.</p>
</section>`;
}

function identification({ unit, examinedAt, versions, program }: Examination): Markup {
  const at = `${instantInWords(examinedAt)}, by the machine's own clock`;
  const { digest, executableSha256 = "could not be read" } = program;
  const rows = [
    fact("Report number", writeIn),
    fact("Machine (asset number), place", writeIn),
    fact("Examined", at),
    fact("Unit", unit?.unit ?? "no keys on this machine"),
    ...(unit === undefined ? [] : [fact("Fingerprint of its card", mono(unit.fingerprint))]),
    fact("evseal", versions.evseal),
    fact("Node.js / OpenSSL / libsodium", `${versions.node} / ${versions.openssl} / ${versions.libsodium}`),
    fact("System", versions.system),
    fact(
      "SHA-256 of evseal's files, with its libraries",
      digest === undefined ? "not files of their own" : mono(digest.sha256),
    ),
    fact("SHA-256 of the executable", mono(executableSha256)),
  ];
  return markup`<h2>1 Identification</h2>
<table class="facts"><tbody>${rows}</tbody></table>`;
}

const writeIn = markup`<span class="write-in"></span>`;

function mono(text: string): Markup {
  return markup`<span class="digest">${text}</span>`;
}

function fact(name: string, value: MarkupValue): Markup {
  return markup`<tr><th scope="row">${name}</th><td>${value}</td></tr>
`;
}

const scope = markup`<h2>2 Purpose and scope</h2>
<p>evseal seals recorded interviews to the key of the unit that receives them, and proves afterwards what was sent. This
report shows whether the functions that it does so with give the right answers on this machine: each requirement names
the document that demands it, and the vectors, published by others, that it was tried with. They were run in the program
that is identified above, with the same functions that <em>pack</em>, <em>check</em>, <em>verify</em> and
<em>open</em> use. No evidence was read, and no
passphrase was asked for.</p>`;

function requirementsTable(requirements: readonly TestedRequirement[]): Markup {
  return markup`<h2>3 Requirements</h2>
<table>
<thead><tr><th class="number">No.</th><th>Requirement</th><th class="source">Source</th><th class="tested">Tried with</th><th class="state">Result</th></tr></thead>
<tbody>
${requirements.map(requirementRow)}</tbody>
</table>`;
}

function requirementRow({ id, says, source, testedWith, state }: TestedRequirement): Markup {
  const result = state === "ok" ? "met" : "NOT MET";
  return markup`<tr><th scope="row">${id}</th><td>${says}</td><td>${source}</td><td>${testedWith}</td><td class="state ${state}">${result}</td></tr>
`;
}

function findingsTable(findings: readonly Finding[]): Markup {
  return markup`<h2>4 This machine and this unit</h2>
<p>What evseal stands on here. A warning does not fail the examination; it is for the examiner to judge.</p>
<table class="findings">
<thead><tr><th class="check">Looked at</th><th>Found</th><th class="state">State</th></tr></thead>
<tbody>
${findings.map(findingRow)}</tbody>
</table>`;
}

function findingRow({ check, state, detail, hint }: Finding): Markup {
  const advice = state === "ok" ? markup`` : markup`<span class="hint">To do: ${hint}.</span>`;
  const shown = state === "not examined" ? "not examined" : state === "failed" ? "FAILED" : state;
  return markup`<tr><th scope="row">${check}</th><td>${detail}${advice}</td><td class="state ${state}">${shown}</td></tr>
`;
}

function repeating({ program }: Examination): Markup {
  const digest = markup`<li>The SHA-256 of evseal's files is that of a list of them; in the folder in which evseal is installed, anybody gets it
with <span class="digest">${digestCommand}</span></li>`;
  return markup`<section class="close"><h2>5 How to repeat it</h2>
<ul>
<li>On this machine: <span class="digest">evseal doctor --report FILE.html</span>. The requirements and their vectors are part of the program.</li>
${program.digest === undefined ? [] : [digest]}
<li>The vectors are in the documents that the table names; evseal's source has them in <span class="digest">src/doctor</span>.</li>
</ul></section>`;
}

const limits = markup`<section class="close"><h2>6 What this report does not show</h2>
<ul>
<li>It was made by the program that it is about. A program that was tampered with can write any report: compare the
digests above with those of the version that your unit approved, with a tool of your own.</li>
<li>No algorithm was validated under FIPS 140, and evseal claims no such validation.</li>
<li>Whether the clock is right, and what lies below the operating system, cannot be told from here.</li>
<li>What evseal does with files, discs, full disks and interruptions is covered by the project's own tests, not by this report.</li>
</ul></section>`;

const signatures = markup`<section class="close"><h2>7 Signatures</h2>
<p>I have examined the machine named above, read the findings, and filed this report.</p>
<div class="signatures">
<div><h3>Examiner</h3><div>Name and role</div><div>Signature</div><div>Date</div></div>
<div><h3>Approved by</h3><div>Name and role</div><div>Signature</div><div>Date</div></div>
</div></section>`;
