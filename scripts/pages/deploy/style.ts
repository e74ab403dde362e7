const LIGHT = {
  paper: '#ffffff',
  ink: '#1f2328',
  soft: '#59636e',
  line: '#d8dee4',
  old: '#0969da',
  oldPale: '#cfe4ff',
  new: '#1a7f37',
  newPale: '#c4ecce',
  waiting: '#eaeef2',
  failed: '#cf222e',
  onBar: '#ffffff',
} as const;

const DARK: Readonly<Record<keyof typeof LIGHT, string>> = {
  paper: '#0d1117',
  ink: '#f0f6fc',
  soft: '#9198a1',
  line: '#2f363e',
  old: '#1f6feb',
  oldPale: '#16365f',
  new: '#238636',
  newPale: '#12401f',
  waiting: '#212830',
  failed: '#ff7b72',
  onBar: '#ffffff',
};

/** What the parts of the picture look like, on light and on dark pages. */
export function style(): string {
  return `${FONTS}${colors(LIGHT)}@media (prefers-color-scheme:dark){${colors(DARK)}}`;
}

export const FONT_SIZES = { title: 20, text: 14, small: 12.5 } as const;

const FONTS = [
  'text{font-family:system-ui,-apple-system,"Segoe UI",Roboto,Helvetica,Arial,sans-serif}',
  `.title{font-size:${FONT_SIZES.title}px;font-weight:600}`,
  `.text,.label,.number{font-size:${FONT_SIZES.text}px}`,
  `.small,.tick,.on-bar,.on-pale{font-size:${FONT_SIZES.small}px}`,
  '.label{text-anchor:end}.tick,.number{text-anchor:middle}.number{font-weight:600}',
  '.dot{stroke-width:1.5px}.failed{fill:none;stroke-width:2.5px;stroke-linecap:round}',
  '.waiting{stroke-width:1px;stroke-dasharray:4 3}.grid{stroke-width:1px}.now{stroke-width:2px}',
  '.veil{display:none}.cover{opacity:.82}',
].join('');

function colors(of: Readonly<Record<keyof typeof LIGHT, string>>): string {
  return [
    `.paper,.cover{fill:${of.paper}}.frame{fill:none;stroke:${of.line}}`,
    `.title,.text,.on-pale{fill:${of.ink}}.label,.small,.tick{fill:${of.soft}}`,
    `.grid{stroke:${of.line}}.now{stroke:${of.ink}}`,
    `.old-listed,.old-dot{fill:${of.old}}.old-draining,.old-ready{fill:${of.oldPale}}`,
    `.new-listed,.new-dot{fill:${of.new}}.new-draining,.new-ready{fill:${of.newPale}}`,
    `.waiting{fill:${of.waiting};stroke:${of.soft}}.on-bar{fill:${of.onBar}}`,
    `.badge{fill:${of.ink}}.number{fill:${of.paper}}.failed{stroke:${of.failed}}`,
  ].join('');
}
