/**
 * How pages look. Colours by what they mean, twice: for light and for dark; told apart by those who do not see all colours
 * (after Okabe and Ito), and never the only sign. Paper is always light.
 */
export const STYLE = `
:root {
  color-scheme: light dark;
  --paper: #ffffff; --tint: #f4f6f8; --ink: #1a2026; --soft: #56616c; --line: #d5dbe1; --link: #0a57a4;
  --blue: #0072b2; --orange: #d55e00; --green: #00875f; --grey: #a3adb7; --purple: #9a5a8f;
  --inner: #56a5d8; --outer: #b5d8ef; --median: #0b3f66; --mark: #fff3cd;
}
@media screen and (prefers-color-scheme: dark) {
  :root {
    --paper: #14181c; --tint: #1d2329; --ink: #e6eaee; --soft: #a2adb8; --line: #353e47; --link: #7cbcf5;
    --blue: #4aa8e0; --orange: #f08c3c; --green: #2fc79a; --grey: #6f7b87; --purple: #cf92c4;
    --inner: #3a7fae; --outer: #254a66; --median: #d6ecfb; --mark: #4a3f12;
  }
}
* { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; }
body {
  margin: 0 auto; max-width: 74rem; padding: 1.5rem 1.25rem 3rem; background: var(--paper); color: var(--ink);
  font: 1rem/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif;
}
h1 { font-size: 1.9rem; line-height: 1.2; margin: 0 0 .35rem; overflow-wrap: anywhere; }
h2 { font-size: 1.3rem; margin: 2.75rem 0 .75rem; padding-top: .9rem; border-top: 1px solid var(--line); }
h3 { font-size: 1.05rem; margin: 1.5rem 0 .5rem; }
p { margin: .4rem 0; max-width: 52rem; }
p.soft { font-size: .9rem; }
a { color: var(--link); }
a:focus-visible, .scroll:focus-visible { outline: 2px solid var(--link); outline-offset: 2px; }
.term { color: inherit; text-decoration: underline dotted var(--soft); text-underline-offset: .2em; }
.term:hover { color: var(--link); }
.hidden { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
.soft { color: var(--soft); }
.lead { color: var(--soft); }
.notice { background: var(--tint); border-left: 4px solid var(--orange); padding: .6rem .9rem; margin: 1rem 0; max-width: 54rem; }
.notice.good { border-color: var(--green); }
code { font: .88em ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; overflow-wrap: anywhere; }
nav { font-size: .92rem; }
nav a { margin-right: .9rem; white-space: nowrap; }
footer { margin-top: 3rem; padding-top: .8rem; border-top: 1px solid var(--line); color: var(--soft); font-size: .85rem; }

.cards { display: grid; grid-template-columns: repeat(auto-fill, minmax(14.5rem, 1fr)); gap: .75rem; margin: 1.25rem 0; }
.cards > div { background: var(--tint); border: 1px solid var(--line); border-radius: .5rem; padding: .7rem .85rem .75rem; }
.cards dt { font-size: .85rem; font-weight: 600; }
.cards dd { margin: 0; font-size: .8rem; line-height: 1.4; color: var(--soft); overflow-wrap: anywhere; }
.cards dd.value { font-size: 1.6rem; line-height: 1.3; font-weight: 650; color: var(--ink); font-variant-numeric: tabular-nums; }
.cards dd.value.word { font-size: 1.2rem; }

.charts { display: grid; grid-template-columns: repeat(2, minmax(0, 1fr)); gap: 1.5rem 2.5rem; }
.charts > .wide { grid-column: 1 / -1; }
figure { margin: .5rem 0 1rem; min-width: 0; }
figcaption { font-weight: 600; margin-bottom: .5rem; }
figure p { font-size: .85rem; }
svg { display: block; overflow: visible; }
svg.inline { display: inline-block; vertical-align: -1px; }
svg text { font-size: 12px; fill: var(--soft); }
.plot { width: calc(100% - 3.6rem); margin-left: 3.4rem; }
.plot .grid { stroke: var(--line); stroke-width: 1; }
.line { fill: none; stroke: var(--blue); stroke-width: 2; vector-effect: non-scaling-stroke; stroke-linejoin: round; }
.dot { fill: var(--blue); }
.target { stroke: var(--orange); stroke-width: 1.5; stroke-dasharray: 6 4; fill: var(--orange); }
.limits { stroke: var(--grey); stroke-width: 3; fill: var(--grey); }
.hint { fill: transparent; }
.hint:hover { fill: var(--ink); fill-opacity: .06; }
.blue { fill: var(--blue); } .orange { fill: var(--orange); } .green { fill: var(--green); } .grey { fill: var(--grey); }
.purple { fill: var(--purple); }
.band-inner { fill: var(--inner); } .band-outer { fill: var(--outer); } .median { fill: var(--median); }
.few { opacity: .6; }
.faded { opacity: .35; }
.legend { display: flex; flex-wrap: wrap; gap: .2rem 1.1rem; margin: .5rem 0 0; padding: 0; list-style: none; font-size: .85rem; color: var(--soft); }
.legend li { display: flex; align-items: center; gap: .4rem; }
.legend svg { flex: none; }
.legend rect { stroke: none; }

.lanes text { fill: var(--ink); }
.lanes text.time { fill: var(--soft); }
.lanes .grid { stroke: var(--line); stroke-width: 1; }
.lanes .track-bed { fill: var(--tint); }
.hatch rect { fill: transparent; } .hatch path { stroke: var(--soft); stroke-width: 1.5; }
.inferred { stroke: var(--soft); stroke-width: .75; }
.told { stroke: var(--ink); stroke-width: 2; }

.scroll { overflow-x: auto; margin: .75rem 0; }
table { border-collapse: collapse; font-size: .9rem; line-height: 1.4; font-variant-numeric: tabular-nums; }
caption { text-align: left; font-weight: 600; padding-bottom: .4rem; }
th, td { padding: .32rem .8rem .32rem 0; text-align: left; vertical-align: top; border-bottom: 1px solid var(--line); overflow-wrap: anywhere; }
.scroll th, .scroll td { overflow-wrap: normal; }
.scroll td { white-space: nowrap; }
.scroll tbody th, .scroll tfoot th { min-width: 6.5rem; }
.scroll .wide { min-width: 13rem; max-width: 30rem; white-space: normal; overflow-wrap: anywhere; }
thead th { font-size: .91em; color: var(--soft); font-weight: 600; vertical-align: bottom; }
tbody th { font-weight: 400; }
tfoot th, tfoot td { font-weight: 600; border-bottom: 0; }
.number { text-align: right; white-space: nowrap; }
.bars { width: 100%; }
.bars th:first-child { width: 36%; }
.bars .limits-of { color: var(--soft); font-size: .85em; white-space: nowrap; }
.bars td:last-child { width: 30%; padding-right: 0; vertical-align: middle; }
.limit { display: block; font-size: .87em; }
.sections { columns: 2 24rem; column-gap: 2.5rem; }
.sections > div { break-inside: avoid; margin-bottom: 1.5rem; }
.sections table { width: 100%; }
.sections th { width: 42%; }

.definitions { columns: 2 26rem; column-gap: 2.5rem; margin: 0; }
.definitions > div { break-inside: avoid; padding: .45rem .5rem; border-radius: .3rem; scroll-margin-top: 1rem; }
.definitions > div:target { background: var(--mark); }
.definitions dt { font-weight: 600; overflow-wrap: anywhere; }
.definitions dt .soft { font-weight: 400; font-size: .85rem; }
.definitions dd { margin: .1rem 0; font-size: .88rem; overflow-wrap: anywhere; }

.certificate { max-width: 46rem; margin: 0 auto; border: 1px solid var(--line); border-radius: .5rem; padding: 1.5rem 1.75rem; }
.certificate + .certificate { margin-top: 2rem; }
.certificate h2 { border: 0; padding: 0; margin: 0 0 .2rem; font-size: 1.5rem; overflow-wrap: anywhere; }
.certificate h3 { margin-top: 1.1rem; }
.certificate .presence { font-size: 2.2rem; font-weight: 650; line-height: 1.2; margin: .6rem 0 0; }
.certificate table { width: 100%; }
.certificate th { overflow-wrap: normal; white-space: nowrap; }
.certificate .at { white-space: nowrap; }
.certificate td { overflow-wrap: normal; }
.certificate .proof { font-size: .8rem; color: var(--soft); }

@media (max-width: 56rem) { .charts { grid-template-columns: minmax(0, 1fr); } }
@media (max-width: 34rem) {
  body { padding: 1rem .9rem 2rem; }
  h1 { font-size: 1.5rem; }
  .cards { grid-template-columns: repeat(2, minmax(0, 1fr)); gap: .5rem; }
  .cards dd.value { font-size: 1.25rem; }
  .minor { display: none; }
  .bars th:first-child { min-width: 5.8rem; width: 32%; }
  .bars .limits-of { white-space: normal; overflow-wrap: normal; }
  .bars td:last-child { width: 22%; }
  .bars th, .bars td { padding-right: .5rem; }
  .certificate { padding: 1rem; }
  .certificate .at { white-space: normal; }
  .certificate th, .certificate td { padding-right: .5rem; }
}
@media print {
  :root { color-scheme: light; }
  @page { margin: 14mm 12mm; }
  html { font-size: 9.5pt; }
  body { max-width: none; padding: 0; }
  h2 { break-after: avoid; margin-top: 1.6rem; }
  h3, caption, figcaption, thead { break-after: avoid; }
  tbody tr:first-child { break-before: avoid; }
  nav { display: none; }
  .cards { grid-template-columns: repeat(4, 1fr); gap: 6pt; }
  .cards > div, .charts > div, figure, tr, .notice { break-inside: avoid; }
  .cards dd.value { font-size: 14pt; }
  .cards > div, .notice, svg { -webkit-print-color-adjust: exact; print-color-adjust: exact; }
  .charts { grid-template-columns: repeat(2, minmax(0, 1fr)); gap: 8pt 20pt; }
  .scroll { overflow: visible; }
  table { font-size: 8pt; }
  th, td { padding-top: .2rem; padding-bottom: .2rem; }
  .scroll th, .scroll td { padding-right: .6rem; }
  .scroll .wide { min-width: 0; }
  thead { display: table-header-group; }
  tfoot { display: table-row-group; }
  a { color: inherit; text-decoration: none; }
  .definitions, .sections { columns: 2; }
  .definitions > div { padding: .25rem 0; }
  .certificate { border: 0; padding: 0; max-width: none; }
  .certificate + .certificate { break-before: page; margin: 0; }
}
`;
