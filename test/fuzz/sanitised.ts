import assert from 'node:assert/strict';
import fc from 'fast-check';
import { defaultTreeAdapter, html, parse, parseFragment, serialize, type DefaultTreeAdapterTypes } from 'parse5';
import { maxDepth, maxSteps, TooMuchMarkup } from '../../shared/article/html-tree.ts';
import { droppedElements, linkedElements } from '../../shared/article/markup-rules.ts';
import { plainTextOf, sanitise } from '../../shared/article/sanitise.ts';
import { tagSoup } from './tag-soup.ts';

type Parent = DefaultTreeAdapterTypes.ParentNode;

/** The words that a browser shows, without those of dropped elements and of players that a link replaces. */
export function wordsIn(parent: Parent): string[] {
  return parent.childNodes.flatMap((node) => {
    if (defaultTreeAdapter.isTextNode(node)) return node.value.match(/w\d+/g) ?? [];
    if (!defaultTreeAdapter.isElementNode(node)) return [];
    const attribute = (name: string): string => node.attrs.find((each) => each.name === name)?.value ?? '';
    const isPlayer = linkedElements.get(node.tagName)?.some((name) => attribute(name).startsWith('https:')) ?? false;
    const hasSource = node.childNodes.some(
      (child) =>
        defaultTreeAdapter.isElementNode(child) &&
        child.tagName === 'source' &&
        child.attrs.some(({ name, value }) => name === 'src' && value.startsWith('https:')),
    );
    const has = (name: string): boolean => node.attrs.some((each) => each.name === name);
    const isGone =
      has('hidden') ||
      has('popover') ||
      (node.tagName === 'dialog' && !has('open')) ||
      attribute('style').includes('display:none') ||
      droppedElements.has(node.tagName) ||
      ['noscript', 'iframe'].includes(node.tagName) ||
      isPlayer ||
      (linkedElements.has(node.tagName) && hasSource) ||
      node.namespaceURI.endsWith('svg') ||
      node.namespaceURI.endsWith('MathML') ||
      attribute('class') === 'kg-audio-player';
    return isGone ? [] : wordsIn(node);
  });
}

/** The element of a document that holds a text, found by its name. */
function find(parent: Parent, name: string): DefaultTreeAdapterTypes.Element | undefined {
  for (const node of parent.childNodes) {
    if (!defaultTreeAdapter.isElementNode(node)) continue;
    const found = node.tagName === name ? node : find(node, name);
    if (found) return found;
  }
  return undefined;
}

export function parsedAsText(text: string): DefaultTreeAdapterTypes.DocumentFragment {
  return parseFragment(defaultTreeAdapter.createElement('div', html.NS.HTML, []), text, { scriptingEnabled: false });
}

/** Every parser reads the same document: the text alone, in a page, and sanitised again. */
export function assertFixed(clean: string): void {
  assert.equal(serialize(parsedAsText(clean)), clean, 'another document in a text');
  assert.equal(serialize(parseFragment(clean)), clean, 'another document by itself');
  const page = parse(`<!DOCTYPE html><html><body><article>${clean}</article><footer>after</footer></body></html>`);
  const article = find(page, 'article');
  assert.equal(article && serialize(article), clean, 'another document in a page');
  assert.equal(find(page, 'footer')?.parentNode, find(page, 'body'), 'what follows the text stands in it');
  assert.equal(sanitise(clean), clean, 'cleaned again, another text');
}

function elementsIn(parent: Parent): DefaultTreeAdapterTypes.Element[] {
  return parent.childNodes.flatMap((node) =>
    defaultTreeAdapter.isElementNode(node) ? [node, ...elementsIn(node)] : [],
  );
}

const sameDocument = fc.property(tagSoup, (soup) => {
  assertFixed(sanitise(soup));
});

const everyWord = fc.property(tagSoup, (soup) => {
  // Whether a browser shows noscript content depends on its context: see the examples.
  const shown = soup.replaceAll('noscript', 'span');
  const words = wordsIn(parsedAsText(shown));
  assert.deepEqual(wordsIn(parsedAsText(sanitise(shown))), words, 'words are lost, or stand in another order');
  const plain = new Set(plainTextOf(shown).match(/w\d+/g));
  assert.deepEqual(
    words.filter((word) => !plain.has(word)),
    [],
    'words are lost in plain text',
  );
});

const addressed = new Set(['href', 'src', 'cite']);

/** A page has ids and links of its own, and browsers run some addresses. */
const harmless = fc.property(tagSoup, (soup) => {
  const elements = elementsIn(parsedAsText(sanitise(soup)));
  const attributes = elements.flatMap(({ attrs }) => attrs);
  const ids = attributes.filter(({ name }) => name === 'id').map(({ value }) => value);
  for (const id of ids) assert.ok(id.startsWith('user-content-'), 'an id of a text may be taken for one of the page');
  for (const { name, value } of attributes) {
    if (name === 'href' && value.startsWith('#'))
      assert.ok(ids.includes(value.slice(1)), 'a link leads to no place of the text');
    else if (addressed.has(name))
      assert.match(
        new URL(value, 'https://www.example.com/').protocol,
        /^(?:https?|mailto|tel):$/,
        'an address runs code',
      );
  }
});

