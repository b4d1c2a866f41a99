import type { Clock } from '../../shared/clock.ts';
import type { PurgeQueue, QueuedPurge } from '../../shared/purge/ports.ts';

export interface CollectPorts {
  readonly queue: PurgeQueue;
  readonly clock: Clock;
  readonly windowSeconds: number;
}

/** The maximum number of messages in a flush. More gain nothing, because many feeds are one tag already. */
const maxMessages = 1000;

/**
 * Returns the messages that arrive within the window, which opens now. `onFailure` is called instead of throwing, since
 * the messages that the caller already has must be purged in any case.
 */
export async function collect(
  { queue, clock, windowSeconds }: CollectPorts,
  onFailure: (error: unknown) => void,
): Promise<QueuedPurge[]> {
  const end = clock.now() + windowSeconds * 1000;
  const collected: QueuedPurge[] = [];
  // SQS waits for whole seconds, so the window ends up to half a second early or late.
  for (;;) {
    const waitSeconds = Math.round((end - clock.now()) / 1000);
    if (waitSeconds < 1 || collected.length >= maxMessages) return collected;
    try {
      collected.push(...(await queue.receive(waitSeconds)));
    } catch (error) {
      onFailure(error);
      return collected;
    }
  }
}
