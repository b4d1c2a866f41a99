/**
 * Matches a bracketed name, with or without attributes, within one text. The length is bounded, since a text can have a
 * million brackets.
 */
const bracketed = /\[(\/?)([a-z][\w-]{0,60})((?:\s|&nbsp;)[^[\]<>]{0,1000})?\s?\/?\]/gi;

/** Matches code, which is shown unchanged. */
const code = /(<(?:pre|code)\b[^<>]*>)/i;

/** Shortcodes of WordPress itself whose content is a file or page. */
const withAddress = /^(?:embed|audio|video|playlist)$/i;

/** Matches the address in an attribute. WordPress makes the quotation marks around it curly. */
const address =
  /=(?:["'\u201c-\u201f\u2032\u2033]|&(?:quot|#\d{2,5});)*(https?:\/\/[^\s"'\u201c-\u201f\u2032\u2033&<>]+)/i;

/**
 * Removes the shortcodes of inactive plugins, which WordPress leaves in the text. Their content is kept, and the
 * address of a player becomes a link. A shortcode has attributes, an end tag, or an underscore in its name; any other
 * bracketed word is the author's, and is kept.
 */
export function withoutShortcodes(html: string): string {
  if (!html.includes('[')) return html;
  const ended = new Set([...html.matchAll(bracketed)].flatMap(([, slash, name]) => (slash === '/' ? [name] : [])));
  let isCode = false;
  return html
    .split(code)
    .map((part, index) => {
      if (index % 2 === 1) {
        isCode = true;
        return part;
      }
      const end = isCode ? part.search(/<\/(?:pre|code)>/i) : 0;
      isCode = end < 0;
      return isCode ? part : part.slice(0, end) + part.slice(end).replaceAll(bracketed, replacement);
    })
    .join('');

  function replacement(whole: string, slash: string, name: string, attributes = ''): string {
    const isShortcode = slash === '/' || ended.has(name) || name.includes('_') || /[\w-]=/.test(attributes);
    if (!isShortcode) return whole;
    const [, file] = withAddress.test(name) ? (address.exec(attributes) ?? []) : [];
    return file === undefined ? '' : `<a href="${file}">${file}</a>`;
  }
}
