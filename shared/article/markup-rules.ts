/**
 * The rules for each HTML element of a story's text. An element is kept if a plain page can show its meaning. Each
 * element that is left out has its reason here. Elements that are not named (custom ones, `font`, `label` …) are
 * replaced by their content, and custom ones without any by a link.
 */

/** Elements that are kept, each with its meaningful attributes beside `lang`, `dir` and `id`. */
export const keptElements: ReadonlyMap<string, readonly string[]> = new Map([
  ...[
    'p',
    'h2',
    'h3',
    'h4',
    'ul',
    'dl',
    'dt',
    'dd',
    'figure',
    'figcaption',
    'table',
    'caption',
    'thead',
    'tbody',
    'tfoot',
    'tr',
    'pre',
    'hr',
    'details',
    'summary',
  ].map(plain),
  ...[
    'cite',
    'em',
    'strong',
    'b',
    'i',
    'u',
    's',
    'sup',
    'sub',
    'small',
    'mark',
    'code',
    'kbd',
    'samp',
    'var',
    'br',
    'wbr',
    'ruby',
    'rt',
    'rp',
    'bdi',
    'bdo',
  ].map(plain),
  ['ol', ['start', 'reversed', 'type']],
  ['li', ['value']],
  ['blockquote', ['cite']],
  ['q', ['cite']],
  ['del', ['cite', 'datetime']],
  ['ins', ['cite', 'datetime']],
  ['abbr', ['title']],
  ['dfn', ['title']],
  ['time', ['datetime']],
  ['a', ['href', 'title', 'rel']],
  ['img', ['src', 'srcset', 'alt', 'width', 'height', 'title']],
  ['th', ['colspan', 'rowspan', 'scope', 'headers', 'abbr']],
  ['td', ['colspan', 'rowspan', 'headers']],
  // Kept only with a language, a direction or the target of a link; else replaced by their content.
  ['div', []],
  ['span', []],
]);

function plain(name: string): [string, readonly string[]] {
  return [name, []];
}

/** Elements that are replaced by another one with the same meaning. */
export const renamedElements: ReadonlyMap<string, string> = new Map([
  // The page's own headline is its only h1.
  ['h1', 'h2'],
  ['h5', 'h4'],
  ['h6', 'h4'],
  ['strike', 's'],
  ['tt', 'code'],
  ['acronym', 'abbr'],
  ['dir', 'ul'],
  ['menu', 'ul'],
  ['listing', 'pre'],
  ['xmp', 'pre'],
  ['plaintext', 'pre'],
  ['amp-img', 'img'],
  ['amp-anim', 'img'],
]);

/** Elements that browsers show as blocks. If they are not kept, their content becomes one or several paragraphs. */
export const dissolvedBlocks: ReadonlySet<string> = new Set(
  'address article aside body center dialog div fieldset footer form header hgroup html legend main nav noscript optgroup search section'.split(
    ' ',
  ),
);

/** Kept elements that begin on a line of their own. */
export const keptBlocks: ReadonlySet<string> = new Set(
  'p h2 h3 h4 ul ol li dl dt dd blockquote figure figcaption table caption thead tbody tfoot tr th td pre hr details summary div'.split(
    ' ',
  ),
);

/** Elements whose content is inline or (`pre`) lines: blocks within them become lines. */
export const lineElements: ReadonlySet<string> = new Set(['p', 'h2', 'h3', 'h4', 'pre', 'summary']);

/** Elements that are left out with their content. */
export const droppedElements: ReadonlyMap<string, string> = new Map([
  ['script', 'code, no text'],
  ['style', 'code, no text'],
  ['template', 'shown only by scripts'],
  ['head', 'about a document, no part of its text'],
  ['title', 'about a document, no part of its text'],
  ['svg', 'markup of its own that can hold scripts; its words are parts of a drawing'],
  ['math', 'markup of its own, and the way of most attacks on sanitisers; formulas reach newsrooms as pictures'],
  ['noembed', 'for browsers that no reader has'],
  ['noframes', 'for browsers that no reader has'],
  ['button', 'a control: it does nothing without the script of the CMS'],
  ['input', 'a control: nobody reads what is typed'],
  ['select', 'a control: nobody reads what is chosen'],
  ['option', 'part of a control'],
  ['datalist', 'part of a control'],
  ['textarea', 'a control: nobody reads what is typed'],
  ...['amp-ad', 'amp-auto-ads', 'amp-embed', 'amp-sticky-ad'].map((name) => [name, 'advertising'] as const),
  ...['amp-analytics', 'amp-consent', 'amp-geo', 'amp-pixel', 'amp-state'].map((name) => [name, 'no text'] as const),
  ['amp-social-share', 'a control: the page has its own'],
]);

