import { expect, it } from 'vitest';
import { withBarePicture } from './bare-picture.js';

it.each([
  ['iVBORw0KGgoAAAA=', 'data:image/png;base64,iVBORw0KGgoAAAA='],
  ['/9j/4AAQSkZJ\nRg==', 'data:image/jpeg;base64,/9j/4AAQSkZJRg=='],
  ['UklGRiQAAABXRUJQ', 'data:image/webp;base64,UklGRiQAAABXRUJQ'],
])('the bare base64 %j is a picture', (image, url) => {
  expect(withBarePicture({ image, prompt: 'a cat' })).toEqual({ image: url, prompt: 'a cat' });
});

it.each([
  { image: 'data:image/png;base64,iVBORw0KGgo=' },
  { image: 'https://example.com/a.png' },
  { image: '/9j/../a picture.jpg' },
  { image: ['iVBORw0KGgoAAAA='] },
  { image: 7 },
  {},
])('%j is left as it is', (body) => {
  expect(withBarePicture(body)).toBe(body);
});
