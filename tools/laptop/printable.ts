/** A line with its control and formatting characters escaped as JSON escapes them: what came in can neither begin a line nor steer a terminal. */
export function printable(line: string): string {
  return line.replaceAll(
    /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu,
    (character) => `\\u${(character.codePointAt(0) ?? 0).toString(16).padStart(4, '0')}`,
  );
}
