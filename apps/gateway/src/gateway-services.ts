import { randomUUID } from 'node:crypto';
import type { Clock } from '@sluice/contracts/clock';
import { createAdminTokenCheck } from '@sluice/domain-accounts/admin-token';
import { ApiKeyAdmin } from '@sluice/domain-accounts/api-key-admin';
import { ApiKeyAuthenticator } from '@sluice/domain-accounts/api-key-authenticator';
import { ApiKeyRepository } from '@sluice/domain-accounts/api-key-repository';
import { AuditLog } from '@sluice/domain-accounts/audit-log';
import { CredentialEvents } from '@sluice/domain-credentials/credential-events';
import type { TakeRest } from '@sluice/domain-credentials/credential-import';
import { createCredentialAdmin } from '@sluice/domain-credentials/create-credential-admin';
import { Eligibility } from '@sluice/domain-credentials/eligibility';
import { LeaseStore } from '@sluice/domain-credentials/lease-store';
import { countLeases } from '@sluice/domain-credentials/count-leases';
import type { PoolSettingsAdmin } from '@sluice/domain-credentials/pool-settings-admin';
import { openVault } from '@sluice/domain-credentials/open-vault';
import type { Vault } from '@sluice/domain-credentials/vault';
import { WayHealth } from '@sluice/domain-credentials/way-health';
import { createGenerationReader } from '@sluice/domain-generations/create-generation-reader';
import { createGenerationWriter } from '@sluice/domain-generations/create-generation-writer';
import { FailureLog } from '@sluice/domain-generations/failure-log';
import type { GenerationReader } from '@sluice/domain-generations/generation-reader';
import { InputStore } from '@sluice/domain-generations/input-store';
import { liveNames } from '@sluice/domain-generations/live-channel';
import { LiveReader } from '@sluice/domain-generations/live-reader';
import { RouteRepository } from '@sluice/domain-routing/route-repository';
import { ModelOffer } from '@sluice/domain-routing/model-offer';
import { RouteResolver } from '@sluice/domain-routing/route-resolver';
import type { Settings } from '@sluice/domain-settings/settings';
import { UPSTREAMS } from '@sluice/manifests/upstreams';
import type { Logger } from '@sluice/platform-logger/logger';
import { isPostgresReady } from '@sluice/platform-postgres/postgres-ready';
import { createProducer, type Producer } from '@sluice/platform-queue/create-producer';
import type { Metrics } from '@sluice/platform-telemetry/metrics';
import { CredentialCalls } from './admin/credential-calls.js';
import { CredentialsService } from './admin/credentials.service.js';
import { OperationsService } from './admin/operations.service.js';
import type { ImportOptions } from './admin/register-import.js';
import { createGenerationLog } from './admin/create-generation-log.js';
import type { GenerationLogService } from './admin/generation-log.service.js';
import { WaitingGenerations } from './admin/waiting-generation.service.js';
import { createTakeRest } from './admin/take-import-rest.js';
import type { GatewayConfig } from './gateway-environment.js';
import type { GatewayStores } from './gateway-stores.js';
import { AnswerService } from './generations/answer.service.js';
import { inTurn } from './generations/around-call.js';
import { createDurable, type Durable } from './generations/create-durable.js';
import { GenerationViews } from './generations/generation-views.js';
import type { IdempotencyOptions } from './idempotency/register-idempotency.js';
import { GenerationPipeline } from './generations/generation-pipeline.service.js';
import { Readiness } from './health/readiness.js';
import { createCharacters, type Characters } from './characters/create-characters.js';
import { createConversations, type Conversations } from './conversations/create-conversations.js';
import { PathRewriter } from './extra-routes/path-rewriter.js';
import { createChatOptions } from './settings/chat-options.js';
import { readThinking } from './settings/read-thinking.js';
import { createSettings } from './settings/create-settings.js';
import { createTiming } from './settings/create-timing.js';
import { createResponses } from './responses/create-responses.js';
import type { ResponsesService } from './responses/responses.service.js';
import { createBatches, type Batches } from './batches/create-batches.js';
import { createFiles, type Files } from './files/create-files.js';
import { PictureLinks } from './files/picture-links.service.js';
import { createGemini, type Gemini } from './gemini/create-gemini.js';
import { createImages, type Images } from './images/create-images.js';
import { createMedia, type Media } from './media/create-media.js';
import { createMediaChat } from './media-chat/create-media-chat.js';
import { enhancePrompts } from './sora-clients/enhance-prompts.js';
import { startUpkeep } from './start-upkeep.js';
import { createStudio, type Studio } from './studio/create-studio.js';
import { createVideos, type Videos } from './videos/create-videos.js';
import { UpstreamRemoval, type UpstreamRemovalOptions } from './videos/upstream-removal.js';
import { createWebhooks, type Webhooks } from './webhooks/create-webhooks.js';
import type { AuthenticationOptions } from './http/register-authentication.js';

