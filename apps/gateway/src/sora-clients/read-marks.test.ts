import { expect, it } from 'vitest';
import { readMarks } from './read-marks.js';

const DIGITS = '0123456789abcdef0123456789abcdef';

it('a plain prompt stays as it is', () => {
  const text = 'a  cat {sleeping} [5 s] by @somebody\nin the sun';
  expect(readMarks(text)).toEqual({ prompt: text });
});

it.each([
  ['{anime} a cat', 'a cat', 'anime'],
  ['a cat {ANIME} runs', 'a cat runs', 'anime'],
  ['a cat {retro}', 'a cat', 'retro'],
  ['a cat {retro} {anime}', 'a cat {anime}', 'retro'],
])('%s has a style', (text, prompt, style) => expect(readMarks(text)).toEqual({ prompt, style }));

it.each([`s_${DIGITS}`, `https://sora.chatgpt.com/p/s_${DIGITS}`, `https://sora.chatgpt.com/p/s_${DIGITS}?psh=1`])(
  '%s is a post',
  (name) => {
    expect(readMarks(`${name} make it night`)).toEqual({ prompt: 'make it night', postId: `s_${DIGITS}` });
  },
);

it.each([
  `video_${DIGITS}`,
  `gen_${DIGITS}`,
  `http://127.0.0.1:8787/media/results/gen_${DIGITS}-0.mp4?expires=1&signature=a`,
  `https://host/v1/videos/video_${DIGITS}/content`,
])('%s is a film made here', (name) => {
  expect(readMarks(`make ${name} night`)).toEqual({ prompt: 'make night', generationId: `gen_${DIGITS}` });
});

it('a draft of the website is neither', () => {
  expect(readMarks('gen_01k7abcdef and then?')).toEqual({ prompt: 'and then?', draftId: 'gen_01k7abcdef' });
  expect(readMarks(`videos_${DIGITS}`)).toEqual({ prompt: `videos_${DIGITS}` });
});

it('a storyboard is its scenes, and what holds for all of them', () => {
  expect(readMarks('in black and white [5.0s]a cat [5s] a dog\n[2.5s]')).toMatchObject({
    storyboard: {
      instructions: 'in black and white',
      shots: [
        { seconds: 5, scene: 'a cat' },
        { seconds: 5, scene: 'a dog' },
        { seconds: 2.5, scene: '' },
      ],
    },
  });
  expect(readMarks('{anime} [4s]a cat').storyboard).toEqual({
    instructions: '',
    shots: [{ seconds: 4, scene: 'a cat' }],
  });
});
