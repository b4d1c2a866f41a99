import type { Article, Concept } from '../article/article.ts';
import { bodyOfNitf, nitfTime } from './nitf.ts';
import { mediaTopic } from './media-topics.ts';
import { sectionBySetting } from './sections.ts';
import { uriIn } from './newsml-item.ts';
import { isoOf, type Command, type ReadResult, type SourceSettings } from './source.ts';
import { at, below, elementsOf, textAt, type XmlElement } from './xml.ts';

/** Reads a document of NITF 3: one story. */
export function nitfCommands(nitf: XmlElement, settings: SourceSettings): ReadResult {
  const docdata = at(nitf, 'head', 'docdata');
  const data = (name: string, attribute: string): string | undefined => at(docdata, name)?.attributes[attribute];
  const id = data('doc-id', 'id-string');
  const issued = nitfTime(data('date.issue', 'norm'));
  const release = nitfTime(data('date.release', 'norm'));
  const expire = nitfTime(data('date.expire', 'norm'));
  const status = docdata?.attributes['management-status'] ?? 'usable';
  if (!id) return { issues: [{ path: 'nitf.head.docdata.doc-id', message: 'must name the story in id-string' }] };
  if (!['usable', 'embargoed', 'withheld', 'canceled'].includes(status))
    return {
      issues: [
        { path: 'nitf.head.docdata.management-status', message: 'must be usable, embargoed, withheld or canceled' },
      ],
    };
  if ((release !== undefined && !isZoned(release)) || (status === 'embargoed' && release === undefined))
    return {
      issues: [
        {
          path: 'nitf.head.docdata.date.release',
          message: 'must be a time with a zone, such as 20260501T180000Z: it may be an embargo',
        },
      ],
    };
  const said = {
    uri: uriIn(id, settings),
    type: 'text',
    versionCreated: isoOf(issued ?? '') ?? '',
  };
  const command = (type: Command['type'], article: object): ReadResult => ({
    commands: [{ type, detail: { article: article as Article } }],
  });
  if (status === 'canceled' || status === 'withheld')
    return command('article.unpublished', { ...said, pubStatus: status });
  const body = bodyOfNitf(nitf);
  const headline = body.headline ?? textAt(nitf, 'head', 'title');
  const standfirst = body.abstract ?? body.subheadline;
  const subjects = [...topicsIn(nitf, settings)];
  const urgency = Number(data('urgency', 'ed-urg'));
  const { holder, 'copyright.holder': owner = holder } = at(docdata, 'doc.copyright')?.attributes ?? {};
  return command('article.published', {
    ...said,
    pubStatus: 'usable',
    ...(release !== undefined && { embargoedUntil: release }),
    ...(expire !== undefined && { expires: expire }),
    ...(headline !== undefined && { headlines: [{ role: 'main', value: headline }] }),
    ...(standfirst !== undefined && {
      descriptions: [{ role: 'summary', contentType: body.abstract ? 'text/html' : 'text/plain', value: standfirst }],
    }),
    ...(body.html !== undefined && { bodies: [{ role: 'main', contentType: 'text/html', value: body.html }] }),
    ...(body.by !== undefined && { by: body.by }),
    ...(body.people.length > 0 && { people: body.people.map((name) => ({ rel: 'author', name })) }),
    ...(body.located !== undefined && { located: body.located }),
    ...(subjects.length > 0 && { subjects }),
    ...(nitf.attributes['lang'] !== undefined && { language: nitf.attributes['lang'] }),
    ...(Number.isInteger(urgency) && urgency > 0 && { urgency }),
    ...(owner !== undefined && { copyrightHolder: owner }),
  });
}

function isZoned(time: string): boolean {
  return isoOf(time) !== undefined && /(?:Z|[+-]\d{2}:?\d{2})$/i.test(time);
}

/** Subjects by reference number, and keywords. */
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