/** What stands behind the controllers. */
export interface GatewayServices {
  logger: Logger;
  metrics: Metrics;
  authentication: AuthenticationOptions;
  answers: AnswerService;
  pipeline: GenerationPipeline;
  durable: Durable;
  views: GenerationViews;
  idempotency: IdempotencyOptions;
  media: Media;
  files: Files;
  batches: Batches;
  gemini: Gemini;
  images: Images;
  videos: Videos;
  characters: Characters;
  webhooks: Webhooks;
  studio: Studio;
  generations: GenerationReader;
  failures: FailureLog;
  responses: ResponsesService;
  settings: Settings;
  conversations: Conversations;
  paths: PathRewriter;
  reader: LiveReader;
  resolver: RouteResolver;
  routes: RouteRepository;
  credentials: CredentialsService;
  operations: OperationsService;
  waiting: WaitingGenerations;
  log: GenerationLogService;
  poolSettings: PoolSettingsAdmin;
  imports: ImportOptions;
  audit: AuditLog;
  keys: ApiKeyAdmin;
  readiness: Readiness;
  close(): Promise<void>;
}

const PREFIX = 'sluice';
const NAMES = liveNames(PREFIX);
/** Why a credential was excluded is asked within days. */
const EVENTS_KEPT_MS = 30 * 24 * 60 * 60_000;
const PEPPER_PURPOSE = 'api-key-pepper';

