import './newsml/decisive-fields.ts';
import './newsml/message.ts';
import './newsml/news-item.ts';
import './newsml/nitf.ts';
import './newsml/xml.ts';
