export const bridge = 'urn:agency:picture:bridge';
export const address = 'https://pictures.example.com/inline.jpg';
/** A picture of the bridge, in two widths. */
export const picture = {
  uri: bridge,
  type: 'picture',
  by: 'Mia Stone',
  descriptions: [{ role: 'caption', contentType: 'text/plain', value: 'The first lorries cross.' }],
  renditions: [
    { href: 'https://pictures.example.com/bridge-320.jpg', contentType: 'image/jpeg', width: 320, height: 213 },
    {
      href: 'https://pictures.example.com/bridge-1280.jpg?a=1&b=2',
      contentType: 'image/jpeg',
      width: 1280,
      height: 853,
    },
  ],
};
