import { createHash } from 'node:crypto';

/** The seven verdicts, and what tones of other words borrow: each has a colour for its text and one behind it. */
const LIGHT = `
  --page: #f6f8fa; --card: #fff; --text: #1c2330; --quiet: #57606a; --line: #d5dbe1; --link: #0757ad; --fold: #f6f8fa; --shade: #0003;
  --live: #14692e; --live-back: #dcf5e3; --live-fill: #2da44e;
  --stale: #8a3600; --stale-back: #ffe8d4; --stale-fill: #d9730d;
  --unhealthy: #a8132a; --unhealthy-back: #ffe2e5; --unhealthy-fill: #d1293d;
  --draining: #0a4f96; --draining-back: #dcedff; --draining-fill: #2f81d8;
  --unverified: #6b4e00; --unverified-back: #fff2c2; --unverified-fill: #d4a106;
  --protected: #5b33b0; --protected-back: #eee6ff; --protected-fill: #8250df;
  --foreign: #4b545e; --foreign-back: #e6eaee; --foreign-fill: #a5afb9;`;

const DARK = `
  --page: #0e131a; --card: #171d26; --text: #e4e9ef; --quiet: #9aa6b2; --line: #2d3642; --link: #79b8ff; --fold: #11161e; --shade: #000c;
  --live: #6fd68b; --live-back: #11331d; --live-fill: #3fb45d;
  --stale: #ffb37a; --stale-back: #40240e; --stale-fill: #e07b26;
  --unhealthy: #ff9aa5; --unhealthy-back: #461620; --unhealthy-fill: #e5484d;
  --draining: #8cc3ff; --draining-back: #12304f; --draining-fill: #3f8fe0;
  --unverified: #f0cd62; --unverified-back: #38300c; --unverified-fill: #c99a12;
  --protected: #c9b0ff; --protected-back: #2f2352; --protected-fill: #9a70f0;
  --foreign: #b6c0ca; --foreign-back: #2a323c; --foreign-fill: #66727e;`;

const TONES = ['live', 'stale', 'unhealthy', 'draining', 'unverified', 'protected', 'foreign']
  .map(
    (tone) => `
.badge.${tone} { color: var(--${tone}); background: var(--${tone}-back); }
.${tone} .dot { background: var(--${tone}-fill); }
rect.${tone} { fill: var(--${tone}-fill); }
.tile.${tone} { border-top-color: var(--${tone}-fill); }`,
  )
  .join('');

