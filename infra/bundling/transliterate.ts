import replacements from 'transliterate-replacements';

interface Options {
  readonly customReplacements?: Iterable<readonly [string, string]>;
}

const escaped = (text: string): string => text.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`);
/** Compiled with the first slug, because compiling 2,000 alternatives takes longer than the rest of a slug. */
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
 * Replaces @sindresorhus/transliterate in bundles; without a locale its output is identical. The package compiles the
 * patterns of every locale at load, a third of a cold start.
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
