import { ingest, type IngestPorts, type IngestResponse } from '../../functions/ingest/ingest.ts';
import { MemoryBus, MemoryPayloadStore, MemorySecrets } from '../fakes/memory-webhooks.ts';
import { MemoryClock } from '../fakes/memory-messages.ts';
import { sign } from '../../shared/cms/signature.ts';
import { bodyText } from '../../shared/cms/source.ts';
import { ownersOf, sourceNamed, sources } from '../../shared/cms/sources.ts';
import { noon } from './story.ts';

const secret = 'a secret of the newsroom';

/** The bytes that a CMS sends for a payload. */
export function bytesOf(source: string, payload: unknown): Buffer {
  return Buffer.from(bodyText(sourceNamed(source) ?? {}, payload));
}

/** The webhook endpoint of `ingest` in memory, with a CMS that knows its secret. */
export class WebhookEndpoint {
  readonly bus = new MemoryBus();
  readonly payloads = new MemoryPayloadStore();
  readonly secrets = new MemorySecrets(Object.fromEntries(sources.map(({ name }) => [name, secret])));
  readonly clock = new MemoryClock(noon);

  with(others: Partial<IngestPorts> = {}): IngestPorts {
    const { bus, payloads, secrets, clock } = this;
    return { sources, bus, payloads, secrets, clock, settings: {}, owners: ownersOf({}, {}), ...others };
  }

  /** A webhook as the CMS itself would send it now. */
  async post(source: string, payload: unknown, others: Partial<IngestPorts> = {}): Promise<IngestResponse> {
    return this.postWith(source, bytesOf(source, payload), {}, others);
  }

  async postWith(
    source: string,
    body: Uint8Array,
    headers: Readonly<Record<string, string>> = {},
    others: Partial<IngestPorts> = {},
  ): Promise<IngestResponse> {
    const ports = this.with(others);
    const authentication = ports.sources.find(({ name }) => name === source)?.authentication;
    const proven = authentication ? sign(authentication, body, secret, this.clock.time) : {};
    return ingest(ports, {
      method: 'POST',
      path: `/ingest/${source}`,
      headers: { ...proven, ...headers },
      body,
      requestId: 'request-1',
    });
  }
}
