import { GatewayError } from '@sluice/contracts/gateway-error';
import type { Json, JsonObject } from '@sluice/contracts/json';
import type { HeldFile } from '@sluice/upstream-kit/job';

interface Sketch {
  base64: string;
  isDone: boolean;
  isModerated: boolean;
}

const DONE = 100;
const DONE_WORDS: ReadonlySet<string> = new Set(['completed', 'done', 'success']);

/** Follows the pictures of a drawing: each comes again and again, larger every time, until it is said to be whole. */
export class ImagineCollector {
  private readonly sketches: Sketch[] = [];
  private readonly byName = new Map<string, Sketch>();

  /** How many have come to their end, shown or not. */
  get finished(): number {
    return this.sketches.filter(({ isDone }) => isDone).length;
  }

  get hasBegun(): boolean {
    return this.sketches.length > 0;
  }

  read(message: JsonObject): void {
    const names = namesOf(message);
    if (names.length === 0) return;
    const sketch = this.find(names);
    const blob = text(message['blob']) ?? '';
    if (blob.length >= sketch.base64.length) sketch.base64 = blob;
    sketch.isDone ||= isWhole(message);
    sketch.isModerated ||= message['moderated'] === true;
  }

  private find(names: readonly string[]): Sketch {
    let sketch = names.map((name) => this.byName.get(name)).find((known) => known !== undefined);
    if (sketch === undefined) {
      sketch = { base64: '', isDone: false, isModerated: false };
      this.sketches.push(sketch);
    }
    for (const name of names) this.byName.set(name, sketch);
    return sketch;
  }

  /** Those that are whole, in the order in which they began. */
  take(count: number): HeldFile[] {
    const all = this.sketches;
    const shown = all.filter(({ base64, isDone, isModerated }) => isDone && !isModerated && base64 !== '');
    if (shown.length > 0)
      return shown.slice(0, count).map(({ base64 }) => ({ role: 'result', bytes: Buffer.from(base64, 'base64') }));
    if (all.some(({ isModerated }) => isModerated))
      throw new GatewayError('content_refused', 'The upstream refused to show what it made.', { saw: 'refused' });
    throw new GatewayError('upstream_interrupted', 'The upstream closed its drawing before a picture was whole.', {
      saw: 'unknown',
    });
  }
}

/** A message names its picture by an id, by its place among the others, or by both. */
function namesOf(message: JsonObject): string[] {
  const ids = ['id', 'image_id', 'imageId', 'job_id'].map((name) => text(message[name]));
  const places = ['order', 'grid_index', 'side_by_side_index'].map((name) => message[name]);
  const place = places.find((each) => typeof each === 'number');
  return [...ids.filter((id) => id !== undefined), ...(place === undefined ? [] : [`place ${place}`])];
}

function isWhole(message: JsonObject): boolean {
  const status = text(message['current_status']) ?? text(message['currentStatus']) ?? '';
  const percent = [message['percentage_complete'], message['percentageComplete'], message['progress']].find(
    (each) => typeof each === 'number',
  );
  return DONE_WORDS.has(status) || (typeof percent === 'number' && percent >= DONE);
}

function text(value: Json | undefined): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}
