import type { ScheduleIndex, SettleSchedule } from './ports.ts';

/** Wake-up calls that are put on the due list as well, before they are made: whatever becomes of a call, the list knows of it. */
export class IndexedSettleSchedule implements SettleSchedule {
  readonly #dueList: Pick<ScheduleIndex, 'keep'>;
  readonly #calls: SettleSchedule;

  constructor(scheduleIndex: Pick<ScheduleIndex, 'keep'>, calls: SettleSchedule) {
    this.#dueList = scheduleIndex;
    this.#calls = calls;
  }

  async settleAt(articleId: string, instant: number): Promise<void> {
    await this.#dueList.keep({ articleId, instant });
    await this.#calls.settleAt(articleId, instant);
  }
}
