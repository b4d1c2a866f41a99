import assert from 'node:assert/strict';
import { validateHeaderName, validateHeaderValue } from 'node:http';
import { XMLParser } from 'fast-xml-parser';
import { Parser } from 'htmlparser2';
import { parseFragment, serialize } from 'parse5';
import type { Response } from '../../functions/deliver/http.ts';
import { script } from '../../functions/deliver/script.ts';

interface Element {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  text: string;
}

function elementsOf(html: string): Element[] {
  const elements: Element[] = [];
  const open: Element[] = [];
  const parser = new Parser({
    onopentag: (name, attributes) => {
      const element = { name, attributes, text: '' };
      elements.push(element);
      open.push(element);
    },
    ontext: (data) => {
      const inner = open.at(-1);
      if (inner) inner.text += data;
    },
    onclosetag: () => open.pop(),
  });
  parser.end(html);
  return elements;
}

/** As a browser reads an address: white space and control characters do not count. */
function runsCode(address: string): boolean {
  return /^(?:javascript|vbscript|data|file|blob|filesystem|view-source):/i.test(
    address.replaceAll(/[\u0000-\u0020\u007f-\u009f]/g, ''),
  );
}

const active = new Set([
  'iframe',
  'object',
  'embed',
  'svg',
  'math',
  'form',
  'base',
  'frame',
  'applet',
  'template',
  'noscript',
  'portal',
  'input',
  'button',
  'textarea',
]);

/** Markup that a browser may show: nothing in it runs. */
export function assertNothingRuns(html: string): void {
  for (const { name, attributes, text } of elementsOf(html)) {
    if (name === 'script' && text === script) assert.deepEqual({ ...attributes }, {}, 'a script with an address');
    else if (name === 'script') {
      assert.deepEqual({ ...attributes }, { type: 'application/ld+json' }, 'a script');
      assertSound(JSON.parse(text), 'JSON-LD');
    }
    assert.ok(!active.has(name), `a <${name}>`);
    for (const [attribute, value] of Object.entries(attributes)) {
      assert.doesNotMatch(attribute, /^on|^style$|^srcdoc$|^formaction$|^xlink/i, 'an attribute that runs');
      if (['href', 'src', 'action', 'cite', 'background', 'poster'].includes(attribute))
        assert.ok(!runsCode(value), `${attribute} runs: ${value}`);
      if (attribute === 'srcset')
        for (const candidate of value.split(',')) assert.ok(!runsCode(candidate), `srcset runs: ${value}`);
      if (name === 'meta' && attribute === 'http-equiv') assert.fail('a meta that acts');
    }
  }
}

/** A whole page of the site. */
export function assertPage(html: string): void {
  assert.ok(html.isWellFormed(), 'half a surrogate pair in a page');
  assertNothingRuns(html);
  const names = elementsOf(html).map(({ name }) => name);
  for (const once of ['html', 'head', 'title', 'style', 'body', 'main'])
    assert.equal(names.filter((name) => name === once).length, 1, `<${once}> more or less than once`);
}

const parser = new XMLParser({ ignoreAttributes: false, parseTagValue: false, parseAttributeValue: false });

