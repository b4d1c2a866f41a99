import './pages/article.ts';
import './pages/feeds.ts';
import './pages/html.ts';
import './pages/lists.ts';
import './pages/metadata.ts';