/**
 * Elements that run foreign code or need a player. Each is replaced by a link to its content; the listed attributes
 * contain the address.
 */
export const linkedElements: ReadonlyMap<string, readonly string[]> = new Map([
  ['iframe', ['src', 'data-src', 'data-lazy-src']],
  ['embed', ['src']],
  ['video', ['src', 'data-src']],
  ['audio', ['src', 'data-src']],
  ['object', ['data']],
  // CKEditor's element for content of another site.
  ['oembed', ['url']],
  ['amp-iframe', ['src']],
  ['amp-video', ['src']],
  ['amp-video-iframe', ['src']],
  ['amp-audio', ['src']],
]);

/** Custom elements of AMP and of scripts that name their content by an id: the attribute, and what precedes it. */
const contentsById: ReadonlyMap<string, readonly [attribute: string, address: string]> = new Map([
  ['amp-dailymotion', ['data-videoid', 'https://www.dailymotion.com/video/']],
  ['amp-instagram', ['data-shortcode', 'https://www.instagram.com/p/']],
  [
    'amp-soundcloud',
    ['data-trackid', 'https://w.soundcloud.com/player/?url=https%3A%2F%2Fapi.soundcloud.com%2Ftracks%2F'],
  ],
  ['amp-tiktok', ['data-src', 'https://www.tiktok.com/embed/']],
  ['amp-twitter', ['data-tweetid', 'https://x.com/i/status/']],
  ['amp-vimeo', ['data-videoid', 'https://vimeo.com/']],
  ['amp-youtube', ['data-videoid', 'https://www.youtube.com/watch?v=']],
  ['lite-vimeo', ['videoid', 'https://vimeo.com/']],
  ['lite-youtube', ['videoid', 'https://www.youtube.com/watch?v=']],
]);

/** Attributes in which custom elements have the address of their content. */
const contentAddresses: readonly string[] = ['src', 'data-src', 'href', 'data-href', 'url', 'data-url'];

/** Returns the addresses that the content of a custom element may have. */
export function contentOf(name: string, attribute: (name: string) => string | undefined): (string | undefined)[] {
  const [ofId, address] = contentsById.get(name) ?? [];
  const id = ofId && attribute(ofId)?.trim();
  return [id && /^[\w-]+$/.test(id) ? `${address}${id}` : undefined, ...contentAddresses.map(attribute)];
}

/**
 * Returns the address of the frame that a provider's script would create for an element, such as a chart whose markup
 * has no frame.
 */
export function scriptedFrame(name: string, attribute: (name: string) => string | undefined): string | undefined {
  if (name === 'script') {
    const source = /^(?:https:)?\/\/datawrapper\.dwcdn\.net\/(\w{5})\/(?:\d+\/)?embed\.js(?:\?|$)/;
    const [, chart] = source.exec(attribute('src')?.trim() ?? '') ?? [];
    return chart === undefined ? undefined : `https://datawrapper.dwcdn.net/${chart}/`;
  }
  if (!/(?:^|\s)flourish-embed(?:\s|$)/.test(attribute('class') ?? '')) return undefined;
  const [path] = /^(?:visualisation|story)\/\d+(?=$|\?)/.exec(attribute('data-src')?.trim() ?? '') ?? [];
  return path === undefined ? undefined : `https://flo.uri.sh/${path}/embed`;
}

/** The attributes from which lazy-loading scripts read a picture's address, while `src` is a placeholder. */
export const lateSources: readonly string[] = ['data-src', 'data-lazy-src', 'data-original', 'src'];
export const lateSourceSets: readonly string[] = ['data-srcset', 'data-lazy-srcset', 'srcset'];

/**
 * The values of `rel` that search engines read. The others (`noopener` …) concern windows, which these pages do not
 * open.
 */
export const keptRelations: ReadonlySet<string> = new Set(['sponsored', 'nofollow', 'ugc']);

/** The prefix of every id of a text, so that none equals an id of the page. */
export const idPrefix = 'user-content-';
