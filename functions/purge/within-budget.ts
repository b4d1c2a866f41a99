import type { Clock } from '../../shared/clock.ts';
import type { PurgeLedger, PurgeRequest, PurgeRequests } from '../../shared/purge/ports.ts';
import { endOfWindow, monthOf, stillKept, wideWindowSeconds } from '../../shared/purge/purge-budget.ts';

export interface BudgetPorts {
  readonly ledger: PurgeLedger;
  readonly purgeRequests: PurgeRequests;
  readonly clock: Clock;
  /** Paths a month. */
  readonly budget: number;
}

interface Message {
  readonly messageId: string;
  readonly request: PurgeRequest;
}

/**
 * Returns the requests of a batch that must be purged now. Within the budget, these are all. Beyond it, a new request
 * is held until the end of a wider window, and tags whose copies have expired by then are left out.
 */
export async function withinBudget(ports: BudgetPorts, batch: readonly Message[]): Promise<Message[]> {
  const now = ports.clock.now();
  const windowSeconds = wideWindowSeconds(await ports.ledger.used(monthOf(now)), ports.budget);
  const isHeld = ({ request }: Message): boolean => windowSeconds !== undefined && request.heldSince === undefined;
  const due = windowSeconds === undefined ? 0 : Math.ceil((endOfWindow(now, windowSeconds) - now) / 1000);
  // Held requests are sent to the queue before the batch is acknowledged: a crash in between purges twice and never
  // misses a purge.
  await Promise.all(
    batch
      .filter(isHeld)
      .map(async ({ request }) =>
        ports.purgeRequests.send({ ...request, heldSince: now }, { urgent: false, delaySeconds: due }),
      ),
  );
  return batch
    .filter((message) => !isHeld(message))
    .map(({ messageId, request }) => {
      const { heldSince, ...asked } = request;
      return {
        messageId,
        request: heldSince === undefined ? asked : { ...asked, tags: stillKept(asked.tags, now - heldSince) },
      };
    });
}
