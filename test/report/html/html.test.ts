import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { html } from '../../../src/report/html/html.ts';
import { code, name, prose } from '../../../src/report/html/words.ts';
import { documentOf } from './document.ts';

/** Of any characters at all, also of halves. */
const TEXT = fc
  .array(
    fc.oneof(
      fc.integer({ min: 0, max: 0xffff }),
      fc.constantFrom(...[...'<>&"\'`\0\n'].map((sign) => sign.charCodeAt(0))),
    ),
  )
  .map((codes) => String.fromCharCode(...codes));

describe('html', () => {
  test('escapes what is put in, in text and in attributes', () => {
    const evil = `<b a='1' b="2">&amp;`;
    expect(html`<p title="${evil}">${evil}</p>`.text).toBe(
      '<p title="&lt;b a=&#39;1&#39; b=&quot;2&quot;&gt;&amp;amp;">&lt;b a=&#39;1&#39; b=&quot;2&quot;&gt;&amp;amp;</p>',
    );
  });

  test('takes pieces of itself as they are, lists one after the other, and nothing for nothing', () => {
    const items = ['<', 2].map((item) => html`<li>${item}</li>`);
    expect(html`<ul>${items}</ul>${null}${undefined}${false}${0}`.text).toBe('<ul><li>&lt;</li><li>2</li></ul>0');
  });

  test('whatever the text, it is read back as it was, but for what no document may hold', () => {
    const forbidden = /(?![\t\n\r])[\p{Cc}\p{Cs}\ufffe\uffff]/gu;
    fc.assert(
      fc.property(TEXT, TEXT, (text, other) => {
        const page = `<!doctype html>\n${html`<p title="${other}">${text}</p>`.text}`;
        const read = documentOf(page);
        expect(read.text).toBe(text.replace(forbidden, '\ufffd'));
        expect(read.attributes.title).toBe(other.replace(forbidden, '\ufffd'));
      }),
      { numRuns: 200 },
    );
  });
});

test('names stand by themselves: cut, controls shown, in their own direction', () => {
  expect(name('<i>').text).toBe('<bdi>&lt;i&gt;</bdi>');
  expect(name('a\u202eb\u0007').text).toBe('<bdi>a\\u202eb\\u0007</bdi>');
  expect(name('x'.repeat(1e6)).text.length).toBeLessThan(200);
});

test('prose knows code, and code where it may be broken', () => {
  expect(prose('Else `a<b`, too.').text).toBe('Else <code>a&lt;b</code>, too.');
  expect(code('agent.joinLatency').text).toBe('<code>agent.<wbr>joinLatency</code>');
});
