import './watch/canary.ts';
import './watch/late.ts';
import './watch/publish.ts';
import './watch/record.ts';
