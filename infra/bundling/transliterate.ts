import replacements from 'transliterate-replacements';

interface Options {
  readonly customReplacements?: Iterable<readonly [string, string]>;
}

const escaped = (text: string): string => text.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`);
/** Made with the first slug: two thousand alternatives take longer to put together than all else of a slug. */
let pattern: RegExp | undefined;
const patternOf = (keys: Iterable<string>): RegExp =>
  new RegExp(
    [...keys]
      .sort((a, b) => b.length - a.length)
      .map(escaped)
      .join('|'),
    'gu',
  );

/**
 * Stands in for the package's own in bundles, letter for letter the same without a locale. The package compiles the
 * patterns of every locale when it is loaded, a third of a cold start; slugs are of no locale.
 */
export default function transliterate(text: string, { customReplacements = [] }: Options = {}): string {
  pattern ??= patternOf(replacements.keys());
  const custom = [...customReplacements].sort(([a], [b]) => b.length - a.length);
  return custom
    .reduce((done, [from, to]) => done.replaceAll(from, to), text.normalize())
    .replace(pattern, (match) => replacements.get(match) ?? match)
    .normalize('NFD')
    .replaceAll(/\p{Diacritic}/gu, '')
    .normalize()
    .replaceAll(/\p{Dash_Punctuation}/gu, '-');
}
