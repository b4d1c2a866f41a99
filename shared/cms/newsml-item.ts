import type { Association, Concept, Rendition, Text } from '../article/article.ts';
import type { Warning } from '../article/warning.ts';
import { mediaTopic } from './media-topics.ts';
import { bodyOfNitf, htmlOf, mediaLeftOut } from './nitf.ts';
import { sectionBySetting } from './sections.ts';
import type { TermsResult } from './newsml-terms.ts';
import { uriOf, type SourceSettings } from './source-settings.ts';
import { at, elementsOf, textAt, textIn, type XmlElement } from './xml.ts';

/** The name of the source, with which the uris of its stories begin. */
export const newsmlName = 'newsml';

export function uriIn(guid: string, settings: SourceSettings): string {
  return uriOf(newsmlName, settings, encodeURI(guid.toWellFormed()));
}

/** Returns the last part of a QCode (`ninat:text`) or of a uri, which name the same concept. */
function codeOf(element: XmlElement | undefined): string | undefined {
  const { qcode, uri, literal } = element?.attributes ?? {};
  return qcode?.split(':').at(-1) ?? uri?.split('/').at(-1) ?? literal;
}

export function classOf(item: XmlElement): string {
  return codeOf(at(item, 'itemMeta', 'itemClass')) ?? (item.name === 'packageItem' ? 'composite' : 'text');
}

/** Returns the headline of the story; if there are several, the one in the item's language. */
export function headlineOf(item: XmlElement): string | undefined {
  return (
    textAt(ownHeadlineOf(item)) ??
    textAt(nitfIn(item), 'body', 'body.head', 'hedline', 'hl1') ??
    textAt(item, 'itemMeta', 'title')
  );
}

function ownHeadlineOf(item: XmlElement): XmlElement | undefined {
  const headlines = elementsIn(item, 'contentMeta', 'headline').filter((one) => !isSubheadline(one));
  return headlines.find(({ attributes }) => attributes['xml:lang'] === item.attributes['xml:lang']) ?? headlines[0];
}

function isSubheadline({ attributes }: XmlElement): boolean {
  return /sub-?head/i.test(attributes['role'] ?? '');
}

function nameOf(element: XmlElement): string | undefined {
  return textAt(element, 'name');
}

export function contentOf(item: XmlElement, settings: SourceSettings): object {
  const content = at(item, 'contentMeta');
  const all = (name: string): XmlElement[] => (content ? elementsOf(content, name) : []);
  const headline = headlineOf(item);
  const others = all('headline').filter((one) => one !== ownHeadlineOf(item));
  const makers = [...all('creator'), ...all('contributor')].filter((one) => !/org/.test(one.attributes['type'] ?? ''));
  const people = makers.flatMap((one): Concept[] => {
    const name = nameOf(one);
    const isOther =
      one.name === 'contributor' || /photo|camera|illustrat|edit|translat/i.test(one.attributes['role'] ?? '');
    return name === undefined ? [] : [{ rel: isOther ? 'contributor' : 'author', name }];
  });
  const nitf = nitfIn(item);
  const inNitf = nitf && bodyOfNitf(nitf);
  const isByAnAuthor = people.some(({ rel }) => rel === 'author');
  const by = textAt(content, 'by') ?? inNitf?.by ?? (isByAnAuthor ? undefined : textAt(content, 'creditline'));
  const descriptions = [
    ...all('description').flatMap((one): Text[] => {
      const [value, role] = [textAt(one), one.attributes['role']?.split(':').at(-1)];
      return value === undefined
        ? []
        : [{ role: !role || role === 'abstract' ? 'summary' : role, contentType: 'text/plain', value }];
    }),
    ...others.filter(isSubheadline).flatMap((one): Text[] => {
      const value = textAt(one);
      return value === undefined ? [] : [{ role: 'subheadline', contentType: 'text/plain', value }];
    }),
    ...(inNitf?.descriptions ?? []),
  ];
  const subjects = subjectsOf([...all('subject'), ...elementsIn(item, 'itemMeta', 'service')], settings);
  const located =
    all('located').flatMap((one) => nameOf(one) ?? [])[0] ?? inNitf?.located ?? textAt(content, 'dateline');
  const urgency = Number(textAt(content, 'urgency'));
  const language = all('language')[0]?.attributes['tag'] ?? item.attributes['xml:lang'];
  const isCorrection = elementsIn(item, 'itemMeta', 'signal').some((one) => codeOf(one) === 'correction');
  const rights = (name: string): string | undefined => textAt(item, 'rightsInfo', name);
  const genres = all('genre').flatMap((one) => nameOf(one) ?? []);
  const fields = {
    firstCreated: textAt(item, 'itemMeta', 'firstCreated'),
    language,
    by,
    slugline: textAt(content, 'slugline'),
    located,
    copyrightHolder: rights('copyrightHolder'),
    copyrightNotice: rights('copyrightNotice'),
    usageTerms: rights('usageTerms'),
  };
  return {
    ...Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)),
    ...(headline !== undefined && {
      headlines: [
        { role: 'main', value: headline },
        ...others
          .filter((one) => !isSubheadline(one))
          .flatMap((one) => textAt(one) ?? [])
          .map((value) => ({ value })),
      ],
    }),
    ...(descriptions.length > 0 && { descriptions }),
    ...(people.length > 0 && { people }),
    ...(subjects.length > 0 && { subjects }),
    ...(genres.length > 0 && { genres: genres.map((name) => ({ name })) }),
    ...(Number.isInteger(urgency) && urgency > 0 && { urgency }),
    ...(isCorrection && { trustIndicators: [{ title: 'Correction' }] }),
  };
}

