import type { Hub } from '../purge/ports.ts';

/** A slow hub must not delay a purge. */
const timeoutMs = 3000;

/** The maximum number of topics in one call, so that the request has a bounded size. */
const maxTopics = 100;

/**
 * A WebSub hub (W3C Recommendation, 23 January 2018). §5 leaves to hub and publisher how a publisher notifies its hub.
 * Every public hub understands PubSubHubbub 0.4 §7: a form with `hub.mode=publish` and each topic as `hub.url`.
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
