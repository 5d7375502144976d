import { createHash } from 'node:crypto';
import { pageBundle, renderPage, type ReportModel } from '../../../lib/report';

const BUNDLE = { script: 'run()', style: 'p { color: red }' };
const TEXTS = [
  '</script><script>alert(1)</script>',
  '<!-- <script>',
  '\u2028\u2029\u202e\u0000\u001b[2J',
  '"\\',
  "'-->]]>",
];

/** A model with a text in many places. */
const modelWith = (text: string): ReportModel => ({
  changes: {
    before: text,
    after: text,
    widened: true,
    words: text,
    rows: [{ effect: 'widened', workload: text, what: text, change: text }],
  },
});
const sha256 = (text: string): string => createHash('sha256').update(text).digest('base64');
const dataOf = (page: string): string =>
  /<script type="application\/json" id="model">(.*)<\/script>\n/.exec(page)?.[1] ?? '';

describe('renderPage', () => {
  it.each(TEXTS)('lets no text end its element, open another or hide: %j', (text) => {
    const page = renderPage(modelWith(text), BUNDLE, '1.2.3');
    expect(page.match(/<\/?script/g)).toHaveLength(4);
    expect(page).not.toContain('<!--');
    expect(dataOf(page)).not.toMatch(/[<\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u);
    const { changes } = JSON.parse(dataOf(page)) as ReportModel;
    expect(changes?.before).toBe(
      text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, (each) => `\\u{${each.codePointAt(0)?.toString(16)}}`),
    );
  });

  it('allows its own script and style sheet by their hashes, and nothing else', () => {
    const csp = /Content-Security-Policy" content="([^"]*)"/.exec(renderPage({}, BUNDLE, '1.2.3'))?.[1];
    expect(csp?.split('; ')).toEqual([
      "default-src 'none'",
      `style-src 'sha256-${sha256(BUNDLE.style)}'`,
      `script-src 'sha256-${sha256(BUNDLE.script)}'`,
      "base-uri 'none'",
      "form-action 'none'",
      "require-trusted-types-for 'script'",
      "trusted-types 'none'",
    ]);
  });

  it('gives the same bytes for the same input', () => {
    expect(renderPage(modelWith('a'), BUNDLE, '1.2.3')).toBe(renderPage(modelWith('a'), BUNDLE, '1.2.3'));
  });

  it('has a bundle that ends no element and names no other place', () => {
    const { script, style } = pageBundle();
    expect((script + style).match(/<\/(script|style)|<!--/gi)).toBeNull();
    // The point of an arrow stands in the same page.
    expect(style.replaceAll('url(#arrow)', '').match(/url\(|@import/g)).toBeNull();
    // Namespaces of SVG and MathML are names, not places; the rest is the notice of the licence.
    const places = script.match(/https?:\/\/[^\s"'`)]+/g) ?? [];
    expect(places.filter((each) => !each.startsWith('http://www.w3.org/'))).toEqual([]);
  });
});
