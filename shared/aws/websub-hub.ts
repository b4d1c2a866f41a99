import type { Hub } from '../ports.ts';

/** A hub that takes longer is no reason to keep a purge waiting. */
const timeoutMs = 3000;

/** As many topics as one call may carry, so that no hub has to read a body without end. */
const maxTopics = 100;

/**
 * A WebSub hub (W3C Recommendation, 23 January 2018). How a publisher tells its hub is left to both (§5); every public hub
 * understands what PubSubHubbub 0.4 §7 says: a form with `hub.mode=publish` and each topic as `hub.url`.
 */
export const webSubHub = (address: string): Hub => ({
  notify: async (topics) => {
    for (let start = 0; start < topics.length; start += maxTopics) {
      const form = new URLSearchParams({ 'hub.mode': 'publish' });
      for (const topic of topics.slice(start, start + maxTopics)) form.append('hub.url', topic);
      const { ok, status, body } = await fetch(address, {
        method: 'POST',
        body: form,
        signal: AbortSignal.timeout(timeoutMs),
      });
      await body?.cancel();
      if (!ok) throw new Error(`the hub answered ${status}`);
    }
  },
});
