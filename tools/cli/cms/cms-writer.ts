import type { SourceSettings } from '../../../shared/cms/source-settings.ts';

/** What the test story says. */
export interface TestStory {
  readonly title: string;
  readonly text: string;
}

/** How the API of one newsroom's CMS is reached. */
export interface CmsAccess {
  /** With the address of the CMS in `url`. */
  readonly settings: SourceSettings;
  readonly key: string;
}

export interface WriteRequest {
  readonly method: 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Sent as JSON; absent if the request has no body. */
  readonly body?: unknown;
}

/** The changes of the test story, in their order. */
export type Write = 'publish' | 'update' | 'delete';

/**
 * Writes a story through the API of one kind of CMS, as its editors' own interface does. `item` is the story in the
 * CMS's last answer.
 */
export interface CmsWriter {
  /** Which key it takes and where the CMS makes one, for messages. @throws {WrongUse} Requests: the key has another form. */
  readonly keyHint: string;
  readonly publish: (access: CmsAccess, story: TestStory) => WriteRequest;
  readonly update: (access: CmsAccess, story: TestStory, item: unknown) => WriteRequest;
  readonly delete: (access: CmsAccess, item: unknown) => WriteRequest;
  /** Returns the story in the answer to `publish` or `update`. */
  readonly itemIn: (body: unknown) => unknown;
  /** Returns the story's id as it is in the article's uri; undefined if the item has none. */
  readonly idOf: (item: unknown, access: CmsAccess) => string | undefined;
  /** What must be set up in the CMS for each write to arrive, for messages: `a webhook for Post published`. */
  readonly delivery: Readonly<Record<Write, string>>;
  /** Where the CMS says why a request of its own failed, for messages: a sentence. */
  readonly failures: string;
}
