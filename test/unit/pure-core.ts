/**
 * The unit tests of the pure core as one suite, for Stryker alone: it runs them thousands of times, and whatever several
 * suites import would be loaded anew for each of them. The quickest come first, since the first to notice a fault ends its run.
 */
import fc from 'fast-check';
import './path.test.ts';
import './tags.test.ts';
import './feed.test.ts';
import './article.test.ts';
import './card.test.ts';
import './placement.test.ts';
import './version.test.ts';
import './cause.test.ts';
import './trail.test.ts';
import './claim.test.ts';
import './announcement.test.ts';
import './subscription.test.ts';
import './pass.test.ts';
import './sanitise.test.ts';
import './front.test.ts';
import './accept.test.ts';
import './settle.test.ts';
import './erasure.test.ts';
import './mp3.test.ts';
import './speech.test.ts';
import './store.test.ts';
import './project.test.ts';
import './picture.test.ts';
import './theme.test.ts';
import './tell-hub.test.ts';
import './tell.test.ts';
import './purge.test.ts';
import './watch.test.ts';
import './narrate.test.ts';
import './within-budget.test.ts';
import './sources.test.ts';
import './sweep.test.ts';
import './ingest.test.ts';
import './changes.test.ts';
import './lists-by-time.test.ts';
import '../simulation/paths.test.ts';
import '../simulation/replays.test.ts';
import '../simulation/telling.test.ts';
import '../simulation/wake-up-calls.test.ts';
import '../simulation/reconcile.test.ts';
import './deliver.test.ts';

// The first counter-example is enough: the smallest is for people.
fc.configureGlobal({ endOnFailure: true });
