import type { Bus } from '../../shared/events/ports.ts';
import type { Clock } from '../../shared/clock.ts';
import type { PublishTraces } from '../../shared/trace/ports.ts';
import { canaryUri } from '../../shared/trace/publish-trace.ts';

export interface CanaryPorts {
  readonly publishTraces: Pick<PublishTraces, 'latest'>;
  readonly bus: Bus;
  readonly clock: Clock;
}

/**
 * Publishes the canary if nothing else was published for a while, so that a fault at night is found before the morning.
 * The canary is expired, so no list and no sitemap shows it.
 */
export async function sendCanary(
  { publishTraces, bus, clock }: CanaryPorts,
  quietMilliseconds: number,
): Promise<boolean> {
  const now = clock.now();
  const [last] = await publishTraces.latest(1);
  if (last !== undefined && last.seq > now - quietMilliseconds) return false;
  const versionCreated = new Date(now).toISOString();
  const article = { uri: canaryUri, versionCreated, expires: versionCreated, headlines: [{ value: 'Canary' }] };
  await bus.put([{ source: 'pressrun.canary', type: 'article.published', detail: { article } }]);
  return true;
}
