import pLimit from 'p-limit';
import type { ScheduledSettle } from '../../shared/article/ports.ts';
import { settleArticle } from '../../shared/article/settle-article.ts';
import { dryRun } from './dry-run.ts';
import type { ReconcilePorts } from './ports.ts';
import { attempt, maxAtOnce, nothing, type Outcome } from './attempt.ts';

/** The time that a scheduled settle has to run after its instant. */
const graceMilliseconds = 60_000;
/** The age of the oldest instant that is read from the schedule index. A job over the archive finds older ones. */
const dueMilliseconds = 26 * 3_600_000;

/** Settles every article whose instant in the schedule index passed more than a minute ago. */
export async function settleDue(ports: ReconcilePorts, until: number): Promise<void> {
  const now = ports.clock.now();
  let batch: ScheduledSettle[] = [];
  for await (const due of ports.scheduleIndex.between(now - dueMilliseconds, now - graceMilliseconds)) {
    batch.push(due);
    if (batch.length < maxAtOnce) continue;
    await settleBatch(ports, batch);
    batch = [];
    if (ports.clock.now() >= until) return;
  }
  await settleBatch(ports, batch);
}

async function settleBatch(ports: ReconcilePorts, batch: readonly ScheduledSettle[]): Promise<void> {
  const outcomes = await pLimit(maxAtOnce).map(batch, async (due) =>
    attempt(ports, due.articleId, async () => settleOneDue(ports, due)),
  );
  ports.driftMeter.count(outcomes.flatMap(({ findings }) => findings));
}

async function settleOneDue(ports: ReconcilePorts, due: ScheduledSettle): Promise<Outcome> {
  const { articleId, instant } = due;
  const { drift, touchedAt } = await dryRun(ports, articleId, ports.clock.now());
  if (drift.size > 0) await settleArticle(ports, articleId);
  await ports.scheduleIndex.remove(due);
  // If a version was received or settled since, the scheduled settle was not lost, and another function is about to
  // settle.
  return drift.has('head') && touchedAt <= instant
    ? { ...nothing, findings: [{ kind: 'wakeUp', articleId, mended: true }] }
    : nothing;
}
