/** Stands in for postcss in bundles: `shared/sanitise.ts` allows no style, so nothing is ever parsed. */
export function parse(): never {
  throw new Error('a style was to be parsed: see infra/bundle.ts');
}
