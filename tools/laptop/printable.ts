/** Escapes control and formatting characters as JSON does: input must not begin a line or steer a terminal. */
export function printable(line: string): string {
  return line.replaceAll(
    /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu,
    (character) => `\\u${(character.codePointAt(0) ?? 0).toString(16).padStart(4, '0')}`,
  );
}

/** Escapes the characters of a text that steer a terminal, and leaves its lines, tabs and joined emoji as they are. */
export function harmlessText(text: string): string {
  return text.replaceAll(/[^\P{Cc}\n\t]|[\u202A-\u202E\u2066-\u2069]/gu, printable);
}
