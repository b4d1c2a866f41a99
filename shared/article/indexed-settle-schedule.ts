import type { ScheduleIndex, SettleSchedule } from './ports.ts';

/**
 * Writes each settle to the schedule index before it schedules it, so that a settle which the scheduler loses is still
 * in the index.
 */
export class IndexedSettleSchedule implements SettleSchedule {
  readonly #scheduleIndex: Pick<ScheduleIndex, 'keep'>;
  readonly #calls: SettleSchedule;

  constructor(scheduleIndex: Pick<ScheduleIndex, 'keep'>, calls: SettleSchedule) {
    this.#scheduleIndex = scheduleIndex;
    this.#calls = calls;
  }

  async settleAt(articleId: string, instant: number): Promise<void> {
    await this.#scheduleIndex.keep({ articleId, instant });
    await this.#calls.settleAt(articleId, instant);
  }
}
