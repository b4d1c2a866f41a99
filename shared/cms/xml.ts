import sax from 'sax';
import { lineOf } from '../article/article.ts';

/**
 * An element of an XML document. Its name has no prefix. An attribute has its name as written: a name without a prefix
 * belongs to the element, and an attribute of another namespace (`x:qcode`) is a different one (Namespaces in XML,
 * §6.2).
 */
export interface XmlElement {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: readonly (XmlElement | string)[];
}

interface OpenElement extends XmlElement {
  readonly children: (XmlElement | string)[];
}

/** No news document is nested deeper, and recursion must be bounded for any input. */
const maxDepth = 100;

/**
 * Reads an XML document. Returns its root element; undefined if it is not well-formed, is nested too deep, or refers to
 * an entity that is not a character of XML or HTML.
 */
export function xmlIn(text: string): XmlElement | undefined {
  const document: OpenElement = { name: '', attributes: {}, children: [] };
  const open = [document];
  const add = (node: string): void => void open.at(-1)?.children.push(node);
  // sax's option `xmlns` would compare each attribute with all before it, and copy the prefixes of the elements around.
  const parser = sax.parser(true, {});
  parser.onerror = (error) => {
    throw error;
  };
  parser.ontext = add;
  parser.oncdata = add;
  parser.onopentag = ({ name, attributes: given }) => {
    if (open.length > maxDepth) throw new RangeError('nested too deep');
    const own = Object.entries(given).filter(([key]) => !/^xmlns(?::|$)/.test(key));
    const element: OpenElement = { name: name.slice(name.indexOf(':') + 1), attributes: textsOf(own), children: [] };
    open.at(-1)?.children.push(element);
    open.push(element);
  };
  parser.onclosetag = () => void open.pop();
  try {
    // A byte order mark is not part of the document.
    parser.write(text.replace(/^\uFEFF/, '')).close();
  } catch {
    return undefined;
  }
  const [root, ...others] = elementsOf(document);
  return others.length === 0 ? root : undefined;
}

function textsOf(attributes: readonly [string, string | sax.QualifiedAttribute][]): Record<string, string> {
  return Object.fromEntries(attributes.map(([name, value]) => [name, typeof value === 'string' ? value : value.value]));
}

export function elementsOf({ children }: XmlElement, name?: string): XmlElement[] {
  return children.filter(
    (child) => typeof child !== 'string' && (name === undefined || child.name === name),
  ) as XmlElement[];
}

/** Returns the first element at a path of names below another one. */
export function at(element: XmlElement | undefined, ...path: readonly string[]): XmlElement | undefined {
  return path.reduce((inner, name) => inner && elementsOf(inner, name)[0], element);
}

/** Returns the text of an element and all below it as one line; undefined if there is none. */
export function textAt(element: XmlElement | undefined, ...path: readonly string[]): string | undefined {
  const found = at(element, ...path);
  return (found && lineOf(textIn(found))) || undefined;
}

export function textIn(element: XmlElement): string {
  return element.children.map((child) => (typeof child === 'string' ? child : textIn(child))).join('');
}

/** Yields every element of a name at any depth, in document order. */
export function* below(element: XmlElement, name: string): Generator<XmlElement> {
  for (const child of elementsOf(element)) {
    if (child.name === name) yield child;
    yield* below(child, name);
  }
}
