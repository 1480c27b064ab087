import type { Clock } from '@sluice/contracts/clock';
import type { Lease } from '@sluice/contracts/credential';
import type { DurableInput } from '@sluice/contracts/durable-generation';
import { GatewayError } from '@sluice/contracts/gateway-error';
import type { GenerationInput } from '@sluice/contracts/generation';
import type { MediaStore } from '@sluice/contracts/media-store';
import type { NamedFile } from '@sluice/contracts/named-file';
import type { AccountContext } from '@sluice/upstream-kit/upstream-context';
import type { UpstreamFiles } from '@sluice/upstream-kit/upstream-files';
import { pause } from './pause.js';
import type { PlacedFiles } from './placed-files.js';
import { sendFile } from './send-file.js';

export interface FilePlacerOptions {
  placed: Pick<PlacedFiles, 'find' | 'keep' | 'forget' | 'claim'>;
  store: Pick<MediaStore, 'get'>;
  clock: Clock;
  /** The files of one request together, also where another sends them. */
  mostMs?: number;
}

/** An account that is to name files. */
export interface Placing<Credential> {
  files: UpstreamFiles<Credential>;
  lease: Pick<Lease, 'credentialId' | 'quotaGroup'>;
  context: AccountContext<Credential>;
}

export interface Placed {
  /** By the files' ids. */
  uris: ReadonlyMap<string, string>;
  /** What lay there before, as far as we remember: the upstream may know better. */
  remembered: readonly NamedFile[];
}

const HOUR_MS = 60 * 60_000;
/** While another sends the file. */
const LOOK_AGAIN_MS = 250;

/** Brings the files that a request names to the upstream: once for each project, whoever asks. */
export class FilePlacer {
  constructor(private readonly options: FilePlacerOptions) {}

  /** Throws before anything is paid. It is as long as the files are, whatever the request's deadline to begin is. */
  async place<Credential>(named: readonly NamedFile[], placing: Placing<Credential>): Promise<Placed> {
    const { clock, mostMs = HOUR_MS } = this.options;
    const late = new AbortController();
    const stop = clock.after(mostMs, () => late.abort(tookTooLong()));
    const { context } = placing;
    const signal = AbortSignal.any([context.signal, late.signal]);
    try {
      return await this.placeAll(named, { ...placing, context: { ...context, signal } });
    } finally {
      stop();
    }
  }

  private async placeAll<Credential>(named: readonly NamedFile[], placing: Placing<Credential>): Promise<Placed> {
    const uris = new Map<string, string>();
    const remembered: NamedFile[] = [];
    for (const file of named) {
      const known = await this.find(file, placing);
      if (known !== undefined) remembered.push(file);
      uris.set(file.id, known ?? (await this.bring(file, placing)));
    }
    return { uris, remembered };
  }

  /** They are not there, whatever we remember. */
  async forget<Credential>({ uris, remembered }: Placed, placing: Placing<Credential>): Promise<void> {
    const project = projectOf(placing.lease);
    for (const file of remembered) await this.options.placed.forget({ project, file }, uris.get(file.id) ?? '');
  }

  private find<Credential>(file: NamedFile, { lease }: Placing<Credential>): Promise<string | undefined> {
    return this.options.placed.find({ project: projectOf(lease), file });
  }

  /** By us, or by whoever does already. */
  private async bring<Credential>(file: NamedFile, placing: Placing<Credential>): Promise<string> {
    const { placed, clock } = this.options;
    const { signal } = placing.context;
    const placement = { project: projectOf(placing.lease), file };
    for (;;) {
      signal.throwIfAborted();
      const claim = await placed.claim(placement);
      try {
        // Another may have been done with it just before.
        const uri = await this.find(file, placing);
        if (uri !== undefined) return uri;
        if (claim) {
          const sent = await this.send(file, placing);
          await placed.keep(placement, sent);
          return sent.uri;
        }
      } finally {
        await claim?.end();
      }
      await pause(clock, LOOK_AGAIN_MS, signal);
    }
  }

  private async send<Credential>({ media, param }: NamedFile, { files, context }: Placing<Credential>) {
    try {
      return await sendFile({ files, media, store: this.options.store, context });
    } catch (thrown) {
      // Who ended it tells what was seen: an upload that was cut short says nothing of the paid call.
      if (context.signal.aborted && context.signal.reason instanceof GatewayError) throw context.signal.reason;
      if (context.signal.aborted || !(thrown instanceof GatewayError)) throw thrown;
      throw uploadFailure(thrown, param);
    }
  }
}

/** Where a file lies already it need not be brought: its requests stay with one account as long as that one can be used. */
export function stickyByFile(input: GenerationInput | DurableInput): { sticky: string } | undefined {
  if (input.kind !== 'chat' || input.files === undefined) return undefined;
  const [file] = input.files;
  return file && { sticky: `file:${file.sha256}` };
}

/** Accounts of one group are of one project. */
function projectOf({ credentialId, quotaGroup }: Placing<unknown>['lease']): string {
  return quotaGroup === undefined ? credentialId : `group:${quotaGroup}`;
}

/** Nothing was asked of a model yet: whoever else could may try. */
function uploadFailure({ code, message, data }: GatewayError, param: string | undefined): GatewayError {
  const { code: _, message: __, ...told } = data;
  const isOurs = code === 'not_found' && data.upstreamStatus === undefined;
  const isOfRequest = isOurs || code === 'invalid_request' || code === 'too_large';
  // What is not found at the upstream is the way there; a time-out of ours is nobody's who waited for an answer.
  const meant = isOfRequest ? code : (TRIED_AGAIN.get(code) ?? code);
  return new GatewayError(meant, `The file could not be given to the upstream: ${message}`, {
    ...told,
    saw: 'nothing',
    ...(isOfRequest && param !== undefined && { param }),
  });
}

function tookTooLong(): GatewayError {
  return new GatewayError('upstream_timeout', 'The files of the request were not at the upstream in time.', {
    saw: 'nothing',
  });
}

const TRIED_AGAIN = new Map<GatewayError['code'], GatewayError['code']>([
  ['not_found', 'upstream_error'],
  ['upstream_timeout', 'upstream_interrupted'],
  ['upstream_model_missing', 'upstream_error'],
]);
