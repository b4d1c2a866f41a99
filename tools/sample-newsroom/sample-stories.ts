/** A story of the sample edition in short form: invented people, invented places. */
export interface SampleStory {
  /** Last part of its address. */
  readonly slug: string;
  readonly section: string;
  readonly topics: readonly string[];
  readonly genre: string;
  readonly authors: readonly string[];
  readonly located: string;
  readonly language: string;
  /** ninjs `urgency`: 1 is the most urgent, 9 the least. */
  readonly urgency: number;
  /** How long before the edition it was first published. */
  readonly minutesAgo: number;
  readonly headline: string;
  readonly standfirst: string;
  /** HTML. */
  readonly body: string;
  readonly picture?: SamplePicture;
}

export interface SamplePicture {
  readonly name: string;
  readonly alt: string;
  readonly caption: string;
  readonly credit: string;
}

const ines = 'Ines Okonjo-Vale';
const tobias = 'Tobias Renner';

/** Newest first, as a front page would have them. */
export const sampleStories: readonly SampleStory[] = [
  {
    slug: 'strait-of-corrimar-ferry-rescue',
    section: 'news/world',
    topics: ['Shipping', 'Corrimar'],
    genre: 'News',
    authors: [ines],
    located: 'Port Halden',
    language: 'en',
    urgency: 3,
    minutesAgo: 6,
    headline: 'All 214 aboard rescued after ferry loses power in Strait of Corrimar',
    standfirst:
      'Fishing boats reached the drifting Morning Tern an hour before the coastguard could, taking off families in a two-metre swell.',
    body: `
<p>Every passenger and member of crew was brought ashore on Tuesday after the ferry <em>Morning Tern</em> lost power in the Strait of Corrimar and drifted for three hours towards the Gannet shoals.</p>
<p>The first to reach her were not lifeboats but eleven trawlers from Port Halden, whose skippers had heard the distress call over breakfast. “You don’t wait to be asked,” said Maud Ellery, who took forty people aboard the <em>Second Supper</em>. “We gave them tea and our dry socks.”</p>
<h2>Two engines, one fault</h2>
<p>The operator, Strait Lines, said both engines had shut down within a minute of each other. Investigators from the Corrimar Marine Board went aboard at noon and were looking at a fuel filter that had been changed the night before.</p>
<p>Six people were treated for cold and one for a broken wrist. Sailings on the route are cancelled until Friday.</p>`,
    picture: {
      name: 'ferry-rescue',
      alt: 'Passengers in orange lifejackets climb from a white ferry on to a small trawler',
      caption: 'Passengers are helped aboard the trawler Second Supper off the Gannet shoals.',
      credit: 'Pell Amadi / Halden Photo',
    },
  },
  {
    slug: 'queen-ottilie-opens-tidal-library',
    section: 'news/royals',
    topics: ['Queen Ottilie', 'Libraries'],
    genre: 'News',
    authors: [tobias],
    located: 'Sundmark',
    language: 'en',
    urgency: 5,
    minutesAgo: 19,
    headline: 'Queen Ottilie opens library that rises with the tide',
    standfirst:
      'The reading rooms at Sundmark float on old grain barges. The Queen borrowed a book, and was told when it is due.',
    body: `
<p>Queen Ottilie of Vessland cut a rope rather than a ribbon on Tuesday to open the Tidal Library at Sundmark, three reading rooms built on retired grain barges that lift four metres with every high water.</p>
<p>She left with a library card, number one, and a history of lighthouse keeping. “It is due back in three weeks,” said the librarian, Osei Brandt. “Nobody is excused.”</p>
<p>The building cost 18 million marks, half of it raised by a town of nine thousand people. Its shelves are gimballed; its floors are not, and visitors at spring tide are advised to take the handrail.</p>`,
    picture: {
      name: 'tidal-library',
      alt: 'The Queen, in a green coat, holds up a library card beside a row of laughing children',
      caption: 'Queen Ottilie shows her library card at the opening of the Tidal Library.',
      credit: 'Runa Vik / Vessland Court Pool',
    },
  },
  {
    slug: 'herring-auction-moves-to-dawn',
    section: 'business',
    topics: ['Fishing', 'Trade'],
    genre: 'News',
    authors: [tobias],
    located: 'Port Halden',
    language: 'en',
    urgency: 6,
    minutesAgo: 26,
    headline: 'Herring auction moves to dawn after buyers oversleep',
    standfirst: 'Port Halden sells its catch at five from Monday. The boats asked for four.',
    body: `
<p>The oldest fish auction on the coast will open at five in the morning from Monday, two hours earlier than it has since the war.</p>
<p>“Ice costs money, and so does waiting,” said Marta Quist, who speaks for the forty boats that land herring in Port Halden.</p>`,
  },
  {
    slug: 'halden-exchange-rates-held',
    section: 'business',
    topics: ['Interest rates', 'Central Bank of Corrimar'],
    genre: 'News',
    authors: [ines],
    located: 'Port Halden',
    language: 'en',
    urgency: 4,
    minutesAgo: 33,
    headline: 'Corrimar holds rates and says the worst of the price rises is over',
    standfirst:
      'The bank kept its main rate at 4.25 per cent for a fourth month, but two of its nine governors wanted a cut now.',
    body: `
<p>The Central Bank of Corrimar left its main rate at 4.25 per cent on Tuesday and said that inflation, 3.1 per cent last month, would be back at its target by the spring.</p>
<p>“We are through the steep part,” the governor, Helin Sorrell, told reporters. “That is no reason to run down the other side.”</p>
<p>Seven of the nine governors voted to hold. The two who did not pointed to empty shopfronts: one in eight on the capital’s high streets, the most since records began.</p>
<ul><li>Main rate: 4.25 per cent, unchanged</li><li>Inflation: 3.1 per cent, from 3.6</li><li>Next decision: in six weeks</li></ul>`,
  },
  {
    slug: 'keepers-vote-to-keep-the-lamp',
    section: 'news/world',
    topics: ['Shipping', 'Lighthouses'],
    genre: 'News',
    authors: [ines],
    located: 'Skerry Vale',
    language: 'en',
    urgency: 6,
    minutesAgo: 41,
    headline: 'Islanders vote to keep the lamp that no ship needs',
    standfirst: 'Skerry Vale will pay for its own lighthouse, 212 votes to 9.',
    body: `
<p>The lamp on Skerry Vale, which satellites made superfluous, will be lit by the islanders themselves: 212 of 221 voted to pay for it.</p>
<p>“It tells me that I am home,” said one of them, who has not been to sea for thirty years.</p>`,
  },
  {
    slug: 'night-train-returns-to-the-passes',
    section: 'news/world',
    topics: ['Railways', 'Vessland'],
    genre: 'News',
    authors: [tobias],
    located: 'Upper Lorne',
    language: 'en',
    urgency: 5,
    minutesAgo: 47,
    headline: 'Night train over the Lorne passes runs again after 31 years',
    standfirst:
      'Every berth is sold until midsummer on a line that was closed as hopeless and kept open by volunteers with shovels.',
    body: `
<p>At 22.40 on Monday the first night train in thirty-one years pulled out of Upper Lorne for the coast, four sleeping cars and a kitchen behind a locomotive older than its driver.</p>
<p>The line was shut as a hopeless case. What kept it from being lifted was a club of some two hundred people who cleared drains and snowdrifts every Saturday, and who on Monday stood along the track with lamps.</p>
<blockquote><p>“We never said it would come back. We said it would not be our fault if it didn’t.”</p></blockquote>
<p>The service takes eleven hours. Flying takes one, and costs less; the railway says it has sold every berth until midsummer.</p>`,
    picture: {
      name: 'night-train',
      alt: 'People with lanterns line a snowy railway track as a lit train passes',
      caption: 'Volunteers light the way for the first train at Upper Lorne.',
      credit: 'Jory Malt',
    },
  },
  {
    slug: 'prince-casimir-quits-regatta',
    section: 'news/royals',
    topics: ['Prince Casimir', 'Sailing'],
    genre: 'News',
    authors: [tobias],
    located: 'Sundmark',
    language: 'en',
    urgency: 6,
    minutesAgo: 58,
    headline: 'Prince Casimir withdraws from regatta with injured shoulder',
    standfirst: 'The Palace said that the prince had hurt himself “in a disagreement with a boom”.',
    body: `
<p>Prince Casimir will not sail in the Vessland Regatta this weekend after he injured a shoulder in training, the Palace said on Tuesday.</p>
<p>The prince, 34, who finished third last year, was hurt “in a disagreement with a boom”. His place at the helm of the <em>Kittiwake</em> goes to her navigator, Lt Signe Aalto.</p>`,
  },
  {
    slug: 'why-is-the-sea-around-vessland-green',
    section: 'news/world',
    topics: ['Oceans', 'Vessland'],
    genre: 'Explainer',
    authors: [ines, tobias],
    located: 'Sundmark',
    language: 'en',
    urgency: 6,
    minutesAgo: 74,
    headline: 'Why is the sea around Vessland green, and should anyone worry?',
    standfirst:
      'A bloom the size of a county has reached the beaches. Most of it is harmless; how to tell, and what to keep the dog away from.',
    body: `
<p>Seen from above, the water off the west of Vessland has been the colour of pea soup since the weekend. Here is what is known.</p>
<h2>What is it?</h2>
<p>Algae: single cells that multiply when the sea is warm, still and well fed. The food is nitrogen, washed down rivers by a wet April.</p>
<h2>Is it dangerous?</h2>
<p>Mostly not. Of forty samples taken by the Sundmark Sea Station, thirty-eight held only harmless kinds. The other two came from sheltered harbours where scum had gathered.</p>
<h2>What should I do?</h2>
<ol><li>Swim where the water is open and you can see your feet.</li><li>Keep children and dogs away from foam and scum.</li><li>Rinse off afterwards.</li></ol>
<h2>When will it go?</h2>
<p>With the first good blow. The station expects a westerly by Thursday. Its <a href="https://sea-station.example.org/blooms">map of samples</a> is renewed each morning.</p>`,
    picture: {
      name: 'green-sea',
      alt: 'Aerial view of a coastline with swirls of bright green water',
      caption: 'The bloom off western Vessland, from a survey flight on Monday.',
      credit: 'Sundmark Sea Station',
    },
  },
  {
    slug: 'what-a-central-bank-does-at-night',
    section: 'business',
    topics: ['Interest rates', 'Central Bank of Corrimar'],
    genre: 'Explainer',
    authors: [tobias],
    located: 'Halden',
    language: 'en',
    urgency: 7,
    minutesAgo: 82,
    headline: 'What does a central bank do while everybody sleeps?',
    standfirst: 'Most of the night nothing, and that is the point. A guide in four steps.',
    body: `
<p>At six in the evening the banks of Corrimar count what they owe each other. Whoever is short borrows from whoever is not, until nine in the morning.</p>
<p>What that costs is the rate that you read about. The central bank stands ready to lend the rest, at a little more.</p>`,
  },
  {
    slug: 'harriers-win-in-the-98th-minute',
    section: 'sport',
    topics: ['Football', 'Halden Harriers'],
    genre: 'Match report',
    authors: [ines],
    located: 'Port Halden',
    language: 'en',
    urgency: 5,
    minutesAgo: 95,
    headline: 'Halden Harriers snatch cup final in the 98th minute',
    standfirst: 'A goalkeeper’s header, her first touch in the other half all season, beat Lorne Town 3–2.',
    body: `
<p><strong>Halden Harriers 3, Lorne Town 2</strong></p>
<p>There were eight minutes of added time, and seven and a half of them had gone, when Dessa Quill left her goal and jogged the length of the pitch. “The bench was shouting to go back,” the goalkeeper said. “I had decided not to hear.”</p>
<p>The corner was poor. It bounced twice, came off a knee and rose to exactly the height of the tallest player on the field.</p>
<p>Lorne had led twice, through Amaro and a penalty by Fenn. Harriers’ other goals came from Ito, both from outside the area.</p>`,
    picture: {
      name: 'cup-final',
      alt: 'A goalkeeper in yellow is lifted on the shoulders of her team-mates',
      caption: 'Dessa Quill after her winning header.',
      credit: 'Pell Amadi / Halden Photo',
    },
  },
  {
    slug: 'leave-the-harbour-lights-on',
    section: 'culture',
    topics: ['Port Halden', 'Lighthouses'],
    genre: 'Opinion',
    authors: [ines],
    located: 'Port Halden',
    language: 'en',
    urgency: 8,
    minutesAgo: 104,
    headline: 'Leave the harbour lights on',
    standfirst: 'A town that turns off its quay at ten has decided who may be out after ten.',
    body: `
<p>The council will save eleven thousand a year by turning off the lamps on the quay at ten. It is not much for a promenade that is crossed by half of the town on its way from work.</p>
<p>There are other lamps. The car park’s, say.</p>`,
  },
  {
    slug: 'glasshouse-makers-order-book',
    section: 'business',
    topics: ['Manufacturing', 'Trade'],
    genre: 'Analysis',
    authors: [tobias],
    located: 'Lorne',
    language: 'en',
    urgency: 7,
    minutesAgo: 131,
    headline: 'How a maker of glasshouses came to be worth more than the railway',
    standfirst: 'Brandt & Daughters has orders for nine years. Its difficulty is finding people who can cut a curve.',
    body: `
<p>In a shed outside Lorne, forty people bend glass for a living, and on Monday the market decided that what they do is worth 2.3 billion marks.</p>
<p>Brandt &amp; Daughters makes glasshouses: not the flat sort, but the curved ones that new desert farms want because dust slides off them. It has orders for nine years.</p>
<p>What it lacks is hands. A cutter needs six years to learn the trade, and the company has eleven apprentices. “You can buy a furnace,” said Petra Brandt, the elder daughter. “You can’t buy 2032.”</p>`,
  },
  {
    slug: 'let-the-night-train-be-slow',
    section: 'news/world',
    topics: ['Railways'],
    genre: 'Opinion',
    authors: [tobias],
    located: 'Vessland',
    language: 'en',
    urgency: 8,
    minutesAgo: 152,
    headline: 'Let the night train be slow',
    standfirst: 'Nobody who sleeps through a border is in a hurry.',
    body: `
<p>The night train is back, and the first letter that we got about it complains that it takes eleven hours. It is meant to.</p>
<p>A train that arrives at four in the morning is not a night train. It is an early one.</p>`,
  },
  {
    slug: 'museo-de-los-relojes-parados',
    section: 'culture',
    topics: ['Museos', 'Santa Olvida'],
    genre: 'Reportage',
    authors: [ines],
    located: 'Santa Olvida',
    language: 'es',
    urgency: 7,
    minutesAgo: 166,
    headline: 'El museo donde ningún reloj da la hora',
    standfirst:
      'En Santa Olvida, una relojera jubilada ha reunido 640 relojes parados, cada uno con la historia del minuto en que se detuvo.',
    body: `
<p>Son las cuatro y doce, las nueve menos veinte y la una en punto, todo a la vez. En el museo que Amparo Quiroga ha abierto en la antigua estación de Santa Olvida no hay un solo reloj que ande.</p>
<p>«La gente los traía a arreglar y luego no quería que los arreglase», cuenta la relojera, de 78 años. Detrás de cada vitrina hay una tarjeta escrita a mano: una boda, una riada, un gol.</p>
<p>La entrada cuesta lo que cada cual quiera. El horario, avisa un cartel, es «aproximado».</p>`,
    picture: {
      name: 'relojes',
      alt: 'Una pared cubierta de relojes de distintos tamaños, cada uno con una hora diferente',
      caption: 'La sala principal del museo, en la antigua estación.',
      credit: 'Lía Montoro',
    },
  },
  {
    slug: 'rowers-finish-in-fog',
    section: 'sport',
    topics: ['Rowing', 'Lorne'],
    genre: 'News',
    authors: [ines],
    located: 'Upper Lorne',
    language: 'en',
    urgency: 7,
    minutesAgo: 188,
    headline: 'Eight rowers, one fog, and a finish that nobody saw',
    standfirst: 'The Lorne regatta was decided by a microphone on a buoy.',
    body: `
<p>The women’s eight of Upper Lorne won the regatta by what the judges heard: in fog that hid the bank, a microphone on the last buoy told them which oars came first.</p>
<p>“We knew when it stopped smelling of coffee,” said their cox. The stand is at the finish.</p>`,
  },
  {
    slug: 'royal-garden-open-by-night',
    section: 'news/royals',
    topics: ['Queen Ottilie', 'Gardens'],
    genre: 'News',
    authors: [tobias],
    located: 'Sundmark',
    language: 'en',
    urgency: 8,
    minutesAgo: 204,
    headline: 'Palace garden to open by night for those who work by day',
    standfirst:
      'From June the gates stay open until two in the morning, with moths, lanterns and a rota of volunteer owl-spotters.',
    body: `
<p>The Palace garden at Sundmark will open until two in the morning on four nights a week from June, after a letter from a bus driver who wrote that she had lived beside its wall for twenty years and never seen it in daylight or in bloom.</p>
<p>“She was quite right,” the head gardener, Ulric Fenn, said. Paths will be lit by lanterns at knee height, so as not to trouble the moths.</p>`,
    picture: {
      name: 'night-garden',
      alt: 'Low lanterns along a garden path at night between white flowers',
      caption: 'A trial evening in the Palace garden.',
      credit: 'Runa Vik / Vessland Court Pool',
    },
  },
  {
    slug: 'fell-runners-record',
    section: 'sport',
    topics: ['Fell running', 'Records'],
    genre: 'News',
    authors: [tobias],
    located: 'Upper Lorne',
    language: 'en',
    urgency: 7,
    minutesAgo: 242,
    headline: 'Postwoman, 51, takes two hours off the Seven Fells record',
    standfirst: 'Inga Thorsby ran 96 kilometres in 14 hours 7 minutes, and was back on her round the next morning.',
    body: `
<p>The record for the Seven Fells, which professionals had lowered by minutes since it was first run, fell by two hours and three minutes on Sunday to a postwoman who says she does not train.</p>
<p>“I walk twenty kilometres a day with a bag,” said Inga Thorsby, 51. “I left the bag at home.” She stopped twice: once for soup, once to close a gate.</p>`,
  },
  {
    slug: 'the-opera-with-no-singers',
    section: 'culture',
    topics: ['Opera', 'Port Halden'],
    genre: 'Review',
    authors: [ines],
    located: 'Port Halden',
    language: 'en',
    urgency: 8,
    minutesAgo: 305,
    headline: 'An opera without singers, and not a word too few',
    standfirst:
      'Yusra Dahl’s “The Tuning” leaves its cast silent for ninety minutes. It is the loudest thing on the stage this year.',
    body: `
<p>★★★★☆</p>
<p>The curtain rises on an orchestra that will not begin. A string is flat; a chair is missing; somebody’s mother is ill. In Yusra Dahl’s <em>The Tuning</em>, at the Harbour Opera until the 28th, the singers sit among the players and never open their mouths.</p>
<p>It ought to be a joke, and for ten minutes it is. Then an oboe gives an A that goes on, and on, and you notice that you have stopped breathing too.</p>`,
    picture: {
      name: 'the-tuning',
      alt: 'An orchestra on a bare stage, players looking at one empty chair',
      caption: 'The empty chair in “The Tuning”.',
      credit: 'Harbour Opera / Anselm Roy',
    },
  },
];

/** The ferry story after its cause is known. */
export const ferryUpdate = {
  slug: 'strait-of-corrimar-ferry-rescue',
  headline: 'Wrong filter stopped ferry’s engines, investigators say; all 214 safe',
  paragraph: `
<p><strong>Update:</strong> A filter meant for another engine starved both of the ferry’s fuel pumps, the Marine Board said on Tuesday evening. Strait Lines has taken the two sister ships of the <em>Morning Tern</em> out of service until theirs have been looked at.</p>`,
};

/** The slug of the story that is withdrawn: it named the wrong prince. */
export const withdrawnSlug = 'prince-casimir-quits-regatta';
