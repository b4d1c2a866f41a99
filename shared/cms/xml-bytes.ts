/**
 * Returns the text of an XML document. Bytes that are valid UTF-8, except for a few errors, are read as UTF-8 even if the
 * document or its Content-Type names another encoding, because text in another encoding is hardly ever valid UTF-8.
 * Otherwise the document's own declaration counts, then the Content-Type, then windows-1252, the most common encoding of
 * the Web (WHATWG Encoding).
 */
export function xmlTextOf(bytes: Uint8Array, contentType: string): string {
  const [first, second] = bytes;
  if (first === 0xfe && second === 0xff) return new TextDecoder('utf-16be').decode(bytes);
  if (first === 0xff && second === 0xfe) return new TextDecoder('utf-16le').decode(bytes);
  const text = new TextDecoder().decode(bytes);
  const [valid, invalid] = [/[^\0-\x7F\uFFFD]/g, /\uFFFD/g].map((signs) => text.match(signs)?.length ?? 0);
  if (invalid === undefined || invalid <= (valid ?? 0)) return text;
  const beginning = new TextDecoder('latin1').decode(bytes.subarray(0, 200));
  const [, declared] = /^<\?xml[^>]*\sencoding\s*=\s*["']([\w.:-]+)["']/.exec(beginning) ?? [];
  const [, sent] = /charset\s*=\s*["']?([\w.:-]+)/i.exec(contentType) ?? [];
  const labels = [declared, sent, 'windows-1252'].filter((label) => !/^utf-?(?:8|16)/i.test(label ?? 'utf-8'));
  return labels.map((label) => decoded(bytes, label ?? '')).find((one) => one !== undefined) ?? text;
}

/** Returns undefined for an encoding that WHATWG Encoding does not have. */
function decoded(bytes: Uint8Array, label: string): string | undefined {
  try {
    return new TextDecoder(label).decode(bytes);
  } catch {
    return undefined;
  }
}
