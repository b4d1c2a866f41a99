// Shows each update from the server in place. EventSource reconnects by itself.
const main = document.querySelector('main');
const live = document.querySelector('#live');
const updates = new EventSource('/_desk/live' + location.search);

main.addEventListener('change', ({ target }) => target.form?.setAttribute('data-changed', ''));

updates.onmessage = ({ data }) => {
  Idiomorph.morph(main, JSON.parse(data), {
    morphStyle: 'innerHTML',
    callbacks: {
      // What the reader chose in a form and what she unfolded stay.
      beforeNodeMorphed: (node) => !(node instanceof HTMLFormElement && node.hasAttribute('data-changed')),
      beforeAttributeUpdated: (name, node) => !(name === 'open' && node instanceof HTMLDetailsElement),
    },
  });
};
updates.onopen = () => {
  live.textContent = 'live';
  live.className = 'good';
};
updates.onerror = () => {
  live.textContent = 'cut off';
  live.className = 'bad';
};
