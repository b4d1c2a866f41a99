import type { ScheduleIndex, SettleSchedule } from './ports.ts';

/**
 * A settle schedule that writes each settle to the schedule index first, so that the index has every settle even if the
 * schedule loses one.
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
