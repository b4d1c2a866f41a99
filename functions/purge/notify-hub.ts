import type { Hub, PurgeRequest } from '../../shared/purge/ports.ts';
import { topicsOf } from '../../shared/purge/websub.ts';

export interface NotifyHubPorts {
  readonly hub: Hub;
  /** Absolute origin of every feed's address, without a trailing slash. */
  readonly siteUrl: string;
}

/** Notifies the hub of the feeds that a flush made stale, after the CDN dropped their old copies. */
export async function notifyHub({ hub, siteUrl }: NotifyHubPorts, requests: readonly PurgeRequest[]): Promise<void> {
  const topics = topicsOf(
    siteUrl,
    requests.flatMap(({ tags }) => tags),
  );
  if (topics.length > 0) await hub.notify(topics);
}
