import type { Origin } from '../../shared/article/origin.ts';
import type { PurgeRequest, PurgeRequests } from '../../shared/purge/ports.ts';

export interface PurgePorts {
  readonly purgeRequests: PurgeRequests;
  /** The number of seconds after which no response made before a withdrawal can reach the CDN. */
  readonly purgeAgainSeconds: number;
}

/** Stories of this urgency or higher skip the collecting window. */
export const urgentUrgency = 2;

export async function requestPurge(
  ports: PurgePorts,
  request: PurgeRequest,
  { withdrawn, urgent }: { readonly withdrawn: boolean; readonly urgent: boolean },
): Promise<void> {
  await ports.purgeRequests.send(request, { urgent: withdrawn || urgent, delaySeconds: 0 });
  // The origin may have sent the old state just before, and the response may reach the CDN just after the purge.
  if (withdrawn) await ports.purgeRequests.send(request, { urgent: true, delaySeconds: ports.purgeAgainSeconds });
}

interface Originated {
  readonly seq: number;
  readonly origin?: Origin | undefined;
}

/** Returns the state after the last change. */
export function lastOf(changes: readonly { readonly after: Originated | undefined }[]): Originated | undefined {
  return changes
    .flatMap(({ after }) => after ?? [])
    .sort((a, b) => a.seq - b.seq)
    .at(-1);
}

export function originatedBy(change: Originated | undefined): Pick<PurgeRequest, 'origin'> {
  return change?.origin ? { origin: change.origin } : {};
}