function elementsIn(item: XmlElement, parent: string, name: string): XmlElement[] {
  const found = at(item, parent);
  return found ? elementsOf(found, name) : [];
}

/**
 * Returns sections by the newsroom's setting, and topics: concepts with a name. Media Topics need no name, because
 * their codes are known.
 */
function subjectsOf(elements: readonly XmlElement[], settings: SourceSettings): Concept[] {
  return elements.flatMap((element): Concept[] => {
    const { qcode, uri, literal } = element.attributes;
    const name = nameOf(element) ?? mediaTopic(qcode ?? uri ?? literal);
    const section = sectionBySetting(settings, [qcode, uri, literal, codeOf(element), name]);
    if (section) return [{ rel: 'section', ...section }];
    if (section === null || name === undefined || element.name === 'service') return [];
    return [{ rel: 'about', name, ...(qcode !== undefined && { literal: qcode }), ...(uri !== undefined && { uri }) }];
  });
}

function nitfIn(item: XmlElement): XmlElement | undefined {
  return elementsIn(item, 'contentSet', 'inlineXML').flatMap((inline) => elementsOf(inline, 'nitf'))[0];
}

/** Returns the text in each form that the item has, and a warning for each form that is not read. */
export function bodiesOf(item: XmlElement): {
  readonly bodies: { readonly bodies?: readonly Text[] };
  readonly warnings: readonly Warning[];
} {
  const bodies: Text[] = [];
  const warnings: Warning[] = [];
  const html = (value: string | undefined): void => {
    if (value) bodies.push({ role: 'main', contentType: 'text/html', value });
  };
  const set = at(item, 'contentSet');
  for (const inline of set ? elementsOf(set) : []) {
    const { name, attributes } = inline;
    const contentType = attributes['contenttype'] ?? 'text/plain';
    const [inner] = elementsOf(inline);
    if (name === 'inlineXML' && inner?.name === 'nitf') html(bodyOfNitf(inner).html);
    else if (name === 'inlineXML' && inner?.name === 'html') html(htmlOf(at(inner, 'body')?.children ?? []));
    else if (name === 'inlineXML' && inner && /^(?:div|p|section|article)$/.test(inner.name))
      html(htmlOf(inline.children));
    else if (name === 'inlineData' && /^text\/(?:plain|html)/.test(contentType))
      bodies.push({ role: 'main', contentType, value: textIn(inline) });
    else if (name !== 'remoteContent')
      warnings.push({
        path: `${item.name}.contentSet.${name}`,
        message: 'must be NITF, XHTML or plain text: another form is not shown',
      });
  }
  warnings.push(...mediaLeftOut(set, `${item.name}.contentSet`));
  if (set && bodies.length === 0 && warnings.length === 0 && elementsOf(set, 'remoteContent').length > 0)
    warnings.push({
      path: `${item.name}.contentSet.remoteContent`,
      message: 'is not read: the text must be in the item',
    });
  return { bodies: bodies.length > 0 ? { bodies } : {}, warnings };
}

/**
 * Returns the picture, graphic, video or sound of an item that came with a text. If its terms cannot be read, it is
 * withheld together with its files.
 */
export function mediaOf(item: XmlElement, terms: TermsResult, settings: SourceSettings): Association {
  const { guid } = item.attributes;
  const content = at(item, 'contentMeta');
  const descriptions = content ? elementsOf(content, 'description') : [];
  const caption = textAt(
    descriptions.find(({ attributes }) => /caption/.test(attributes['role'] ?? '')) ?? descriptions[0],
  );
  const headline = headlineOf(item);
  const by = textAt(content, 'creditline') ?? textAt(content, 'by');
  const renditions = elementsIn(item, 'contentSet', 'remoteContent').flatMap(({ attributes }): Rendition[] => {
    const { href, contenttype: contentType, width, height, rendition } = attributes;
    const name = rendition?.split(':').at(-1);
    return href === undefined
      ? []
      : [
          {
            href,
            ...(name && { name }),
            ...(contentType && { contentType }),
            ...(Number(width) > 0 && { width: Number(width) }),
            ...(Number(height) > 0 && { height: Number(height) }),
          },
        ];
  });
  return {
    ...(guid !== undefined && { uri: uriIn(guid, settings) }),
    type: classOf(item),
    ...('issues' in terms ? { pubStatus: 'withheld' } : terms),
    ...(headline !== undefined && { headlines: [{ role: 'main', value: headline }] }),
    ...(caption !== undefined && { descriptions: [{ role: 'caption', contentType: 'text/plain', value: caption }] }),
    ...(by !== undefined && { by }),
    renditions,
  };
}

/** Returns the other stories that the desk chose. */
export function relatedOf(item: XmlElement, settings: SourceSettings): Association[] {
  return elementsIn(item, 'itemMeta', 'link').flatMap(({ attributes }) =>
    attributes['residref'] !== undefined && /seeAlso$/.test(attributes['rel'] ?? '')
      ? [{ type: 'text', name: 'related', uri: uriIn(attributes['residref'], settings) }]
      : [],
  );
}
