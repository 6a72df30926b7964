import { markup, type Markup } from "../package/markup.js";

/** Black on white, for A4 in print and for a screen; `footer` stands on every page and is a text of ours. */
export function reportStyle(footer: string): Markup {
  // Inside a style element no entity is read, so nothing that could need one may come in.
  const safeFooter = footer.replace(/[^\w .,:-]/g, "");
  return markup`<style>
  @page {
    size: A4;
    margin: 15mm 16mm 18mm;
    @bottom-left { content: "${safeFooter}"; font: 8pt "Helvetica Neue", Arial, "Liberation Sans", sans-serif; color: #444; }
    @bottom-right { content: "Page " counter(page) " of " counter(pages); font: 8pt "Helvetica Neue", Arial, "Liberation Sans", sans-serif; color: #444; }
  }
  :root { color-scheme: light; }
  * { box-sizing: border-box; }
  html { background: #fff; }
  body {
    margin: 0 auto; max-width: 182mm; padding: 10mm 2mm;
    font: 9.3pt/1.4 "Helvetica Neue", Arial, "Liberation Sans", sans-serif; color: #111;
    -webkit-print-color-adjust: exact; print-color-adjust: exact;
  }
  header { border-bottom: 2.5pt solid #111; padding-bottom: 3mm; margin-bottom: 4mm; }
  h1 { font-size: 21pt; line-height: 1.15; margin: 0; letter-spacing: -0.2pt; }
  header p { margin: 1mm 0 0; color: #444; font-size: 10.5pt; }
  h2 { font-size: 12pt; margin: 5.5mm 0 1.8mm; break-after: avoid; }
  p { margin: 0 0 2mm; orphans: 3; widows: 3; }
  ul { margin: 0 0 2mm; padding-left: 5mm; }
  li { margin-bottom: 0.8mm; break-inside: avoid; }
  .verdict { border: 1pt solid #111; border-left-width: 5pt; padding: 3mm 4mm; margin-bottom: 5mm; break-inside: avoid; }
  .verdict strong { font-size: 13pt; display: block; margin-bottom: 0.5mm; }
  .verdict p { margin: 0; }
  .verdict.ok { border-color: #1b6b3a; background: #f0f7f2; }
  .verdict.failed { border-color: #a3161a; background: #fcf0f0; }
  table { width: 100%; border-collapse: collapse; font-size: 8.5pt; line-height: 1.32; }
  thead { display: table-header-group; }
  tr { break-inside: avoid; }
  th, td { text-align: left; vertical-align: top; padding: 1.25mm 2mm; border-bottom: 0.5pt solid #bbb; }
  thead th { border-bottom: 1pt solid #111; border-top: 1pt solid #111; background: #f1f1f1; font-weight: bold; }
  th[scope="row"] { font-weight: bold; white-space: nowrap; }
  .facts th { width: 47mm; font-weight: normal; color: #444; white-space: normal; }
  .digest { font: 8pt/1.4 "DejaVu Sans Mono", "Liberation Mono", Consolas, monospace; overflow-wrap: anywhere; }
  .number { width: 10mm; }
  .source { width: 42mm; }
  .tested { width: 59mm; }
  .state { width: 16mm; }
  .findings .state { width: 24mm; }
  .check { width: 29mm; }
  td.state { font-weight: bold; white-space: nowrap; }
  td.state.ok { color: #1b6b3a; } td.state.failed { color: #a3161a; } td.state.warning { color: #7a4b00; }
  .hint { color: #444; display: block; }
  .write-in { border-bottom: 0.6pt solid #111; display: block; height: 7mm; }
  .signatures { display: grid; grid-template-columns: 1fr 1fr; gap: 0 12mm; margin-top: 3mm; break-inside: avoid; }
  .signatures h3 { font-size: 10pt; margin: 0 0 1mm; }
  .signatures div div { margin-top: 8.5mm; border-top: 0.6pt solid #111; padding-top: 0.8mm; font-size: 8pt; color: #444; }
  .close { break-inside: avoid; }
  @media print { body { max-width: none; padding: 0; } }
</style>`;
}
