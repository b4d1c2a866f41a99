/** The end of a command's help text: how it is called. */
export function exampleOf(call: string): string {
  return `\nExample:\n  npm run pressrun -- ${call}`;
}
