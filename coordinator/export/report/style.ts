/** The report's style sheet. Light and dark follow the reader's system; paper is always light. */
export const styleSheet = `
:root {
  color-scheme: light dark;
  --paper: #fffefb; --panel: #f6f4ee; --ink: #1b1f24; --soft: #59616b; --rule: #d8d5cc; --grid: #ebe8df;
  --accent: #b8401b; --mode: #00695f; --data: #2c628f; --data-soft: #b9cbdb;
  --c0: #b4c6d6; --c1: #86a8c4; --c2: #5688b0; --c3: #2c6695; --c4: #0b3f6e;
  --conv: #8b8f97; --dense: #a68a4c; --pool: #c3bfb3;
}
@media (prefers-color-scheme: dark) {
  :root {
    --paper: #14171b; --panel: #1c2026; --ink: #e8e6e1; --soft: #a2a9b2; --rule: #3a4048; --grid: #262b32;
    --accent: #ff9066; --mode: #52cdb9; --data: #7fb4de; --data-soft: #3c556b;
    --c0: #3e566c; --c1: #53789a; --c2: #6b9cc6; --c3: #93c0e6; --c4: #cfe7ff;
    --conv: #7f858e; --dense: #b99b5a; --pool: #545a62;
  }
}
* { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; }
body {
  margin: 0 auto; max-width: 1080px; padding: 3.2rem 1.5rem 4rem; background: var(--paper); color: var(--ink);
  font: 17px/1.55 "Iowan Old Style", "Palatino Linotype", Palatino, "Source Serif 4", Georgia, "DejaVu Serif", serif;
  counter-reset: figure table;
}
svg text, table, dl, .kicker, .legend, button, .nothing, #tip, summary, pre {
  font-family: "Helvetica Neue", Helvetica, Arial, "Segoe UI", "Open Sans", "DejaVu Sans", sans-serif;
  font-variant-numeric: tabular-nums;
}
h1 { font-size: clamp(1.7rem, 5vw, 2.5rem); line-height: 1.15; font-weight: 600; letter-spacing: -.012em; margin: .15em 0 .5em; overflow-wrap: anywhere; }
h2 { font-size: 1.28rem; font-weight: 600; margin: 3.2rem 0 1rem; padding-top: .9rem; border-top: 1px solid var(--rule); }
.kicker { font-size: .76rem; color: var(--soft); margin: 0; letter-spacing: .02em; overflow-wrap: anywhere; }
.lead { font-size: 1.2rem; line-height: 1.5; max-width: 46em; margin: 0 0 1.4rem; }
.notes { border-left: 3px solid var(--accent); padding: .1rem 0 .1rem 1rem; margin: 0 0 1.6rem; color: var(--soft); max-width: 50em; font-size: .95rem; }
.notes ul { margin: 0; padding: 0; list-style: none; }
.facts { display: grid; grid-template-columns: repeat(auto-fit, minmax(230px, 1fr)); gap: .9rem 2rem; margin: 0; padding: 1.1rem 0 0; border-top: 1px solid var(--rule); font-size: .86rem; line-height: 1.4; }
.facts dt { color: var(--soft); font-size: .76rem; } .facts dd { margin: .1rem 0 0; overflow-wrap: anywhere; }

figure { margin: 0 0 2.4rem; }
figcaption { font-size: .93rem; line-height: 1.5; color: var(--soft); max-width: 52em; margin-top: .7rem; }
figcaption b, caption b { color: var(--ink); font-weight: 600; }
figcaption::before { counter-increment: figure; content: "Figure " counter(figure) ". "; color: var(--ink); font-weight: 600; }
.scroll { overflow-x: auto; }
svg { display: block; width: 100%; height: auto; overflow: visible; }
svg text { font-size: 12px; fill: var(--ink); }
svg path { fill: none; stroke-linejoin: round; }
.axis path { stroke: var(--soft); } .axis .grid { stroke: var(--grid); }
.axis text { fill: var(--soft); font-size: 11.5px; } .axis .name { fill: var(--ink); }
.dots { stroke-linecap: round; stroke-width: 6.5; }
.dots.many { stroke-width: 3.6; }
.dots.faint { stroke: var(--data-soft); stroke-width: 4; }
.c0 { stroke: var(--c0); background: var(--c0); } .c1 { stroke: var(--c1); background: var(--c1); }
.c2 { stroke: var(--c2); background: var(--c2); } .c3 { stroke: var(--c3); background: var(--c3); }
.c4 { stroke: var(--c4); background: var(--c4); }
.front { stroke: var(--ink); stroke-width: 1.2; } .front-dots { stroke: var(--ink); stroke-width: 3; stroke-linecap: round; }
.mark { stroke: var(--paper); stroke-width: 1; }
.mark.answer { fill: var(--accent); } .mark.mode { stroke: var(--mode); stroke-width: 2.2; }
.mark.best-observed { stroke: var(--ink); stroke-width: 1.5; }
.label { font-weight: 600; }
.label, .target text { paint-order: stroke; stroke: var(--paper); stroke-width: 4px; stroke-linejoin: round; }
.target path { stroke: var(--accent); stroke-dasharray: 5 4; } .target text { fill: var(--accent); }
.cursor circle { fill: none; stroke: var(--accent); stroke-width: 2; }
.legend { display: flex; flex-wrap: wrap; gap: .2rem 1.2rem; list-style: none; padding: 0; margin: 0 0 .6rem; font-size: .8rem; color: var(--soft); }
.legend i { display: inline-block; width: .72em; height: .72em; border-radius: 50%; margin-right: .45em; }
.trials svg { max-width: 900px; } .trials .narrow { display: none; }
.row { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 300px), 1fr)); gap: 1.4rem 2rem; }
.line { stroke: var(--data); stroke-width: 1.8; } .line-dots { stroke: var(--data); stroke-width: 5; stroke-linecap: round; }
.bar { fill: var(--data-soft); } .bar.new { fill: var(--data); }
.stages path, .wall { stroke: var(--soft); stroke-dasharray: 3 3; } .stages text { fill: var(--soft); font-size: 11px; font-style: italic; }
.multiples { columns: 4 225px; column-gap: 2rem; }
.multiples svg { break-inside: avoid; margin-bottom: 1.1rem; max-width: 340px; }
.multiples text { font-size: 11px; } .multiples .heading { font-size: 12px; font-weight: 600; }
.arm .strip { fill: var(--data-soft); } .arm .base { stroke: var(--rule); stroke-width: .6; } .arm text { fill: var(--soft); }
.chosen .strip { fill: var(--accent); } .chosen text { fill: var(--accent); font-weight: 600; }
.architecture svg { max-width: 900px; min-width: 640px; }
.head text { fill: var(--soft); font-size: 11.5px; }
.layer .rule { stroke: var(--grid); } .layer .size { fill: var(--soft); } .layer .op { font-weight: 600; }
.flow { stroke: var(--soft); stroke-width: 1.2; } .arc { stroke: var(--soft); stroke-width: 1.3; }
.block { fill: var(--pool); } .block.conv { fill: var(--conv); } .block.dense { fill: var(--dense); }
.block.mbconv.small { fill: var(--c1); } .block.mbconv.medium { fill: var(--c2); } .block.mbconv.large { fill: var(--c4); }
.share { fill: var(--data-soft); } .total text { font-weight: 600; }

table { border-collapse: collapse; font-size: .84rem; line-height: 1.35; margin: 0 0 2rem; min-width: min(100%, 30rem); }
caption { text-align: left; font: .95rem/1.4 "Iowan Old Style", "Palatino Linotype", Palatino, Georgia, "DejaVu Serif", serif; color: var(--soft); padding: 0 0 .5rem; }
caption::before { counter-increment: table; content: "Table " counter(table) ". "; color: var(--ink); font-weight: 600; }
thead th { border-bottom: 1.5px solid var(--ink); font-weight: 600; vertical-align: bottom; }
table { border-top: 1.5px solid var(--ink); border-bottom: 1.5px solid var(--ink); }
caption { border-bottom: 0; }
th, td { text-align: left; padding: .34rem 1.3rem .34rem 0; vertical-align: top; font-weight: 400; }
tbody tr + tr > *, tbody + tbody tr:first-child > * { border-top: 1px solid var(--grid); }
.n { text-align: right; }
.comparison { font-size: .98rem; min-width: min(100%, 36rem); margin-bottom: 2.4rem; } .comparison th[scope="row"], .found .n { font-weight: 600; } .best { border-bottom: 2px solid var(--accent); }
.failed { color: var(--accent); }
.meter { display: inline-block; width: 4.5rem; height: .6em; margin-right: .7em; background: linear-gradient(var(--data) 0 0) 0 0 / calc(var(--p) * 100%) 100% no-repeat var(--grid); }
.p { display: inline-block; min-width: 2.9rem; } .rest td { color: var(--soft); }
.tall { max-height: 34rem; overflow-y: auto; }
/* Thousands of rows are laid out only when the reader comes near them: a tenth of the time to open. */
.tall.many { content-visibility: auto; contain-intrinsic-size: auto 34rem; }
#trials { width: 100%; border-top: 0; }
#trials thead th { position: sticky; top: 0; background: var(--paper); padding-top: .4rem; box-shadow: inset 0 -1.5px var(--ink), inset 0 1.5px var(--ink); border: 0; white-space: nowrap; }
#trials td:is(:nth-child(1), :nth-child(3), :nth-child(5), :nth-child(6), :nth-child(7)) { text-align: right; }
#trials td:last-child { font-family: ui-monospace, "SF Mono", Menlo, Consolas, "DejaVu Sans Mono", monospace; font-size: .78rem; }
#trials tbody tr:hover { background: var(--panel); }
#trials button { all: unset; cursor: pointer; font-weight: 600; } #trials button::after { content: "\\2002"; color: var(--accent); }
#trials [aria-sort="ascending"] button::after { content: "↑"; } #trials [aria-sort="descending"] button::after { content: "↓"; }
:focus-visible, #trials button:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
details { margin: 0 0 1.6rem; } summary { cursor: pointer; font-size: .88rem; margin-bottom: .8rem; }
pre { background: var(--panel); padding: 1rem; overflow-x: auto; font: .8rem/1.5 ui-monospace, "SF Mono", Menlo, Consolas, "DejaVu Sans Mono", monospace; }
#download { font-size: .88rem; color: var(--ink); background: var(--panel); border: 1px solid var(--rule); border-radius: 4px; padding: .5rem .9rem; cursor: pointer; }
.nothing { color: var(--soft); font-style: italic; font-size: .9rem; }
#tip { position: fixed; z-index: 1; pointer-events: none; max-width: min(22rem, 90vw); background: var(--ink); color: var(--paper); font-size: .78rem; line-height: 1.45; padding: .5rem .7rem; border-radius: 4px; white-space: pre-line; }
footer { color: var(--soft); font-size: .85rem; margin-top: 3rem; }
@media (max-width: 600px) {
  body { padding: 1.6rem 1rem 3rem; font-size: 16px; }
  .facts { grid-template-columns: 1fr 1fr; gap: .8rem 1rem; }
  .trials .wide { display: none; } .trials .narrow { display: block; } .trials .dots { stroke-width: 5; } .trials .dots.many { stroke-width: 2.6; }
}
@media print {
  .tall.many { content-visibility: visible; }
  :root {
    color-scheme: light;
    --paper: #fff; --panel: #f6f4ee; --ink: #000; --soft: #444; --rule: #bbb; --grid: #ddd; --accent: #b8401b; --mode: #00695f;
    --data: #2c628f; --data-soft: #b9cbdb; --c0: #b4c6d6; --c1: #86a8c4; --c2: #5688b0; --c3: #2c6695; --c4: #0b3f6e;
    --conv: #8b8f97; --dense: #a68a4c; --pool: #c3bfb3;
  }
  * { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
  body { padding: 0; font-size: 10.5pt; max-width: none; }
  figure, tr { break-inside: avoid; } h2 { break-after: avoid; }
  .tall { max-height: none; overflow: visible; } #trials thead th { position: static; }
  #trials tbody tr:nth-child(n + 101), #download, #tip { display: none; }
}
`;
