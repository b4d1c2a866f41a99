import './sweep/archive.ts';
import './sweep/feed.ts';
import './sweep/foreign-uris.ts';
import './sweep/ghost.ts';
import './sweep/limits.ts';
import './sweep/lost-changes.ts';
import './sweep/strapi.ts';
import './sweep/wordpress.ts';
