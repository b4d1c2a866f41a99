import './settle-article/any-id.ts';
import './settle-article/erasure.ts';
import './settle-article/head.ts';
import './settle-article/origin.ts';
import './settle-article/path.ts';
import './settle-article/update.ts';
