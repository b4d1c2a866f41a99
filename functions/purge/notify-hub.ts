import type { Hub, PurgeRequest } from '../../shared/ports.ts';
import { topicsOf } from '../../shared/purge/websub.ts';

export interface NotifyHubPorts {
  readonly hub: Hub;
  /** Absolute origin of every feed's address, without a trailing slash. */
  readonly siteUrl: string;
}

/** Tells the hub which feeds a flush made stale, once the CDN no longer has them as they were. */
export async function notifyHub({ hub, siteUrl }: NotifyHubPorts, requests: readonly PurgeRequest[]): Promise<void> {
  const topics = topicsOf(
    siteUrl,
    requests.flatMap(({ tags }) => tags),
  );
  if (topics.length > 0) await hub.notify(topics);
}
