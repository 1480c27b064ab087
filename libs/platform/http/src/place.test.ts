import { expect, test } from 'vitest';
import { PlaceReader } from './place.js';

test('a URL is read into what a call needs, once', () => {
  const places = new PlaceReader();
  const place = places.read('https://Vendor.example:8443/v1/chat?key=a%20b#there');
  expect(place).toEqual({
    origin: 'https://vendor.example:8443',
    host: 'vendor.example:8443',
    path: '/v1/chat?key=a%20b',
    address: undefined,
  });
  expect(places.read('https://Vendor.example:8443/v1/chat?key=a%20b#there')).toBe(place);
});

test('an address is told in every form of it', () => {
  const places = new PlaceReader();
  expect(places.read('http://2130706433/').address).toBe('127.0.0.1');
  expect(places.read('http://[::1]:80/').address).toBe('::1');
});

test('what is no http(s) URL is refused each time', () => {
  const places = new PlaceReader();
  for (const url of ['nonsense', 'ftp://vendor.example/', 'nonsense'])
    expect(() => places.read(url)).toThrow('not an http(s) URL');
});

test('only so many are kept, and none that is long', () => {
  const places = new PlaceReader();
  const first = places.read('https://vendor.example/first');
  for (let index = 0; index < 256; index++) places.read(`https://vendor.example/${index}`);
  expect(places.read('https://vendor.example/first')).not.toBe(first);
  const long = `https://vendor.example/?${'a'.repeat(1_024)}`;
  expect(places.read(long)).not.toBe(places.read(long));
});
