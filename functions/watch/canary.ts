import type { Bus, Clock, PublishTraces } from '../../shared/ports.ts';
import { canaryUri } from '../../shared/trace/publish-trace.ts';

export interface CanaryPorts {
  readonly publishTraces: Pick<PublishTraces, 'latest'>;
  readonly bus: Bus;
  readonly clock: Clock;
}

/**
 * Sends a story the whole way when nothing else went it for a while, so that a fault at night is known before the
 * morning. Readers never meet it: it expired when it was written, so it stands in no list and in no sitemap.
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
