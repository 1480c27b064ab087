import type { AnswerWish, PictureMember } from './decode-request.js';

/** Models whose clients have never been given anything but bytes. */
const ALWAYS_BYTES = /(?:^|\/)(?:chat)?gpt-image/;

/** How a picture is told: as the client asked, else as clients of such a model expect it. */
export function pictureMember({ member, isStreamed }: AnswerWish, model: string): PictureMember {
  if (member !== undefined) return member;
  return isStreamed || ALWAYS_BYTES.test(model) ? 'b64_json' : 'url';
}