/** Attributes that readers, browsers or search engines use, with possible values, each on an element in a valid place. */
const meaningful: readonly (readonly [
  before: string,
  name: string,
  attributes: Readonly<Record<string, readonly string[]>>,
  after: string,
])[] = [
  ['', 'ol', { start: ['3', '-1'], type: ['a', 'I'], reversed: [''], lang: ['fr'], dir: ['rtl'] }, '<li>w</li></ol>'],
  ['<ol>', 'li', { value: ['7'], lang: ['ar'] }, 'w</li></ol>'],
  [
    '<p>',
    'a',
    { href: ['https://www.example.com/', '/news'], rel: ['nofollow', 'sponsored ugc'], title: ['t'] },
    'w</a></p>',
  ],
  ['<p>', 'abbr', { title: ['World Health Organization'] }, 'w</abbr></p>'],
  ['<p>', 'del', { cite: ['https://www.example.com/'], datetime: ['2026-05-01'] }, 'w</del></p>'],
  ['<p>', 'ins', { cite: ['https://www.example.com/'], datetime: ['2026-05-01'] }, 'w</ins></p>'],
  ['<p>', 'q', { cite: ['https://www.example.com/'], lang: ['de'] }, 'w</q></p>'],
  ['<p>', 'time', { datetime: ['2026-05-01'] }, 'w</time></p>'],
  ['<p>', 'span', { lang: ['uk'], dir: ['rtl'] }, 'w</span></p>'],
  [
    '<table><tbody><tr>',
    'th',
    { colspan: ['2'], rowspan: ['3'], scope: ['col'], abbr: ['t'] },
    'w</th></tr></tbody></table>',
  ],
  ['<table><tbody><tr>', 'td', { colspan: ['2'], rowspan: ['3'] }, 'w</td></tr></tbody></table>'],
  [
    '<p>',
    'img',
    { src: ['https://pictures.example.com/a.jpg'], alt: ['a', ''], width: ['600'], height: ['400'], title: ['t'] },
    '</p>',
  ],
];

const marked = fc
  .constantFrom(...meaningful)
  .chain(([before, name, attributes, after]) =>
    fc
      .record(
        Object.fromEntries(Object.entries(attributes).map(([each, values]) => [each, fc.constantFrom(...values)])),
        { requiredKeys: ['src', 'href'].filter((each) => each in attributes) },
      )
      .map((given: Readonly<Record<string, string | undefined>>) => ({ before, name, given, after })),
  );

const attributesSurvive = fc.property(marked, ({ before, name, given, after }) => {
  const written = Object.entries(given)
    .map(([each, value]) => ` ${each}="${value ?? ''}"`)
    .join('');
  const element = find(parsedAsText(sanitise(`${before}<${name}${written}>${after}`)), name);
  assert.deepEqual(
    Object.fromEntries((element?.attrs ?? []).map(({ name: each, value }) => [each, value])),
    { ...given },
    `attributes of ${name} are lost`,
  );
});

const anchorsSurvive = fc.property(
  fc.constantFrom('p', 'h2', 'li', 'figure', 'span', 'div'),
  fc.constantFrom('note', 'n1', 'über'),
  (name, id) => {
    const elements = elementsIn(
      parsedAsText(sanitise(`<p><a href="#${id}">w</a></p><${name} id="${id}">w2</${name}>`)),
    );
    const valueOf = (wanted: string): string | undefined =>
      elements.flatMap(({ attrs }) => attrs).find((each) => each.name === wanted)?.value;
    assert.deepEqual(
      [valueOf('href'), valueOf('id')],
      [`#user-content-${id}`, `user-content-${id}`],
      'a link within the text leads nowhere',
    );
  },
);

function assertTooMuch(text: string): void {
  try {
    sanitise(text);
  } catch (error) {
    if (error instanceof TooMuchMarkup) return;
  }
  assert.fail('work on one text has no bound');
}

const depthIsBounded = fc.property(
  fc.constantFrom('em', 'div', 'blockquote', 'span', 'ul'),
  fc.integer({ min: maxDepth + 1, max: 2 * maxDepth }),
  (name, depth) => {
    assertTooMuch(`<${name}>`.repeat(depth));
  },
);

const stepsAreBounded = fc.property(fc.constantFrom('<b>w</b>', '<br>', '<p>w', '<i>w<b>'), (unit) => {
  assertTooMuch(unit.repeat(maxSteps));
});

export const rules = [
  { rule: 'what comes out is the same document to every parser', property: sameDocument, numRuns: 500 },
  { rule: 'every word that a browser would show comes out', property: everyWord, numRuns: 500 },
  { rule: 'no id is one of the page, no link leads nowhere or runs code', property: harmless, numRuns: 500 },
  { rule: 'attributes that mean something survive', property: attributesSurvive, numRuns: 300 },
  { rule: 'links within a text keep their targets', property: anchorsSurvive, numRuns: 50 },
  { rule: 'depth is bounded', property: depthIsBounded, numRuns: 20 },
  { rule: 'work is bounded', property: stepsAreBounded, numRuns: 4 },
];
export const properties = rules.map(({ property }) => property);
