/**
 * The unit tests of the pure core as one suite, for Stryker alone: it runs them thousands of times, and whatever several
 * suites import would be loaded anew for each of them. The quickest come first, since the first to notice a fault ends its run;
 * most suites that go through whole functions are left out, since each fault that is not noticed would wait for all of them.
 */
import fc from 'fast-check';
import './path.test.ts';
import './tags.test.ts';
import './lists.test.ts';
import './caption.test.ts';
import './cms-story.test.ts';
import './collection-fields.test.ts';
import './source.test.ts';
import './signature.test.ts';
import './listed-change.test.ts';
import './feed.test.ts';
import './article.test.ts';
import './card.test.ts';
import './placement.test.ts';
import './version.test.ts';
import './origin.test.ts';
import './head.test.ts';
import './publish-trace.test.ts';
import './claim-check.test.ts';
import './announcement.test.ts';
import './subscription.test.ts';
import './job.test.ts';
import './within-budget.test.ts';
import './notify.test.ts';
import './notify-hub.test.ts';
import './sanitise.test.ts';
import './front.test.ts';
import './accept/article.test.ts';
import './accept/event.test.ts';
import './accept/rejections.test.ts';
import './accept/version-order.test.ts';
import './accept/warnings.test.ts';
import './settle-article.test.ts';
import './settle.test.ts';
import './erasure.test.ts';
import './mp3.test.ts';
import './speech.test.ts';
import './picture.test.ts';
import './theme.test.ts';
import '../simulation/replays.test.ts';

// The first counter-example is enough, without shrinking it. Faults that a few hundred cases miss are seldom found by thousands.
// eslint-disable-next-line @typescript-eslint/no-deprecated -- the plugin that replaces it is given to one property, and this is for all.
fc.configureGlobal({ endOnFailure: true, interruptAfterTimeLimit: 200 });
