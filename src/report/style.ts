import { Html } from './html';

/** The page's whole style: one accent, quiet lines, both colour schemes, narrow screens. */
export const style = new Html(`
:root {
  color-scheme: light dark;
  --page: #f6f7f9; --card: #fff; --line: #e3e6ec; --ink: #1b2230; --soft: #667085;
  --accent: #3563e9; --accent-soft: #dfe8ff; --good: #12805c; --bad: #cf3a3a; --warn: #9a6700; --warn-soft: #fff4d6;
}
@media (prefers-color-scheme: dark) {
  :root {
    --page: #0f131a; --card: #171c26; --line: #2a3140; --ink: #e6e9f0; --soft: #98a2b3;
    --accent: #7ea2ff; --accent-soft: #22305a; --good: #3ecf9a; --bad: #ff7b72; --warn: #f2c14e; --warn-soft: #33290f;
  }
}
* { box-sizing: border-box; }
body { margin: 0; background: var(--page); color: var(--ink); font: 15px/1.55 system-ui, sans-serif; overflow-wrap: anywhere; }
main { max-width: 60rem; margin: 0 auto; padding: 2rem 1rem 4rem; }
header { margin-bottom: 1.5rem; }
h1 { font-size: 1.9rem; line-height: 1.2; margin: 0 0 .25rem; letter-spacing: -.02em; }
h2 { font-size: 1.15rem; margin: 0 0 .25rem; letter-spacing: -.01em; }
h3 { font-size: .95rem; margin: 1.25rem 0 .4rem; }
p { margin: .25rem 0 .75rem; }
.soft { color: var(--soft); }
section { background: var(--card); border: 1px solid var(--line); border-radius: 14px; padding: 1.25rem 1.4rem; margin: 1rem 0; }
.cards { display: grid; grid-template-columns: repeat(auto-fit, minmax(8.5rem, 1fr)); gap: .75rem; margin: 1rem 0; }
.card { background: var(--card); border: 1px solid var(--line); border-radius: 14px; padding: .9rem 1.1rem; }
.card b { display: block; font-size: 1.75rem; line-height: 1.2; font-weight: 650; letter-spacing: -.02em; font-variant-numeric: tabular-nums; }
.card.first b { color: var(--accent); }
.card span { color: var(--soft); font-size: .85rem; }
.card span.range { display: block; font-variant-numeric: tabular-nums; }
.charts { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 17rem), 1fr)); gap: 1.25rem; }
.split { display: grid; grid-template-columns: minmax(0, 22rem) minmax(0, 1fr); gap: 1.5rem; align-items: center; }
@media (max-width: 44rem) { .split { grid-template-columns: 1fr; } main { padding-top: 1rem; } section { padding: 1rem; } }
figure { margin: 0; max-width: 40rem; }
figcaption { font-size: .85rem; color: var(--soft); margin-bottom: .25rem; }
svg { display: block; width: 100%; height: auto; font: 11px system-ui, sans-serif; }
svg text { fill: var(--soft); }
svg .ink { fill: var(--ink); }
.grid { stroke: var(--line); stroke-width: 1; }
.series { fill: none; stroke: var(--accent); stroke-width: 2; stroke-linejoin: round; stroke-linecap: round; }
.area { fill: var(--accent); opacity: .12; }
.dot { fill: var(--accent); }
.bar { fill: var(--accent); }
.gap { fill: var(--bad); opacity: .25; }
.ideal { stroke: var(--soft); stroke-width: 1; stroke-dasharray: 4 4; }
.right { fill: var(--accent); }
.wrong { fill: var(--bad); }
.track { fill: var(--line); }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; font-size: .9rem; font-variant-numeric: tabular-nums; }
th, td { text-align: left; padding: .4rem .6rem .4rem 0; border-bottom: 1px solid var(--line); vertical-align: top; overflow-wrap: break-word; }
th { font-weight: 550; color: var(--soft); font-size: .8rem; white-space: nowrap; }
tr:last-child td { border-bottom: 0; }
td.n, th.n { text-align: right; white-space: nowrap; padding-right: .9rem; }
td.chart { width: 34%; min-width: 6rem; padding-top: .65rem; }
td.label { min-width: 8rem; max-width: 18rem; overflow-wrap: anywhere; }
code { font: .85em ui-monospace, monospace; }
.tag { display: inline-block; border-radius: 99px; padding: 0 .55rem; font-size: .78rem; background: var(--accent-soft); color: var(--accent); white-space: nowrap; }
.note { background: var(--warn-soft); color: var(--warn); border-radius: 10px; padding: .55rem .8rem; margin: .5rem 0; }
.note p, .note summary { margin: .25rem 0; }
details.note { border-bottom: 0; }
.note code { color: inherit; opacity: .8; }
details { border-bottom: 1px solid var(--line); padding: .5rem 0; }
details:last-of-type { border-bottom: 0; }
summary { cursor: pointer; }
blockquote { margin: .5rem 0 .5rem 1rem; padding-left: .8rem; border-left: 3px solid var(--line); }
dl { display: grid; grid-template-columns: max-content minmax(0, 1fr); gap: .3rem 1.2rem; margin: .5rem 0; font-size: .9rem; }
dt { color: var(--soft); } dd { margin: 0; }
@media (max-width: 30rem) { dl { grid-template-columns: 1fr; gap: 0; } dd { margin-bottom: .5rem; } }
@media print { body { background: #fff; } section, .card { break-inside: avoid; } }
`);
