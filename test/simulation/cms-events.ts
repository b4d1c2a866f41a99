import { start, uriOf, type Said, type SaidOfFront, type SaidPicture } from './plan.ts';

const iso = (offset: number): string => new Date(start + offset).toISOString();

export function eventOf(said: Said): [string, Readonly<Record<string, unknown>>] {
  const isUsable = said.kind === 'published' || said.kind === 'updated';
  const {
    article,
    versionCreated,
    text,
    body,
    section,
    topic,
    by,
    path,
    embargo,
    expires,
    firstCreated,
    firstPublished,
    urgency,
    pubStatus,
    revision,
    live,
    post,
    profileOf,
  } = said;
  const subjects = [
    ...(section === undefined ? [] : [{ rel: 'section', literal: section }]),
    ...(topic === undefined ? [] : [{ rel: 'about', name: topic }]),
  ];
  return [
    `article.${said.kind}`,
    {
      article: spelled(said.ninjs, {
        uri: uriOf(article),
        versionCreated: iso(versionCreated),
        ...(isUsable && {
          headlines: [{ value: profileOf ?? `Story ${article} ${text}` }],
          bodies: [{ contentType: 'text/html', value: `<p>Body ${body} of ${article}.</p>` }],
          subjects,
          ...(by !== undefined && { by }),
          ...(embargo !== undefined && { embargoedUntil: iso(embargo) }),
          ...(expires !== undefined && { expires: iso(expires) }),
          ...(firstCreated !== undefined && { firstCreated: iso(firstCreated) }),
          ...(firstPublished !== undefined && { firstPublished: iso(firstPublished) }),
          ...(urgency !== undefined && { urgency }),
          ...(pubStatus && { pubStatus }),
          ...(said.pictures && { associations: said.pictures.map(pictureOf) }),
        }),
      }),
      ...(revision !== undefined && { revision }),
      ...(path !== undefined && isUsable && { path }),
      ...(live && { live: {} }),
      ...(post && { post: { ...post, story: uriOf(post.story) } }),
      ...(profileOf !== undefined && { profile: { jobTitle: `Story ${article} ${text}` } }),
    },
  ];
}

function pictureOf({ number, embargo, expires, pubStatus, pictures }: SaidPicture): Readonly<Record<string, unknown>> {
  return {
    uri: `urn:paper:picture-${number}`,
    type: 'picture',
    name: `picture-${number}`,
    renditions: [
      { name: 'web', href: `https://pictures.example.com/picture-${number}.jpg`, contentType: 'image/jpeg' },
    ],
    ...(embargo !== undefined && { embargoedUntil: iso(embargo) }),
    ...(expires !== undefined && { expires: iso(expires) }),
    ...(pubStatus && { pubStatus }),
    ...(pictures && { associations: pictures.map(pictureOf) }),
  };
}

type Item = Readonly<Record<string, unknown>>;

/** An item of ninjs 3 as an earlier version has it. */
function spelled(ninjs: 1 | 2 | undefined, item: Item): Item {
  if (ninjs === undefined) return item;
  const { embargoedUntil, headlines, bodies, subjects, by, associations, renditions, ...rest } = item;
  const lower = (named: Item): Item =>
    Object.fromEntries(Object.entries(named).map(([name, held]) => [name.toLowerCase(), held]));
  const list = (held: unknown): readonly Item[] => (Array.isArray(held) ? (held as readonly Item[]) : []);
  const given = (named: Item): Item =>
    Object.fromEntries(Object.entries(named).filter(([, held]) => held !== undefined));
  const inner = list(associations).map((one) => spelled(ninjs, one));
  const common = { ...lower(rest), ...given({ embargoed: embargoedUntil }) };
  if (ninjs === 2)
    return {
      ...common,
      ...given({ headlines, by, subjects }),
      ...(bodies !== undefined && { bodies: list(bodies).map(lower) }),
      ...(associations !== undefined && { associations: inner }),
      ...(renditions !== undefined && { renditions: list(renditions).map(lower) }),
    };
  const named = (held: readonly Item[]): Item =>
    Object.fromEntries(held.map(({ name, ...one }) => [String(name).replace('-', '_'), one]));
  return {
    ...common,
    ...given({ headline: list(headlines)[0]?.['value'], body_html: list(bodies)[0]?.['value'], byline: by }),
    ...(subjects !== undefined && {
      subject: list(subjects).map(({ literal, ...subject }) => given({ ...subject, code: literal })),
    }),
    ...(associations !== undefined && { associations: named(inner) }),
    ...(renditions !== undefined && {
      renditions: named(list(renditions).map(({ contentType, ...one }) => ({ ...one, mimetype: contentType }))),
    }),
  };
}

export function frontEventOf({
  kind,
  name,
  versionCreated,
  boxes,
}: SaidOfFront): [string, Readonly<Record<string, unknown>>] {
  return [
    `front.${kind}`,
    {
      front: {
        name,
        versionCreated: iso(versionCreated),
        ...(kind === 'published' && { containers: boxes.map((box, index) => ({ title: `Box ${index}`, ...box })) }),
      },
    },
  ];
}
