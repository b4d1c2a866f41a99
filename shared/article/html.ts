/** Escapes a text so that HTML shows it character for character. */
export function escapeHtml(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;');
}

const characters: Readonly<Record<string, string>> = {
  '&lt;': '<',
  '&gt;': '>',
  '&quot;': '"',
  '&amp;': '&',
  '&nbsp;': '\u00a0',
};

/** Reverses the sanitiser's escaping, in texts and in attributes. */
export function unescapeHtml(html: string): string {
  return html.replaceAll(/&(?:lt|gt|quot|amp|nbsp);/g, (entity) => characters[entity] ?? '');
}
