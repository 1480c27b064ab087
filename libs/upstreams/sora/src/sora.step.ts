import type { JsonObject } from '@sluice/contracts/json';
import { present } from '@sluice/contracts/present';
import type { OperationStep, UpstreamFile } from '@sluice/upstream-kit/job';
import { toVideoError } from './sora.error.js';
import { toOperation, type SoraOperation } from './sora.operation.js';
import { pathOf } from './sora.request.js';
import type { SoraVideo } from './sora.schema.js';
import { standingOf, type Standing } from './sora.status.js';

const MOST_BEFORE_THE_END = 99;
/** 0.57 × 100 is a little less than 57. */
const ROUNDING = 1e-6;

/** What a look at a video says. */
export function toStep(video: SoraVideo, before: SoraOperation, baseUrl: string): OperationStep {
  const { progress, tellsFractions } = readProgress(video, before);
  const { id, acceptedAtMs } = before;
  const operation = toOperation({ id, acceptedAtMs, tellsFractions });
  const standing = effectiveStanding(video);
  if (standing === 'waiting') return { type: 'running', operation, ...(progress !== undefined && { progress }) };
  if (standing !== 'done') return { type: 'failed', operation, error: toVideoError(video, standing) };
  return { type: 'done', operation, files: filesOf(video, { baseUrl, id }), facts: factsOf(video) };
}

/** A word that nobody knows is no reason to give a paid video up: the other members decide. */
function effectiveStanding(video: SoraVideo): Standing {
  const told = video.status === undefined ? undefined : standingOf(video.status);
  if (told !== undefined) return told;
  if (video.error !== undefined) return 'failed';
  return video.isCompleted === true ? 'done' : 'waiting';
}

function readProgress({ progress }: SoraVideo, { tellsFractions = false }: SoraOperation) {
  if (progress === undefined) return { tellsFractions };
  const isFraction = tellsFractions || (progress > 0 && progress < 1);
  const percent = Math.floor(progress * (isFraction ? 100 : 1) + ROUNDING);
  return { tellsFractions: isFraction, progress: Math.min(Math.max(percent, 0), MOST_BEFORE_THE_END) };
}

function filesOf(video: SoraVideo, { baseUrl, id }: { baseUrl: string; id: string }): UpstreamFile[] {
  const url = `${baseUrl}${pathOf(id)}/content`;
  const shared = { needsCredential: true, ...present({ expiresAtMs: video.expiresAtMs }) };
  return [
    { url, role: 'result', ...shared },
    // Not every vendor has it; the video is whole without.
    { url: `${url}?variant=thumbnail`, role: 'thumbnail', ...shared },
  ];
}

/** What really ran, so that nothing was changed in silence. */
function factsOf({ seconds, size, model, prompt, sourceId }: SoraVideo): JsonObject {
  return present({ durationSeconds: seconds, size, model, prompt, remixedFrom: sourceId });
}
