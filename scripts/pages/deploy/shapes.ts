/** The parts of an SVG document as text; numbers are rounded, and texts escaped. */

type Attributes = Readonly<Record<string, string | number>>;

export function shape(name: string, attributes: Attributes, ...content: readonly string[]): string {
  const written = Object.entries(attributes).map(([key, value]) => ` ${key}="${escapeXml(rounded(value))}"`);
  const start = `<${name}${written.join('')}`;
  return content.length === 0 ? `${start}/>` : `${start}>${content.join('')}</${name}>`;
}

export function words(x: number, y: number, text: string, className: string): string {
  return shape('text', { x, y, class: className }, escapeXml(text));
}

export function rectangle(
  { x, y, width, height }: Readonly<Record<'x' | 'y' | 'width' | 'height', number>>,
  className: string,
  radius = 0,
): string {
  return shape('rect', { x, y, width, height, class: className, ...(radius === 0 ? {} : { rx: radius }) });
}

/** About how wide a text is, in the font size given. */
export function widthOf(text: string, fontSize: number): number {
  return text.length * fontSize * 0.56;
}

export function rounded(value: string | number): string {
  return typeof value === 'string' ? value : String(Math.round(value * 10) / 10);
}

export function escapeXml(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}
