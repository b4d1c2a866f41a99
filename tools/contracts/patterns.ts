import { DFA, isDisjointWith, JS, NFA } from 'refa';

/** Whether every text that `inner` matches is matched by `outer`. `false` where that cannot be computed: with lookarounds, say. */
export function isNarrower(inner: string, outer: string): boolean {
  if (inner === outer) return true;
  try {
    const [within, without] = [lengthsOf(inner), lengthsOf(outer)];
    if (within.shortest < without.shortest || within.longest > without.longest) return false;
    const others = DFA.fromFA(languageOf(without.rest));
    others.complement();
    return isDisjointWith(languageOf(within.rest), others);
  } catch {
    return false;
  }
}

/** Splits the look-ahead that bounds the text's length, `^(?=.{1,120}$)`, off a pattern. */
function lengthsOf(pattern: string): { readonly rest: string; readonly shortest: number; readonly longest: number } {
  const [bound = '', shortest, longest] = /^\^\(\?=\.\{(\d+),(\d+)\}\$\)/.exec(pattern) ?? [];
  return bound === ''
    ? { rest: pattern, shortest: 0, longest: Infinity }
    : { rest: `^${pattern.slice(bound.length)}`, shortest: Number(shortest), longest: Number(longest) };
}

/** The texts that a pattern of JSON Schema matches somewhere. */
function languageOf(pattern: string): NFA {
  const [, start = '', middle = '', end = ''] = /^(\^?)(.*?)((?<!\\)\$)?$/s.exec(pattern) ?? [];
  // An anchor binds closer than an alternative: `^a|b$` is not `^(?:a|b)$`.
  if (start + end !== '' && isAlternation(middle)) throw new Error('anchored in one of its alternatives only');
  const { expression, maxCharacter } = expressionOf(
    `${start === '' ? '[^]*' : ''}(?:${middle})${end === '' ? '[^]*' : ''}`,
  );
  return NFA.fromRegex(expression, { maxCharacter });
}

/** Whether a pattern has a `|` outside all groups. The parser drops groups, so it cannot say. */
function isAlternation(pattern: string): boolean {
  let rest = pattern.replaceAll(/\\./gs, '').replaceAll(/\[[^\]]*\]/g, '');
  for (let before = ''; before !== rest; ) {
    before = rest;
    rest = rest.replaceAll(/\([^()]*\)/g, '');
  }
  return rest.includes('|');
}

function expressionOf(source: string): JS.ParseResult {
  return JS.Parser.fromLiteral({ source, flags: 'u' }).parse({ assertions: 'throw', backreferences: 'throw' });
}
