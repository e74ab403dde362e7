import { createHash } from 'node:crypto';
import type { Answer } from './serve.ts';

/** Text as HTML has it, in elements and in quoted attributes. */
export function escapeHtml(text: string): string {
  return text.replaceAll(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}

/** A page without scripts; `body` is HTML in which all text is escaped. */
export function pageAnswer(title: string, body: string, status = 200): Answer {
  return {
    status,
    type: 'text/html; charset=utf-8',
    headers: { 'content-security-policy': POLICY, 'referrer-policy': 'no-referrer' },
    body: `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<link rel="icon" href="data:,">
<title>${escapeHtml(title)}</title>
<style>${STYLE}</style>
</head>
<body>
<main>
<h1>${escapeHtml(title)}</h1>
${body}
</main>
</body>
</html>
`,
  };
}

const STYLE = `
:root { --ground: #fff; --text: #1c2230; --soft: #5a6275; --line: #d9dde6; --tint: #f4f6fa; --accent: #1d5fd1; --bad: #b3261e; }
@media (prefers-color-scheme: dark) {
  :root { --ground: #14171f; --text: #e8ebf2; --soft: #a4adbf; --line: #343b4a; --tint: #1d222d; --accent: #8ab4ff; --bad: #ff9a92; }
}
* { box-sizing: border-box; }
body { margin: 0; background: var(--ground); color: var(--text); font: 16px/1.5 system-ui, sans-serif; }
main { max-width: 60rem; margin: 0 auto; padding: 1.5rem 1rem 3rem; }
h1 { font-size: 1.6rem; margin: 0 0 .25rem; }
h2 { font-size: 1.1rem; margin: 2rem 0 .5rem; }
p { margin: .25rem 0 1rem; }
h2 + p { margin-bottom: .25rem; }
table + p { margin-top: .75rem; }
.soft { color: var(--soft); }
.bad { color: var(--bad); }
code, .mono { font-family: ui-monospace, monospace; font-size: .92em; overflow-wrap: anywhere; }
.boxes { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 20rem), 1fr)); gap: 1rem; margin: 1.25rem 0; }
.box { border: 1px solid var(--line); border-radius: .5rem; padding: 1rem; background: var(--tint); min-width: 0; }
.box p { margin: .5rem 0 0; overflow-wrap: anywhere; }
label { display: block; font-weight: 600; margin-bottom: .35rem; }
input { width: 100%; font: inherit; font-family: ui-monospace, monospace; color: inherit; background: var(--ground); border: 1px solid var(--soft); border-radius: .35rem; padding: .45rem .6rem; }
button { font: inherit; font-weight: 600; color: var(--ground); background: var(--accent); border: 0; border-radius: .35rem; padding: .5rem 1.4rem; cursor: pointer; }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
.answer { font-size: 1.3rem; font-weight: 600; }
table { width: 100%; border-collapse: collapse; }
th, td { text-align: left; padding: .35rem .75rem .35rem 0; border-bottom: 1px solid var(--line); vertical-align: top; }
th { color: var(--soft); font-weight: 600; }
.number { text-align: right; }
`;

const digest = createHash('sha256').update(STYLE).digest('base64');
const POLICY = [
  "default-src 'none'",
  `style-src 'sha256-${digest}'`,
  'img-src data:',
  "form-action 'self'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join('; ');
