import { renditionOf, type GivenPicture } from '../article/caption.ts';
import { isObject, within } from './source-api.ts';
import type { SourceSettings } from './source-settings.ts';

type Resource = Readonly<Record<string, unknown>>;

/** A node of a JSON:API document. */
export interface DrupalNode {
  readonly resource: Resource;
  /** Its fields: attributes, and the related resources that the document includes, in the same form. */
  readonly entry: Resource;
}

/** The depth to which relations are followed: a node, its medium, the medium's file. */
const maxDepth = 3;

/** Divides a document of many resources into documents of one each, in which all are included. */
export function documentsIn(document: unknown): unknown[] {
  const included = within(document, 'included');
  return resourcesIn(within(document, 'data')).map((data) => ({ data, included }));
}

/** Returns the node of a document of one. */
export function nodeIn(document: unknown): DrupalNode {
  const data = within(document, 'data');
  const resource = isObject(data) ? data : {};
  const included = new Map(
    resourcesIn(within(document, 'included')).map((related) => [keyOf(related), related] as const),
  );
  return { resource, entry: entryOf(resource, included, maxDepth) };
}

function entryOf(resource: Resource, included: ReadonlyMap<string, Resource>, depth: number): Resource {
  const { attributes, relationships } = resource;
  const related = Object.entries(isObject(relationships) && depth > 0 ? relationships : {}).map(([name, value]) => {
    const linkage = within(value, 'data');
    const follow = (identifier: Resource): Resource => ({
      ...entryOf(included.get(keyOf(identifier)) ?? {}, included, depth - 1),
      // Drupal stores a picture's alternative text and size in the reference itself.
      meta: identifier['meta'],
    });
    const all = resourcesIn(Array.isArray(linkage) ? linkage : [linkage]).map(follow);
    return [name, Array.isArray(linkage) ? all : all[0]] as const;
  });
  return { ...(isObject(attributes) ? attributes : {}), ...Object.fromEntries(related) };
}

function resourcesIn(list: unknown): Resource[] {
  return Array.isArray(list) ? list.filter(isObject) : [];
}

function keyOf({ type, id }: Resource): string {
  return `${String(type)} ${String(id)}`;
}

/** Returns the relationships that JSON:API must include: those on the paths of the newsroom's fields. */
export function relationshipsIn(fields: SourceSettings['fields']): string[] {
  const paths = (name: string): string[] => (fields[name] ?? '').split(' ').filter((path) => path !== '');
  const around = (path: string): string => path.split('.').slice(0, -1).join('.');
  const related = [...['section', 'tags', 'author'].flatMap((name) => paths(name).map(around)), ...paths('picture')];
  return [...new Set(related)].filter((path) => path !== '');
}

/** Returns the lead picture: a file, or the file of a medium. */
export function pictureIn(entry: Resource, { fields, url }: SourceSettings): GivenPicture | undefined {
  const steps = (fields['picture'] ?? '').split('.');
  const file = steps.reduce<unknown>((inner, step) => firstOf(within(inner, step)), entry);
  const address = within(file, 'uri', 'url');
  const href = typeof address === 'string' ? URL.parse(address, `${url}/`)?.href : undefined;
  if (href === undefined) return undefined;
  const [width, height] = [within(file, 'meta', 'width'), within(file, 'meta', 'height')];
  return {
    renditions: [renditionOf('original', href, { contentType: within(file, 'filemime'), width, height })],
    alt: textOf(within(file, 'meta', 'alt')),
    // The title of Drupal's image field is shown when a reader points at the picture.
    caption: textOf(within(file, 'meta', 'title')),
  };
}

function firstOf(value: unknown): unknown {
  return Array.isArray(value) ? value[0] : value;
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}
