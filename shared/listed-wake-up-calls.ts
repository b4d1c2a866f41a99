import type { DueList, WakeUpCalls } from './ports.ts';

/** Wake-up calls that are put on the due list as well, before they are made: whatever becomes of a call, the list knows of it. */
export class ListedWakeUpCalls implements WakeUpCalls {
  readonly #dueList: Pick<DueList, 'keep'>;
  readonly #calls: WakeUpCalls;

  constructor(dueList: Pick<DueList, 'keep'>, calls: WakeUpCalls) {
    this.#dueList = dueList;
    this.#calls = calls;
  }

  async wakeAt(articleId: string, instant: number): Promise<void> {
    await this.#dueList.keep({ articleId, instant });
    await this.#calls.wakeAt(articleId, instant);
  }
}