/** Every tag is one, with each attribute once and in quotes, and is closed in its turn (XML 1.0, productions 39–44). */
function assertTags(markup: string): void {
  const open: string[] = [];
  const text = markup.replaceAll(
    /<(\/?)([A-Za-z_][\w:.-]*)((?:\s+[A-Za-z_][\w:.-]*="[^"<]*")*)\s*(\/?)>/g,
    (_, closing: string, name: string, attributes: string, empty: string) => {
      const names = Array.from(attributes.matchAll(/([\w:.-]+)="/g), ([, attribute]) => attribute);
      assert.equal(new Set(names).size, names.length, 'an attribute twice');
      if (closing !== '') assert.equal(open.pop(), name, 'closed out of turn');
      else if (empty === '') open.push(name);
      return '';
    },
  );
  assert.deepEqual(open, [], 'not closed');
  assert.doesNotMatch(text, /<|\]\]>/, 'a tag that is none');
}

/** A document that an XML 1.0 reader takes: well formed, of characters that XML knows (productions 2 and 66–68). */
export function assertXml(document: string): Record<string, unknown> {
  assert.ok(document.isWellFormed(), 'half a surrogate pair in XML');
  assert.doesNotMatch(
    document,
    /[^\t\n\r\u{20}-\u{d7ff}\u{e000}-\u{fffd}\u{10000}-\u{10ffff}]/u,
    'a character that XML does not know',
  );
  const markup = document.replaceAll(/<!\[CDATA\[.*?\]\]>/gs, '');
  assert.doesNotMatch(markup, /&(?!(?:amp|lt|gt|quot|apos|#\d+|#x[\da-f]+);)/i, 'an ampersand that is none');
  assert.doesNotMatch(
    markup,
    /&#(?:x0*(?:[0-8bcef]|1[\da-f]|d[89a-f][\da-f]{2}|fff[ef])|0*(?:[0-8]|1[124-9]|2\d|3[01]));/i,
    'a reference to a character that XML does not know',
  );
  assert.doesNotMatch(markup, /<(?:!DOCTYPE|!ENTITY|\?(?!xml version))/i, 'a declaration');
  // Links of the site's own texts are expected. No link may run code.
  for (const [, address = ''] of markup.matchAll(/<(?:link|url|icon|logo|media:[a-z]+)[^>]*\b(?:href|url)="([^"]*)"/g))
    assert.ok(!runsCode(address), `a link that runs: ${address}`);
  assertTags(markup.replace(/^<\?xml [^>]*\?>/, ''));
  return parser.parse(document) as Record<string, unknown>;
}

/** RSS: text that feed readers interpret as HTML is harmless, too. */
export function assertRss(document: string): void {
  const { rss } = assertXml(document) as { rss?: { channel?: { item?: unknown; link?: unknown } } };
  assert.ok(rss?.channel, 'no channel');
  for (const item of listOf(rss.channel.item)) {
    const { description, link, guid } = item as { description?: unknown; link?: unknown; guid?: unknown };
    assert.ok(guid !== undefined, 'an item without guid');
    if (typeof description === 'string') assertNothingRuns(description);
    assert.match(String(link), /^https?:\/\//, 'a link that is none');
  }
}

export function assertAtom(document: string): void {
  const { feed } = assertXml(document) as { feed?: { entry?: unknown } };
  assert.ok(feed, 'no feed');
  for (const entry of listOf(feed.entry)) {
    const { id, title, updated } = entry as {
      id?: unknown;
      title?: { '#text'?: unknown; '@_type'?: unknown } | string;
      updated?: unknown;
    };
    assert.ok(id !== undefined && title !== undefined, 'an entry without id or title');
    assert.match(String(updated), /^\d{4}-\d{2}-\d{2}T/, 'a date that is none');
    if (typeof title === 'object')
      assert.ok(title['@_type'] === undefined || title['@_type'] === 'text', 'a title that is markup');
  }
}

function listOf(value: unknown): unknown[] {
  if (value === undefined) return [];
  return Array.isArray(value) ? (value as unknown[]) : [value];
}

/** JSON as the contract has it: no null, no half surrogate pair, no HTML that runs, no link that does. */
export function assertJson(text: string): void {
  assert.ok(text.isWellFormed(), 'half a surrogate pair');
  assertSound(JSON.parse(text), '');
}

/** `geoJSON` is carried as it came. */
export function assertSound(value: unknown, where: string): void {
  if (where.endsWith('.geoJSON')) return;
  assert.ok(value !== null && value !== undefined, `${where} is ${String(value)}`);
  if (typeof value === 'number') assert.ok(Number.isFinite(value), `${where} is no number`);
  if (typeof value === 'string') {
    assert.ok(value.isWellFormed(), `${where} holds half a surrogate pair`);
    if (/(?:^|\.)(?:href|url|external_url|image|src)$/.test(where)) assert.ok(!runsCode(value), `${where} runs`);
  }
  if (typeof value !== 'object') return;
  const record = value as Record<string, unknown>;
  const { contentType, value: text } = record;
  if (typeof text === 'string' && typeof contentType === 'string' && /html/i.test(contentType)) {
    assertNothingRuns(text);
    assert.equal(serialize(parseFragment(text)), text, `${where} is another document once it is parsed`);
  }
  for (const [name, held] of Object.entries(record)) assertSound(held, `${where}.${name}`);
}

const statuses = new Set([200, 301, 304, 400, 404, 405, 410]);

/** Asserts that HTTP and the CDN accept an answer to any request. */
export function assertAnswer({ status, headers, body }: Response, wasHead = false): void {
  assert.ok(statuses.has(status), `status ${status}`);
  for (const [name, value] of Object.entries(headers)) {
    validateHeaderName(name);
    validateHeaderValue(name, value);
    assert.match(value, /^[\u0020-\u007e]*$/, `${name} is not ASCII`);
  }
  assert.equal(
    headers['x-content-type-options'] ?? (body === '{"status":"ok"}' || wasHead ? 'nosniff' : undefined),
    'nosniff',
  );
  const tags = (headers['x-amz-meta-cache-tag'] ?? '').split(',').filter((tag) => tag !== '');
  assert.ok(
    tags.length <= 50 && tags.every((tag) => tag.length <= 256 && /^[\u0021-\u007e]+$/.test(tag)),
    'cache tags that CloudFront does not take',
  );
  assert.ok(headers['cache-control'] !== undefined, 'no cache-control');
  if (status === 301) assert.match(headers['location'] ?? '', /^\/(?![/\\])/, 'sent to another site');
  const type = headers['content-type'] ?? '';
  if (wasHead || status === 304 || status === 301) {
    assert.equal(body, '');
    return;
  }
  if (type.startsWith('text/html')) {
    assert.match(
      headers['content-security-policy'] ?? '',
      /^default-src 'none'; img-src https: http:; media-src https: http:; style-src 'sha256-[^']+'; script-src(?: 'sha256-[^']+'){3}; connect-src 'self'; frame-src(?: https:\/\/[\w./-]+)+; manifest-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'$/,
    );
    assertPage(body);
  } else if (type.startsWith('application/rss+xml')) assertRss(body);
  else if (type.startsWith('application/atom+xml')) assertAtom(body);
  else if (type.startsWith('application/xml')) assertXml(body);
  else if (type.startsWith('text/plain'))
    assert.ok(
      body.split('\n').every((line) => /^(?:[A-Z][A-Za-z-]*:.*)?$/.test(line)),
      'a line that is no rule of robots.txt',
    );
  else {
    assert.match(type, /^application\/(?:json|feed\+json|problem\+json)\b/);
    assertJson(body);
    if (status >= 400) assert.ok(type.startsWith('application/problem+json'));
  }
}
