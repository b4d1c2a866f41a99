/** The table of @sindresorhus/transliterate, by the name that infra/bundling/bundle-settings.ts gives it. */
declare module 'transliterate-replacements' {
  const replacements: ReadonlyMap<string, string>;
  export default replacements;
}
