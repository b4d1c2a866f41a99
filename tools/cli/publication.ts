import { randomUUID } from 'node:crypto';
import { isObject } from '../../shared/cms/source-api.ts';
import { WrongUse } from './exits.ts';

export interface PublicationOptions {
  readonly headline?: string;
  readonly section?: string;
  /** HTML. */
  readonly body?: string;
  readonly picture?: string;
  /** Epoch milliseconds. */
  readonly embargo?: number;
  readonly path?: string;
  readonly uri?: string;
  /** Makes it a live story. */
  readonly live?: boolean;
  /** The uri of the live story whose post it is. */
  readonly postOf?: string;
  readonly key?: boolean;
  readonly pinned?: boolean;
}

/** The detail of an `article.published` event, as far as the command line looks at it. */
export interface Publication {
  readonly article: { readonly uri: string; readonly versionCreated: string };
  readonly correlationId?: string;
}

/** Returns an event's detail made of options. @throws {WrongUse} There is no headline. */
export function publicationOf(
  { headline, section, body, picture, embargo, path, uri, live, postOf, key, pinned }: PublicationOptions,
  now: number,
): Publication {
  if (headline === undefined) throw new WrongUse('say --headline "…", or name a JSON file');
  if (postOf === undefined && (key ?? pinned) !== undefined)
    throw new WrongUse('--key and --pinned are for posts: say --post-of with the uri of the live story');
  const article = {
    uri: uri ?? `urn:pressrun-cli:${randomUUID()}`,
    versionCreated: new Date(now).toISOString(),
    headlines: [{ role: 'main', value: headline }],
    ...(body !== undefined && { bodies: [{ contentType: 'text/html', value: body }] }),
    ...(section !== undefined && { subjects: [{ rel: 'section', literal: section }] }),
    ...(embargo !== undefined && { embargoedUntil: new Date(embargo).toISOString() }),
    ...(picture !== undefined && {
      associations: [{ name: 'main', type: 'picture', uri: picture, renditions: [{ name: 'main', href: picture }] }],
    }),
  };
  return {
    article,
    ...(path !== undefined && { path }),
    ...(live === true && { live: {} }),
    ...(postOf !== undefined && {
      post: { story: postOf, ...(key === true && { key }), ...(pinned === true && { pinned }) },
    }),
  };
}

/**
 * Returns the event's detail in a file: a detail with an `article`, or a ninjs item alone. A missing `versionCreated`
 * becomes `now`. @throws {WrongUse} The text is neither, or an option repeats a field of the file.
 */
export function publicationIn(file: string, text: string, options: PublicationOptions, now: number): Publication {
  const [option] = Object.keys(options);
  if (option !== undefined)
    throw new WrongUse(`--${option.replace('postOf', 'post-of')} does not go with a file: write it into ${file}`);
  const given = jsonIn(file, text);
  const detail = 'article' in given ? given : { article: given };
  const article = detail['article'];
  if (!isObject(article)) throw new WrongUse(`${file}: article must be a ninjs item, { "uri": … }`);
  const { uri, versionCreated = new Date(now).toISOString() } = article;
  if (typeof uri !== 'string') throw new WrongUse(`${file}: article.uri must be the uri of the story`);
  return { ...detail, article: { ...article, uri, versionCreated: String(versionCreated) } };
}

function jsonIn(file: string, text: string): Readonly<Record<string, unknown>> {
  try {
    const given: unknown = JSON.parse(text);
    if (isObject(given)) return given;
  } catch (error) {
    throw new WrongUse(`${file} is not JSON: ${error instanceof Error ? error.message : String(error)}`);
  }
  throw new WrongUse(`${file} must be a JSON object: a ninjs item, or the detail of an event`);
}
