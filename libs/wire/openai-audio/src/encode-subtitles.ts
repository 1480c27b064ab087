import type { Transcript, TranscriptSegment } from '@sluice/contracts/transcription';

/** The answer as plain text. */
export function encodeText({ text }: Transcript): string {
  return `${text}\n`;
}

/** The answer as SubRip. */
export function encodeSrt(transcript: Transcript): string {
  const cues = segmentsOf(transcript).map(
    ({ startSeconds, endSeconds, text }, index) =>
      `${index + 1}\n${clock(startSeconds, ',')} --> ${clock(endSeconds, ',')}\n${text.trim()}\n`,
  );
  return `${cues.join('\n')}\n`;
}

/** The answer as WebVTT. */
export function encodeVtt(transcript: Transcript): string {
  const cues = segmentsOf(transcript).map(
    ({ startSeconds, endSeconds, text }) =>
      `${clock(startSeconds, '.')} --> ${clock(endSeconds, '.')}\n${text.trim()}\n`,
  );
  return `WEBVTT\n\n${cues.join('\n')}\n`;
}

/** Without times the whole is one cue. */
function segmentsOf({ segments, text, durationSeconds = 0 }: Transcript): readonly TranscriptSegment[] {
  return segments ?? [{ startSeconds: 0, endSeconds: durationSeconds, text }];
}

function clock(seconds: number, point: string): string {
  const totalMs = Math.max(0, Math.round(seconds * 1000));
  const pad = (value: number, length = 2) => String(Math.floor(value)).padStart(length, '0');
  const [hours, minutes] = [totalMs / 3_600_000, (totalMs / 60_000) % 60];
  return `${pad(hours)}:${pad(minutes)}:${pad((totalMs / 1000) % 60)}${point}${pad(totalMs % 1000, 3)}`;
}
