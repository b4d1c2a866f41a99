/**
 * Returns a percent-encoded text in its normal form (RFC 3986 §6.2.2): hexadecimal digits in upper case, unreserved
 * characters decoded. Reserved characters stay escaped, so the text means the same.
 */
export function withNormalEscapes(encoded: string): string {
  return encoded.replaceAll(/%[0-9a-f]{2}/gi, (escape) => {
    const character = String.fromCharCode(Number.parseInt(escape.slice(1), 16));
    return /[A-Za-z0-9._~-]/.test(character) ? character : escape.toUpperCase();
  });
}
