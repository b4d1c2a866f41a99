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
  // sax's option `xmlns` is not used: it compares each attribute with all before it, and copies the prefixes of
  // parents.
  const parser = sax.parser(true, {});
  parser.onerror = (error) => {
    throw error;
  };
  return rootIn(text, parser, (name) => name.slice(name.indexOf(':') + 1));
}

/**
 * Reads XML as feed readers do: a character or an element that is not well-formed is text, and only the entities of XML
 * and HTML are expanded. Names are in lower case. An element of a namespace in `prefixes` has that prefix, whatever the
 * document calls it. Returns undefined if the document is cut off or is nested too deep.
 */
export function looseXmlIn(text: string, prefixes: ReadonlyMap<string, string>): XmlElement | undefined {
  const parser = sax.parser(false, { lowercase: true });
  parser.onerror = () => {
    // sax does not continue while it has an error.
    Object.assign(parser, { error: null });
  };
  const declared = new Map<string, string>();
  return rootIn(text, parser, (name, attributes) => {
    for (const [key, uri] of attributes) {
      const prefix = prefixes.get(uri);
      if (key.startsWith('xmlns:') && prefix !== undefined) declared.set(key.slice('xmlns:'.length), prefix);
    }
    const [prefix = '', local] = name.split(':');
    return local === undefined ? name : `${declared.get(prefix) ?? prefix}:${local}`;
  });
}

function rootIn(
  text: string,
  parser: sax.SAXParser,
  nameOf: (name: string, attributes: readonly [string, string][]) => string,
): XmlElement | undefined {
  const document: OpenElement = { name: '', attributes: {}, children: [] };
  const open = [document];
  const add = (node: string): void => void open.at(-1)?.children.push(node);
  parser.ontext = add;
  parser.oncdata = add;
  parser.onopentag = ({ name, attributes }) => {
    if (open.length > maxDepth) throw new RangeError('nested too deep');
    const given = textsOf(attributes);
    const own = given.filter(([key]) => !/^xmlns(?::|$)/.test(key));
    const element: OpenElement = { name: nameOf(name, given), attributes: Object.fromEntries(own), children: [] };
    open.at(-1)?.children.push(element);
    open.push(element);
  };
  parser.onclosetag = () => void open.pop();
  try {
    // A byte order mark is not part of the document.
    parser.write(text.replace(/^\uFEFF/, ''));
    if (open.length > 1) return undefined;
    parser.close();
  } catch {
    return undefined;
  }
  const [root, ...others] = elementsOf(document);
  return others.length === 0 ? root : undefined;
}

function textsOf(attributes: Readonly<Record<string, string | sax.QualifiedAttribute>>): [string, string][] {
  return Object.entries(attributes).map(([name, value]) => [name, typeof value === 'string' ? value : value.value]);
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
  return (found && lineIn(found)) || undefined;
}

/** Returns the text of an element and all below it as one line. */
export function lineIn(element: XmlElement): string {
  return lineOf(textIn(element, ' '));
}

/** The elements of NITF, XHTML and NewsML-G2 that end a line. */
const lines = ['br', 'p'];

/** Returns the text of an element and all below it, with a given end of lines. */
export function textIn(element: XmlElement, end = ''): string {
  return element.children
    .map((child) =>
      typeof child === 'string' ? child : `${textIn(child, end)}${lines.includes(child.name) ? end : ''}`,
    )
    .join('');
}

/** Yields every element of a name at any depth, in document order. */
export function* below(element: XmlElement, name: string): Generator<XmlElement> {
  for (const child of elementsOf(element)) {
    if (child.name === name) yield child;
    yield* below(child, name);
  }
}
