import { DFA, isDisjointWith, JS, NFA } from 'refa';

/** Whether every text that `inner` matches is matched by `outer`. `false` where that cannot be computed: with lookarounds, say. */
export function isNarrower(inner: string, outer: string): boolean {
  if (inner === outer) return true;
  try {
    const others = DFA.fromFA(languageOf(outer));
    others.complement();
    return isDisjointWith(languageOf(inner), others);
  } catch {
    return false;
  }
}

/** The texts that a pattern of JSON Schema matches somewhere. */
function languageOf(pattern: string): NFA {
  const [, start = '', middle = '', end = ''] = /^(\^?)(.*?)((?<!\\)\$)?$/s.exec(pattern) ?? [];
  // An anchor binds closer than an alternative: `^a|b$` is not `^(?:a|b)$`.
  if (start + end !== '' && expressionOf(middle).expression.alternatives.length > 1) throw new Error('anchored in one of its alternatives only');
  const { expression, maxCharacter } = expressionOf(`${start === '' ? '[^]*' : ''}(?:${middle})${end === '' ? '[^]*' : ''}`);
  return NFA.fromRegex(expression, { maxCharacter });
}

function expressionOf(source: string): JS.ParseResult {
  return JS.Parser.fromLiteral({ source, flags: 'u' }).parse({ assertions: 'throw', backreferences: 'throw' });
}
