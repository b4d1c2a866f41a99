import './reconcile/drift.ts';
import './reconcile/job.ts';
import './reconcile/random-damage.ts';
import './reconcile/rebuild.ts';
import './reconcile/recent-changes.ts';
import './reconcile/schedule-index.ts';