export async function createGatewayServices(options: {
  config: GatewayConfig;
  stores: GatewayStores;
  logger: Logger;
  clock: Clock;
}): Promise<GatewayServices> {
  const { config, stores, logger, clock } = options;
  const { postgres, listener, redis, subscriber, metrics } = stores;
  const onError = (error: unknown) => logger.warn({ err: error }, 'background work failed');
  const vault = await openVault({ masterKey: config.SLUICE_MASTER_KEY, postgres });
  const accounts = await openAccounts({ config, stores, clock, pepper: vault.derive(PEPPER_PURPOSE), onError });
  const routes = new RouteRepository(postgres);
  const settings = await createSettings({ postgres, listener, logger, clock });
  const offer = new ModelOffer(settings);
  const resolver = new RouteResolver({ repository: routes, listener, demo: config.SLUICE_DEMO, logger, offer });
  const producer = createProducer({ redis, metrics });
  const rows = createGenerationWriter({ postgres, metrics, logger, clock });
  const generations = createGenerationReader({ postgres, clock });
  const replicaId = randomUUID();
  const reader = new LiveReader({
    redis,
    subscriber,
    names: NAMES,
    replicaId,
    clock,
    loadFinished: (id) => generations.loadFinished(id),
    isAlive: (id) => isQueued(producer, id),
    onError,
  });
  await Promise.all([resolver.start(), reader.start()]);
  const events = new CredentialEvents(postgres, clock);
  const retentionDays = config.SLUICE_RESPONSES_RETENTION_DAYS;
  const media = createMedia({ config, stores, vault, settings, clock, onError });
  const files = createFiles({ config, postgres, media, clock, onError });
  const chatOptions = createChatOptions({ offer, resolver });
  const conversations = createConversations({
    postgres,
    redis,
    prefix: PREFIX,
    settings,
    resolver,
    beforehand: inTurn(inTurn(chatOptions, readThinking), enhancePrompts),
    afterwards: inTurn(files.around, new PictureLinks({ ...media, resolver }).around),
    clock,
    onError,
  });
  const claimRules = () => ({ allRetries: config.SLUICE_DEDUPE_SDK_RETRIES });
  const webhooks = createWebhooks({ stores, vault, settings, clock, onError });
  const { admit: admitWebhook } = webhooks;
  const durable = createDurable({
    stores,
    producer,
    resolver,
    names: NAMES,
    admitWebhook,
    soraNamesBind: () => settings.get('SORA_NAMES_BIND'),
    settings,
    clock,
    onError,
  });
  const responses = createResponses({
    postgres,
    generations,
    live: reader,
    durable,
    conversations,
    claimRules,
    retentionDays,
    clock,
    onError,
  });
  const purge = (keptMs: number) =>
    Promise.all([
      events.purge(EVENTS_KEPT_MS),
      responses.purge(),
      conversations.purge(),
      webhooks.purge(),
      durable.generations.purge(keptMs),
    ]);
  const stopUpkeep = startUpkeep({ postgres, clock, retentionDays: config.SLUICE_RETENTION_DAYS, purge, onError });
  const studio = createStudio({ config, postgres, vault, settings, durable, media, claimRules, clock, onError });
  const making = { durable, media, files: files.owned, resolver, claimRules };
  const gemini = createGemini({ durable, media, files, vault, clock, claimRules });
  const mediaChat = createMediaChat({ ...making, config, settings, beforehand: chatOptions, clock });
  const timing = createTiming({ config, settings, clock });
  const images = createImages({ ...making, config, settings, timing });
  const batches = createBatches({ config, stores, prefix: PREFIX, durable, admitWebhook, clock, onError });
  const inputs = new InputStore(stores.media);
  const pipeline = new GenerationPipeline({
    resolver,
    producer,
    reader,
    rows,
    inputs,
    redis,
    names: NAMES,
    replicaId,
    clock,
    onError,
  });
  const administration = await openAdministration({
    config,
    stores,
    vault,
    producer,
    durable,
    settings,
    replicaId,
    resolver,
    takeRest: createTakeRest({ keys: accounts.keys, settings }),
    clock,
    logger,
    onError,
  });
  const { calls } = administration;
  const onLeft: UpstreamRemovalOptions['onLeft'] = (videoId, { credentialId, code, message }) =>
    logger.warn({ videoId, credentialId, code, reason: message }, 'a deleted video stays at its upstream');
  const isNeeded: UpstreamRemovalOptions['isNeeded'] = (video) => durable.generations.isNeeded(video);
  const removal = new UpstreamRemoval({ calls, clock, onLeft, isNeeded });
  const videos = createVideos({ ...making, removal });
  const { bulk } = administration;
  const characters = createCharacters({ ...making, config, calls, bulk, clock });
  return {
    logger,
    metrics,
    authentication: {
      authenticate: (presented) => accounts.authenticator.authenticate(presented),
      isAdminToken: accounts.isAdminToken,
      findPass: batches.findPass,
    },
    answers: new AnswerService(pipeline, timing, onError, conversations.around, mediaChat),
    pipeline,
    durable,
    views: new GenerationViews({
      durable: durable.generations,
      places: durable.places,
      interactive: generations,
      live: reader,
      pipeline,
    }),
    idempotency: {
      store: durable.idempotency,
      rules: claimRules,
      claimsItself: (request) => mediaChat.claims(request),
      clock,
      onError,
    },
    media,
    files,
    batches,
    gemini,
    webhooks,
    images,
    videos,
    characters,
    studio,
    generations,
    failures: new FailureLog({ postgres, clock }),
    responses: responses.service,
    settings,
    conversations,
    paths: new PathRewriter(settings),
    reader,
    resolver,
    routes,
    ...administration,
    keys: accounts.keys,
    readiness: new Readiness({
      isPostgresReady: () => isPostgresReady(postgres),
      isRedisReady: () =>
        redis.ping().then(
          () => true,
          () => false,
        ),
    }),
    async close() {
      stopUpkeep();
      await batches.close();
      studio.close();
      reader.stop();
      durable.reader.stop();
      resolver.close();
      settings.close();
      await accounts.authenticator.close();
      await rows.drain();
      await producer.close();
      files.close();
      await webhooks.close();
      await media.close();
    },
  };
}

