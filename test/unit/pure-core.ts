/**
 * The unit tests of the pure core as one suite, for Stryker alone: it runs them thousands of times, and whatever
 * several suites import would be loaded anew for each of them.
 */
import './accept.test.ts';
import './article.test.ts';
import './card.test.ts';
import './erasure.test.ts';
import './feed.test.ts';
import './front.test.ts';
import './path.test.ts';
import './placement.test.ts';
import './sanitise.test.ts';
import './settle.test.ts';
import './store.test.ts';
import './tags.test.ts';
import './version.test.ts';
