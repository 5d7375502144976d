import { TerraformLocal } from 'cdktf';
import fc from 'fast-check';
import { escapeTemplate } from '../../constructs/escape-template';
import { synthesized } from './support/synth';

/** What Terraform 1.11 makes of a text without interpolations: of `$$$${` the last three characters are the sign for `${`. */
function unescape(text: string): string {
  return text.replace(/\$\$\{/g, '${').replace(/%%\{/g, '%{');
}

/** Whether Terraform finds a template in a text. */
function hasTemplate(text: string): boolean {
  return /(^|[^$])\$\{|(^|[^%])%\{/.test(text);
}

test.each([
  ['${HOME}', '$${HOME}'],
  ['%{http_code}', '%%{http_code}'],
  ['$${x', '$$${x'],
  ['%${x} $%{y}', '%$${x} $%%{y}'],
  ['$HOME $(date) 100% { }', '$HOME $(date) 100% { }'],
])('%s is written as %s', (text, escaped) => {
  expect(escapeTemplate(text)).toBe(escaped);
});

test('Terraform reads what was written, and never a template', () => {
  const text = fc
    .array(fc.constantFrom('$', '%', '{', '}', '$' + '{', '%{', 'a', '"', '\n', '\\', 'TfToken', '['))
    .map((parts) => parts.join(''))
    .filter((each) => !each.includes('${TfToken['));
  fc.assert(
    fc.property(text, (each) => {
      const escaped = escapeTemplate(each);
      expect(unescape(escaped)).toBe(each);
      expect(hasTemplate(escaped)).toBe(false);
    }),
  );
});

test('texts inside of lists and objects are escaped, all else stays as it is', () => {
  const value = { list: ['${a}', 1, true, null], inner: { text: '%{b}', none: undefined } };
  expect(escapeTemplate(value)).toEqual({ list: ['$${a}', 1, true, null], inner: { text: '%%{b}', none: undefined } });
  expect(value.list[0]).toBe('${a}');
});

test('a token beside a script becomes its value, the script stays a script', () => {
  const stack = synthesized((scope) => {
    const local = new TerraformLocal(scope, 'bucket', 'docs');
    new TerraformLocal(scope, 'text', escapeTemplate(`\${HOME}/${local.asString}/%{x}`));
  });
  expect(stack.json.locals.text).toBe('$${HOME}/${local.bucket}/%%{x}');
});
