import { describe, expect, it } from 'vitest';
import { isSameMediaType, sniffMediaType } from './sniff-media-type.js';

const latin = (text: string) => Buffer.from(text, 'latin1');

describe('the first bytes', () => {
  it.each([
    ['\x89PNG\r\n\x1a\n', 'image/png'],
    ['\xff\xd8\xff\xe0', 'image/jpeg'],
    ['RIFF\0\0\0\0WEBPVP8 ', 'image/webp'],
    ['GIF89a', 'image/gif'],
    ['\0\0\0\x20ftypisom', 'video/mp4'],
    ['\0\0\0\x20ftypqt  ', 'video/quicktime'],
    ['\0\0\0\x20ftypM4A ', 'audio/mp4'],
    ['\0\0\0\x20ftypavif', 'image/avif'],
    ['\x1a\x45\xdf\xa3', 'video/webm'],
    ['RIFF\0\0\0\0WAVE', 'audio/wav'],
    ['ID3\x04', 'audio/mpeg'],
    ['\xff\xfb\x90', 'audio/mpeg'],
    ['\xff\xf1\x50', 'audio/aac'],
    ['fLaC', 'audio/flac'],
    ['OggS', 'audio/ogg'],
    ['', undefined],
    ['<svg xmlns=', undefined],
    ['<!doctype html>', undefined],
    ['MZ\x90', undefined],
    ['\x89PNG', undefined],
  ])('%j prove %s', (head, type) => expect(sniffMediaType(latin(head))).toBe(type));
});

describe('a declared type', () => {
  it.each([
    ['image/png', 'image/png', true],
    ['IMAGE/PNG; charset=binary', 'image/png', true],
    ['image/jpg', 'image/jpeg', true],
    ['application/octet-stream', 'video/mp4', true],
    ['', 'video/mp4', true],
    ['audio/x-m4a', 'audio/mp4', true],
    ['audio/webm', 'video/webm', true],
    ['image/jpeg', 'image/png', false],
    ['text/html', 'image/png', false],
    ['video/mp4', 'image/png', false],
  ])('%j and the proven %s: %s', (declared, proven, isSame) => expect(isSameMediaType(declared, proven)).toBe(isSame));
});