/** The style sheet of all pages. Nothing in it comes from outside, and it asks for nothing. */
export const STYLE = `
:root { color-scheme: light dark; ${LIGHT} }
@media (prefers-color-scheme: dark) { :root { ${DARK} } }
* { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; }
body { margin: 0; background: var(--page); color: var(--text); font: 15px/1.5 system-ui, sans-serif; }
header, main, footer { max-width: 76rem; margin: 0 auto; padding: 0 1.5rem; }
header { padding-top: 2rem; }
h1 { margin: 0; font-size: 1.6rem; line-height: 1.25; overflow-wrap: anywhere; }
h2 { margin: 0; padding: .9rem 1.25rem .75rem; font-size: 1.05rem; line-height: 1.4; }
p { margin: 0; }
code, .mono { font: .92em/1.45 ui-monospace, 'SF Mono', Menlo, Consolas, 'DejaVu Sans Mono', monospace; }
a { color: var(--link); text-underline-offset: .15em; }
.kind { color: var(--quiet); font-size: .8rem; font-weight: 600; letter-spacing: .06em; text-transform: uppercase; }
.quiet { color: var(--quiet); }
.head { display: flex; flex-wrap: wrap; gap: .25rem 1.25rem; margin-top: .35rem; color: var(--quiet); font-size: .9rem; overflow-wrap: anywhere; }
.answer { margin-top: 1rem; font-size: 1.1rem; }
nav { display: flex; flex-wrap: wrap; gap: .35rem 1.1rem; margin-top: .9rem; font-size: .93rem; }
section, .alert { margin: 1.25rem 0; background: var(--card); border: 1px solid var(--line); border-radius: .6rem; }
section { overflow: hidden; }
.lead { padding: 0 1.25rem .85rem; margin-top: -.5rem; color: var(--quiet); font-size: .93rem; }
.count { margin-left: .35rem; padding: .05rem .5rem; border-radius: 1rem; background: var(--foreign-back); color: var(--foreign); font-size: .85rem; font-variant-numeric: tabular-nums; }
.alert { padding: .8rem 1.25rem; border-left: .35rem solid var(--unhealthy-fill); overflow-wrap: anywhere; }
.tiles { display: grid; grid-template-columns: repeat(auto-fit, minmax(7.4rem, 1fr)); gap: .7rem; margin: 1.25rem 0 0; padding: 0; list-style: none; }
.tile { height: 100%; padding: .6rem .85rem .7rem; background: var(--card); border: 1px solid var(--line); border-top: 3px solid var(--line); border-radius: .5rem; font-size: .9rem; }
.tile b { display: block; font-size: 1.6rem; line-height: 1.2; font-variant-numeric: tabular-nums; }
.tile a { color: inherit; }
.tile.zero b { color: var(--quiet); font-weight: 500; }
.bar { display: block; width: 100%; height: .7rem; border-radius: .35rem; }
.verdicts { padding: 0 1.25rem 1.1rem; }
.legend { display: flex; flex-wrap: wrap; gap: .3rem 1.3rem; margin: .75rem 0 0; padding: 0; list-style: none; font-size: .93rem; }
.legend b { font-variant-numeric: tabular-nums; }
.dot { display: inline-block; width: .65rem; height: .65rem; margin-right: .4rem; border-radius: 50%; }
.badge { display: inline-block; padding: .08rem .55rem; border-radius: 1rem; font-size: .82rem; font-weight: 600; white-space: nowrap; }
.rows { margin: 0; padding: 0; list-style: none; }
.rows > li { border-top: 1px solid var(--line); }
.container { display: flex; flex-wrap: wrap; gap: .3rem 1rem; align-items: baseline; padding: .5rem 1.25rem; }
.container .name { flex: 1 0 12rem; }
.container .badge { flex: none; }
.container form { margin-left: auto; }
.log { margin-top: -.3rem; padding: 0 1.25rem .6rem; font-size: .9rem; }
summary { cursor: pointer; list-style: none; }
summary::-webkit-details-marker { display: none; }
summary:focus-visible, a:focus-visible, [tabindex]:focus-visible { outline: 2px solid var(--link); outline-offset: -2px; }
.row > summary { display: grid; grid-template-columns: 7.9rem minmax(0, 5fr) minmax(0, 5fr) 1rem; gap: .2rem 1rem; align-items: start; padding: .6rem 1.25rem; }
.row > summary:hover { background: var(--fold); }
.row > summary::after, .fold > summary::after { content: ''; width: .5rem; height: .5rem; margin: .4rem 0 0 auto; border: solid var(--quiet); border-width: 0 2px 2px 0; transform: rotate(45deg); }
details[open] > summary::after { transform: rotate(225deg); margin-top: .65rem; }
.badges { display: flex; flex-wrap: wrap; gap: .3rem; }
.record, .why { min-width: 0; overflow-wrap: anywhere; }
.name { font-weight: 600; }
.name .zone { color: var(--quiet); font-weight: 400; }
.value { display: block; color: var(--quiet); }
.why .code { display: block; color: var(--quiet); }
.facts { display: grid; grid-template-columns: minmax(7.9rem, max-content) minmax(0, 1fr); gap: .3rem 1rem; margin: 0; padding: .75rem 1.25rem 1rem; background: var(--fold); font-size: .93rem; }
.facts dt { color: var(--quiet); }
.facts dd { margin: 0; overflow-wrap: anywhere; }
.more { padding: .6rem 1.25rem; border-top: 1px solid var(--line); color: var(--quiet); font-size: .93rem; }
.fold > summary { display: flex; gap: .6rem; align-items: baseline; padding: .6rem 1.25rem; border-top: 1px solid var(--line); }
.scroll { overflow-x: auto; border-top: 1px solid var(--line); background:
  linear-gradient(to right, var(--card), transparent) left / 3rem 100% no-repeat local,
  linear-gradient(to left, var(--card), transparent) right / 3rem 100% no-repeat local,
  linear-gradient(to right, var(--shade), transparent) left / .9rem 100% no-repeat,
  linear-gradient(to left, var(--shade), transparent) right / .9rem 100% no-repeat; }
table { width: 100%; border-collapse: collapse; font-size: .93rem; }
th, td { padding: .45rem .5rem; text-align: left; vertical-align: top; border-bottom: 1px solid var(--line); }
th { color: var(--quiet); font-size: .85rem; font-weight: 600; white-space: nowrap; }
th:first-child { padding-left: 1.25rem; }
th:last-child, td:last-child { padding-right: 1.25rem; }
tr:last-child > td, tr:last-child > th[scope=row] { border-bottom: 0; }
th[scope=row] { color: inherit; font-size: inherit; font-weight: 500; white-space: normal; }
th, td { overflow-wrap: break-word; }
table .mono { overflow-wrap: anywhere; }
th.number, td.number { text-align: right; white-space: nowrap; font-variant-numeric: tabular-nums; }
th.nowrap, td.nowrap { white-space: nowrap; }
button { padding: .15rem .8rem; color: var(--link); background: var(--card); border: 1px solid currentColor; border-radius: .4rem; font: inherit; font-weight: 600; cursor: pointer; }
button:focus-visible { outline: 2px solid var(--link); outline-offset: 2px; }
pre { margin: .35rem 0 0; white-space: pre-wrap; overflow-wrap: anywhere; font: .82em/1.45 ui-monospace, monospace; }
.empty { padding: 0 1.25rem 1rem; color: var(--quiet); }
footer { padding-bottom: 2.5rem; color: var(--quiet); font-size: .88rem; overflow-wrap: anywhere; }
${TONES}
@media (max-width: 44rem) {
  header, main, footer { padding-left: .9rem; padding-right: .9rem; }
  header { padding-top: 1.25rem; }
  h1 { font-size: 1.35rem; }
  .tiles { grid-template-columns: repeat(2, minmax(0, 1fr)); gap: .55rem; }
  h2, .lead, .verdicts, .empty, .more, .facts, .fold > summary, .container, .log { padding-left: .9rem; padding-right: .9rem; }
  th, td { padding-left: .45rem; padding-right: .45rem; }
  th:first-child { padding-left: .9rem; }
  th:last-child, td:last-child { padding-right: .9rem; }
  .row > summary { grid-template-columns: minmax(0, 1fr) 1rem; padding: .7rem .9rem; }
  .row > summary::after { grid-column: 2; grid-row: 1; }
  .badges, .record, .why { grid-column: 1; }
  .facts { grid-template-columns: minmax(0, 1fr); gap: 0; }
  .facts dd { margin-bottom: .5rem; }
}
@media print {
  :root { color-scheme: light; ${LIGHT} --page: #fff; --fold: #fff; }
  body { font-size: 10pt; }
  header, main, footer { max-width: none; padding-left: 0; padding-right: 0; }
  section { break-inside: auto; overflow: visible; }
  .tiles { grid-template-columns: repeat(4, minmax(0, 1fr)); }
  .rows > li, .tile, tr { break-inside: avoid; }
  h2 { break-after: avoid; }
  nav, .screen { display: none; }
  .badge { border: 1px solid currentColor; }
  .bar, .dot, .badge { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
  .row > summary::after, .fold > summary::after { display: none; }
  details::details-content { content-visibility: visible; display: block; height: auto; }
  .scroll { overflow: visible; }
}
`;

/** The style sheet's hash, as a Content-Security-Policy names it: no other style is applied. */
export const STYLE_SOURCE = `'sha256-${createHash('sha256').update(STYLE).digest('base64')}'`;
