import { describe, expect, test } from 'vitest';
import { type Content, html, Markup, prose } from '../../../src/report/html/html.ts';

const HOSTILE = `</style><script>alert("1")</script>' onclick='x' \`&amp;`;

describe('html', () => {
  test.each<{ content: Content; made: string }>([
    { content: 'plain', made: 'plain' },
    { content: '', made: '' },
    { content: 0, made: '0' },
    { content: undefined, made: '' },
    { content: '<b>&"\'`', made: '&lt;b&gt;&amp;&quot;&#39;&#96;' },
    { content: '&amp;', made: '&amp;amp;' },
    { content: 'a\nb\u202ec\u0000', made: 'a\\u000ab\\u202ec\\u0000' },
    { content: ['<', 1, undefined, html`<i>${'>'}</i>`], made: '&lt;1<i>&gt;</i>' },
    { content: [['<'], []], made: '&lt;' },
  ])('makes $made of $content', ({ content, made }) => {
    expect(html`${content}`.toString()).toBe(made);
    expect(html`<p title="${content}">`.toString()).toBe(`<p title="${made}">`);
  });

  test('lets no text from outside open a tag or leave an attribute', () => {
    const made = html`<p title="${HOSTILE}">${[HOSTILE]}</p>`.toString();

    expect(made.replace(/^<p title="/, '').replace(/<\/p>$/, '')).toMatch(/^[^<>"'`]*">[^<>"'`]*$/);
  });

  test('escapes no markup twice', () => {
    const inner = html`<b>${'&'}</b>`;

    expect(html`${inner}`.toString()).toBe('<b>&amp;</b>');
    expect(inner).toBeInstanceOf(Markup);
  });
});

describe('prose', () => {
  test.each([
    { text: 'set `manage` to `zone`', made: 'set <code>manage</code> to <code>zone</code>' },
    { text: '`<b>` and <i>', made: '<code>&lt;b&gt;</code> and &lt;i&gt;' },
    { text: 'one ` alone', made: 'one &#96; alone' },
  ])('$text', ({ text, made }) => {
    expect(prose(text).toString()).toBe(made);
  });
});
