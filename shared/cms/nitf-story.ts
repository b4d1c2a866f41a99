import type { Article, Concept } from '../article/article.ts';
import type { Warning } from '../article/warning.ts';
import { bodyOfNitf, mediaLeftOut, nitfTime } from './nitf.ts';
import { mediaTopic } from './media-topics.ts';
import { sectionBySetting } from './sections.ts';
import { uriIn } from './newsml-item.ts';
import { nitfTermsOf } from './newsml-terms.ts';
import { warned, type Command, type ReadResult } from './command.ts';
import { isoOf } from './payload-schema.ts';
import { timeOfWithdrawal } from './revision.ts';
import type { SourceSettings } from './source-settings.ts';
import { at, below, elementsOf, textAt, type XmlElement } from './xml.ts';

/** Reads a document of NITF 3, which is one story. */
export function nitfCommands(nitf: XmlElement, settings: SourceSettings, receivedAt: number): ReadResult {
  const docdata = at(nitf, 'head', 'docdata');
  const data = (name: string, attribute: string): string | undefined => at(docdata, name)?.attributes[attribute];
  const id = data('doc-id', 'id-string');
  const issued = nitfTime(data('date.issue', 'norm'));
  if (!id) return { issues: [{ path: 'nitf.head.docdata.doc-id', message: 'must name the story in id-string' }] };
  const terms = nitfTermsOf(nitf, receivedAt);
  if ('issues' in terms) return terms;
  const identity = { uri: uriIn(id, settings), type: 'text' };
  const command = (type: Command['type'], article: object, warnings: readonly Warning[] = []): ReadResult => ({
    commands: [{ type, detail: { article: article as Article, ...warned(warnings) } }],
  });
  if (terms.pubStatus !== 'usable')
    return command('article.unpublished', {
      ...identity,
      versionCreated: timeOfWithdrawal(issued, receivedAt),
      ...terms,
    });
  const body = bodyOfNitf(nitf);
  const headline = body.headline ?? textAt(nitf, 'head', 'title');
  const subjects = [...topicsIn(nitf, settings)];
  const urgency = Number(data('urgency', 'ed-urg'));
  const { holder, 'copyright.holder': owner = holder } = at(docdata, 'doc.copyright')?.attributes ?? {};
  const article = {
    ...identity,
    versionCreated: isoOf(issued ?? '') ?? '',
    ...terms,
    ...(headline !== undefined && { headlines: [{ role: 'main', value: headline }] }),
    ...(body.descriptions.length > 0 && { descriptions: body.descriptions }),
    ...(body.html !== undefined && { bodies: [{ role: 'main', contentType: 'text/html', value: body.html }] }),
    ...(body.by !== undefined && { by: body.by }),
    ...(body.people.length > 0 && { people: body.people.map((name) => ({ rel: 'author', name })) }),
    ...(body.located !== undefined && { located: body.located }),
    ...(subjects.length > 0 && { subjects }),
    ...(nitf.attributes['xml:lang'] !== undefined && { language: nitf.attributes['xml:lang'] }),
    ...(Number.isInteger(urgency) && urgency > 0 && { urgency }),
    ...(owner !== undefined && { copyrightHolder: owner }),
  };
  return command('article.published', article, mediaLeftOut(at(nitf, 'body'), 'nitf.body'));
}

/** Yields topics: subjects by reference number, and keywords. */
function* topicsIn(nitf: XmlElement, settings: SourceSettings): Generator<Concept> {
  for (const { attributes } of below(nitf, 'tobject.subject')) {
    const code = attributes['tobject.subject.refnum'];
    const given = ['detail', 'matter', 'type'].flatMap((level) => attributes[`tobject.subject.${level}`] ?? [])[0];
    const name = given ?? mediaTopic(code);
    const section = sectionBySetting(settings, [code, name]);
    if (section) yield { rel: 'section', ...section };
    else if (section === undefined && name) yield { rel: 'about', name, ...(code !== undefined && { literal: code }) };
  }
  const keys = at(nitf, 'head', 'docdata', 'key-list');
  for (const { attributes } of keys ? elementsOf(keys, 'keyword') : []) {
    const section = sectionBySetting(settings, [attributes['key']]);
    if (section) yield { rel: 'section', ...section };
    else if (section === undefined && attributes['key']) yield { rel: 'about', name: attributes['key'] };
  }
}
