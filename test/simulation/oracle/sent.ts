/** An event as the queue delivers it. */
export interface BusEvent {
  readonly id: string;
  readonly time: string;
  readonly 'detail-type': string;
  readonly detail: {
    readonly receivedAt?: number;
    readonly revision?: number;
    readonly path?: string;
    readonly live?: object;
    readonly post?: SentPost;
    readonly profile?: SentProfile;
    readonly article?: AnyArticle;
    readonly front?: SentFront;
  };
}

export interface SentArticle {
  readonly uri: string;
  readonly versionCreated: string;
  readonly pubStatus?: string;
  readonly embargoedUntil?: string;
  readonly expires?: string;
  readonly firstPublished?: string;
  readonly headlines?: readonly { readonly value: string }[];
  readonly subjects?: readonly { readonly rel?: string; readonly literal?: string; readonly name?: string }[];
  readonly by?: string;
  readonly associations?: readonly SentItem[];
}

/** An item that is associated with an article. */
export interface SentItem {
  readonly uri: string;
  readonly renditions?: readonly { readonly href: string }[];
  readonly pubStatus?: string;
  readonly embargoedUntil?: string;
  readonly expires?: string;
  readonly associations?: readonly SentItem[];
}

/** The same in any version of ninjs, as IPTC's schemas have it. */
export interface AnyItem {
  readonly uri: string;
  readonly pubStatus?: string;
  readonly embargoedUntil?: string;
  readonly renditions?: readonly { readonly href: string }[] | Readonly<Record<string, { readonly href: string }>>;
  readonly pubstatus?: string;
  readonly embargoed?: string;
  readonly expires?: string;
  readonly associations?: readonly AnyItem[] | Readonly<Record<string, AnyItem>>;
}

export interface AnyArticle extends AnyItem, Partial<Omit<SentArticle, keyof SentItem>> {
  readonly versioncreated?: string;
  readonly firstpublished?: string;
  readonly headline?: string;
  readonly byline?: string;
  readonly subject?: readonly { readonly rel?: string; readonly code?: string; readonly name?: string }[];
}

export interface SentPost {
  readonly story: string;
  readonly key?: boolean;
  readonly pinned?: boolean;
}

export interface SentProfile {
  readonly jobTitle: string;
}

export interface SentFront {
  readonly name: string;
  readonly versionCreated: string;
  readonly containers?: readonly {
    readonly pins: readonly string[];
    readonly backfill?: string;
    readonly limit: number;
  }[];
}

/** Returns an article of any version of ninjs as version 3 has it. */
export function understood(sent: AnyArticle): SentArticle {
  const {
    versionCreated,
    versioncreated = '',
    firstPublished,
    firstpublished = firstPublished,
    headlines,
    headline,
    by,
    byline = by,
    subjects,
    subject,
  } = sent;
  return {
    ...item(sent),
    versionCreated: versionCreated ?? versioncreated,
    ...(firstpublished !== undefined && { firstPublished: firstpublished }),
    ...(headlines && { headlines }),
    ...(subjects && { subjects }),
    ...(headline !== undefined && { headlines: [{ value: headline }] }),
    ...(byline !== undefined && { by: byline }),
    ...(subject && {
      subjects: subject.map(({ code, ...of }) => ({ ...of, ...(code !== undefined && { literal: code }) })),
    }),
  };
}

function item({ uri, renditions, pubstatus, embargoed, associations, ...rest }: AnyItem): SentItem {
  const { pubStatus = pubstatus, embargoedUntil = embargoed, expires } = rest;
  return {
    uri,
    renditions: Object.values(renditions ?? []),
    ...(pubStatus !== undefined && { pubStatus }),
    ...(embargoedUntil !== undefined && { embargoedUntil }),
    ...(expires !== undefined && { expires }),
    ...(associations && { associations: Object.values(associations).map(item) }),
  };
}
