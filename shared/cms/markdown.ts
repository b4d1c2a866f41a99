import { Lexer, Parser, type MarkedOptions, type Token } from 'marked';
import { escapeHtml } from '../article/html.ts';

const options: MarkedOptions = { gfm: true };
/**
 * The number of characters that may be read again for marks, for each character of a text. A long paragraph has some
 * hundred marks.
 */
const stepsPerCharacter = 500;

/** Matches the line below the heads of a table. For each such line, `marked` searches the rest of the paragraph. */
const tableRule = /^[ >]{0,9}[|:-][ |:-]*$/gm;
/** The maximum number of tables. A text with more is shown without converting it. */
const maxTables = 200;
/** Matches the signs from which `marked` searches far ahead. */
const searched = /[*_~<!]/g;

/**
 * Reads Markdown in linear time. From each mark, `marked` may search the rest of its paragraph, so a paragraph with too
 * many marks is shown without converting it.
 */
class BoundedLexer extends Lexer {
  #steps: number;

  constructor(text: string) {
    super(options);
    this.#steps = stepsPerCharacter * (text.length + 1000);
  }

  override inlineTokens(src: string, tokens: Token[] = []): Token[] {
    this.#steps -= src.length * (src.match(searched)?.length ?? 0);
    if (this.#steps >= 0) return super.inlineTokens(src, tokens);
    tokens.push({ type: 'text', raw: src, text: escapeHtml(src), escaped: true });
    return tokens;
  }
}

/** Returns the HTML of a text field: HTML if it begins with a tag, else Markdown. */
export function htmlOfText(text: string): string {
  if (/^\s*</.test(text)) return text;
  return (text.match(tableRule)?.length ?? 0) > maxTables
    ? escapeHtml(text)
    : Parser.parse(new BoundedLexer(text).lex(text), options).trim();
}
