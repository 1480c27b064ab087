import { isImage } from '@sluice/contracts/durable-generation';
import { GatewayError } from '@sluice/contracts/gateway-error';
import type { StoredMedia } from '@sluice/contracts/stored-media';
import type { MediaIntake } from '@sluice/domain-assets/media-intake';
import type { RouteResolver } from '@sluice/domain-routing/route-resolver';
import type { Settings } from '@sluice/domain-settings/settings';
import {
  type AnswerWish,
  type DecodedRequest,
  decodeRequest,
  type ImageOperation,
  NATIVE_UPSTREAM,
} from '@sluice/wire-openai-images/decode-request';
import type { Image } from '@sluice/wire-openai-images/encode-response';
import { PICTURE_FIELDS, STRUCTURED_FIELDS } from '@sluice/wire-openai-images/schema';
import type { FastifyRequest } from 'fastify';
import type { OwnedFiles } from '../files/owned-files.js';
import type { DurableAnswer, DurablePipeline } from '../generations/durable-pipeline.service.js';
import { callContextOf } from '../http/call-context.js';
import { type ClaimRules, claimOf } from '../idempotency/idempotency-claim.js';
import { readMediaBody } from '../media/read-media-body.js';
import { takePictures, whileConnected } from '../media/take-pictures.js';
import { toImageCall } from './to-image-call.js';

export interface ImagesServiceOptions {
  pipeline: DurablePipeline;
  intake: MediaIntake;
  files: Pick<OwnedFiles, 'isName' | 'open'>;
  resolver: Pick<RouteResolver, 'resolve'>;
  settings: Pick<Settings, 'get'>;
  claimRules(): ClaimRules;
}

/** Pictures that are on their way, whoever leaves or dies. */
export interface AdmittedImage {
  image: Image;
  operation: ImageOperation;
  answer: AnswerWish;
  /** The same call came before. */
  isReplayed: boolean;
  /** The same call that comes again finds this one. */
  isNamed: boolean;
  /** Fields that nobody who may make them will read. */
  ignored: readonly string[];
}

const FIELDS = { pictures: PICTURE_FIELDS, structured: STRUCTURED_FIELDS };

/** Admits calls for pictures. */
export class ImagesService {
  constructor(private readonly options: ImagesServiceOptions) {}

  /** Everything that can be wrong with a call is found before it is committed, and leaves nothing behind. */
  async create(request: FastifyRequest, operation: ImageOperation): Promise<AdmittedImage> {
    const { intake, pipeline, claimRules } = this.options;
    const { body, uploads } = await readMediaBody(request, { intake, ...FIELDS });
    const files = [...uploads];
    let decoded: DecodedRequest;
    let submitted: DurableAnswer;
    let isNamed: boolean;
    try {
      decoded = decodeRequest(body, operation);
      const { call, fingerprinted } = await this.prepare(request, { decoded, operation, files });
      const idempotency = claimOf(request, fingerprinted, claimRules());
      isNamed = idempotency !== undefined;
      submitted = await pipeline.submit({ ...call, idempotency }, callContextOf(request));
    } catch (error) {
      if (!isUnclear(error)) await intake.discard(files);
      throw error;
    }
    const { generation: image, isReplayed } = submitted;
    if (isReplayed) await intake.discard(files);
    if (!isImage(image)) throw new GatewayError('internal', 'A picture became something else.');
    const { answer } = decoded;
    return { image, operation, answer, isReplayed, isNamed, ignored: this.ignoredOf(decoded, image) };
  }

  /** `files` grows by what is copied on the way. */
  private async prepare(
    request: FastifyRequest,
    call: { decoded: DecodedRequest; operation: ImageOperation; files: StoredMedia[] },
  ) {
    const { decoded, operation, files } = call;
    const { pictures: named, mask } = decoded;
    const model = this.modelOf(decoded);
    const { intake, files: owned } = this.options;
    const { keyId: ownerKeyId } = callContextOf(request);
    const taken = await whileConnected(request, (signal) =>
      takePictures([...named, ...(mask ? [mask] : [])], { intake, files: owned, ownerKeyId, signal }),
    );
    files.push(...taken.copies);
    const pictures = taken.pictures.slice(0, named.length);
    return toImageCall({ operation, decoded, model, pictures, mask: taken.pictures[named.length] });
  }

  private modelOf({ request }: DecodedRequest): string {
    const model = request.model ?? this.options.settings.get('IMAGE_MODEL');
    if (model !== null) return model;
    const text = "Missing required parameter: 'model'. (The operator can name one for calls without, in IMAGE_MODEL.)";
    throw new GatewayError('invalid_request', text, { param: 'model', reason: 'missing_required_parameter' });
  }

  /** Fields of one dialect's own are kept for the upstream that speaks it. */
  private ignoredOf({ ignored }: DecodedRequest, { input }: Image): readonly string[] {
    if (ignored.length === 0) return ignored;
    const { model, providerOptions = {} } = input.request;
    const targets = this.options.resolver.resolve(model, 'image');
    if (!targets.every(({ upstream }) => upstream === NATIVE_UPSTREAM)) return ignored;
    const carried = providerOptions[NATIVE_UPSTREAM] ?? {};
    return ignored.filter((name) => !Object.hasOwn(carried, name));
  }
}

/** A failure of ours or of a store: the row may have been written all the same, and its files be needed. */
function isUnclear(error: unknown): boolean {
  return !(error instanceof GatewayError) || error.code === 'internal' || error.code === 'unavailable';
}
