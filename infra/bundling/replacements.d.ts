/** The replacement table of @sindresorhus/transliterate, under the alias that bundle-settings.ts defines. */
declare module 'transliterate-replacements' {
  const replacements: ReadonlyMap<string, string>;
  export default replacements;
}
