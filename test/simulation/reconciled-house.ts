import { reconcile } from '../../functions/reconcile/reconcile.ts';
import { ListedWakeUpCalls } from '../../shared/listed-wake-up-calls.ts';
import { MemoryArchive, MemoryDriftMeter, MemoryDueList, MemoryPasses } from '../fakes/memory-reconcile.ts';
import { MemoryWakeUpCalls } from '../fakes/memory-messages.ts';
import { MemoryLooks } from '../fakes/memory-speech.ts';
import type { Pass, PassMode } from '../../shared/pass.ts';
import type { DueList } from '../../shared/ports.ts';
import { House } from './house.ts';

/** Wake-up calls as the functions make them: on the due list first, then the call itself. */
class ListedMemoryCalls extends MemoryWakeUpCalls {
  readonly #listed: ListedWakeUpCalls;

  constructor(dueList: DueList) {
    super();
    this.#listed = new ListedWakeUpCalls(dueList, { wakeAt: async (articleId, instant) => super.wakeAt(articleId, instant) });
  }

  override async wakeAt(articleId: string, instant: number): Promise<void> {
    await this.#listed.wakeAt(articleId, instant);
  }
}

/** The house with `reconcile` in it. */
export class ReconciledHouse extends House {
  readonly dueList = new MemoryDueList();
  override readonly wakeUpCalls = new ListedMemoryCalls(this.dueList);
  readonly archive = new MemoryArchive(this.articles, this.fronts);
  readonly feedRows = this.feeds;
  readonly passes = new MemoryPasses();
  readonly driftMeter = new MemoryDriftMeter();
  readonly looks = new MemoryLooks();
  readonly reported: string[] = [];
  readonly report = (_: unknown, articleId: string): void => {
    this.reported.push(articleId);
  };

  #messages = 0;

  /** One message, and what the stream says of what it changed. Every invocation ends after one page. */
  async message(body: unknown, { messageId = `m${(this.#messages += 1)}`, again = false } = {}): Promise<void> {
    await reconcile(this, JSON.stringify(body), { messageId, again }, -Infinity);
    await this.projectNews(true);
  }

  /** A pass from its first page to its last. */
  async walk(start: PassMode, { announce = false } = {}): Promise<Pass> {
    const messageId = `pass-${(this.#messages += 1)}`;
    await this.message({ start, announce }, { messageId });
    for (let passId = this.passes.toGoOn.shift(); passId !== undefined; passId = this.passes.toGoOn.shift()) await this.message({ passId });
    const pass = this.passes.passes.get(messageId);
    if (pass?.phase !== 'done') throw new Error('the pass did not end');
    return pass;
  }
}