async function openAdministration(options: {
  config: GatewayConfig;
  stores: GatewayStores;
  vault: Vault;
  producer: Producer;
  durable: Durable;
  settings: Settings;
  replicaId: string;
  resolver: RouteResolver;
  takeRest: TakeRest;
  clock: Clock;
  logger: Logger;
  onError(error: unknown): void;
}) {
  const { config, stores, vault, producer, durable, settings, replicaId, resolver, takeRest } = options;
  const { clock, logger, onError } = options;
  const { postgres, redis, subscriber } = stores;
  const leases = new LeaseStore({ redis, prefix: PREFIX, leaseMs: config.CREDENTIAL_LEASE_MS });
  const domain = createCredentialAdmin({
    postgres,
    vault,
    leases,
    countInUse: () => countLeases(redis, PREFIX),
    clock,
    logger,
  });
  const audit = new AuditLog(postgres);
  const calls = new CredentialCalls({ bulk: domain.bulk, producer, subscriber, replicaId, clock, onError });
  await calls.start();
  const onModelsChanged = () => resolver.refresh();
  return {
    audit,
    calls,
    credentials: new CredentialsService({ domain, calls, audit, onModelsChanged }),
    operations: new OperationsService({
      statistics: domain.statistics,
      auditLog: audit,
      vault,
      ways: new WayHealth({ redis, prefix: PREFIX }),
      clock,
    }),
    poolSettings: domain.poolSettings,
    log: createGenerationLog({ stores, settings, durable }),
    waiting: new WaitingGenerations({
      ...durable,
      eligibility: new Eligibility({ search: domain.search, redis, prefix: PREFIX, clock }),
    }),
    bulk: domain.bulk,
    imports: { imports: domain.imports, audit, takeRest, onImported: onModelsChanged },
  };
}

async function openAccounts(options: {
  config: GatewayConfig;
  stores: GatewayStores;
  clock: Clock;
  pepper: Buffer;
  onError(error: unknown): void;
}) {
  const { config, stores, clock, pepper, onError } = options;
  const repository = new ApiKeyRepository(stores.postgres);
  const keys = new ApiKeyAdmin({ repository, pepper, clock });
  if (config.SLUICE_API_KEY) await keys.ensure(config.SLUICE_API_KEY.reveal(), 'bootstrap');
  const authenticator = new ApiKeyAuthenticator({ repository, listener: stores.listener, pepper, clock, onError });
  const isAdminToken = config.SLUICE_ADMIN_TOKEN
    ? createAdminTokenCheck(config.SLUICE_ADMIN_TOKEN.reveal())
    : () => false;
  return { keys, authenticator, isAdminToken };
}

async function isQueued(producer: Producer, generationId: string): Promise<boolean> {
  const found = await Promise.all(
    UPSTREAMS.map(({ id }) => producer.has({ name: 'run-generation', upstream: id, jobId: generationId })),
  );
  return found.includes(true);
}
