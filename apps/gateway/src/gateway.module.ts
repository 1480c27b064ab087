import { type DynamicModule, Module } from '@nestjs/common';
import { APP_FILTER } from '@nestjs/core';
import { TerminusModule } from '@nestjs/terminus';
import { ApiKeyAdmin } from '@sluice/domain-accounts/api-key-admin';
import { MediaIntake } from '@sluice/domain-assets/media-intake';
import { PoolSettingsAdmin } from '@sluice/domain-credentials/pool-settings-admin';
import { DurableGenerations } from '@sluice/domain-generations/durable-generations';
import { FailureLog } from '@sluice/domain-generations/failure-log';
import { GenerationReader } from '@sluice/domain-generations/generation-reader';
import { LiveReader } from '@sluice/domain-generations/live-reader';
import { RouteRepository } from '@sluice/domain-routing/route-repository';
import { RouteResolver } from '@sluice/domain-routing/route-resolver';
import { auditAdminApi } from './admin/audit-admin-api.js';
import { AuditInterceptor } from './admin/audit.interceptor.js';
import { CredentialsController } from './admin/credentials.controller.js';
import { CredentialsService } from './admin/credentials.service.js';
import { GenerationLogController } from './admin/generation-log.controller.js';
import { GenerationLogService } from './admin/generation-log.service.js';
import { KeysController } from './admin/keys.controller.js';
import { OperationsController } from './admin/operations.controller.js';
import { OperationsService } from './admin/operations.service.js';
import { PoolSettingsController } from './admin/pool-settings.controller.js';
import { StudioUsersController } from './admin/studio-users.controller.js';
import { FailuresController } from './admin/failures.controller.js';
import { StuckGenerationsController } from './admin/stuck-generations.controller.js';
import { StuckGenerations } from './admin/stuck-generations.service.js';
import { WaitingGenerationController } from './admin/waiting-generation.controller.js';
import { WaitingGenerations } from './admin/waiting-generation.service.js';
import { RoutesController } from './admin/routes.controller.js';
import { AnthropicController } from './anthropic/anthropic.controller.js';
import { GeminiFilesController } from './gemini/gemini-files.controller.js';
import { GeminiController } from './gemini/gemini.controller.js';
import { GoogleFiles } from './gemini/google-files.service.js';
import { GeneratedFiles } from './gemini/generated-files.service.js';
import { GeminiOperationsController } from './gemini/operations.controller.js';
import { VideoOperations } from './gemini/video-operations.service.js';
import type { GatewayServices } from './gateway-services.js';
import { AnswerService } from './generations/answer.service.js';
import { DurablePipeline } from './generations/durable-pipeline.service.js';
import { GenerationViews } from './generations/generation-views.js';
import { GenerationPipeline } from './generations/generation-pipeline.service.js';
import { GenerationsController } from './generations/generations.controller.js';
import { HealthController } from './health/health.controller.js';
import { MetricsController } from './health/metrics.controller.js';
import { Readiness } from './health/readiness.js';
import { CharacterReplies } from './characters/character-replies.service.js';
import { CharactersController } from './characters/characters.controller.js';
import { CharactersService } from './characters/characters.service.js';
import { OfficialCharactersController } from './characters/official-characters.controller.js';
import { ConversationsService } from './conversations/conversations.service.js';
import { SessionsController } from './conversations/sessions.controller.js';
import { SettingsController } from './settings/settings.controller.js';
import { Settings } from '@sluice/domain-settings/settings';
import { ErrorFilter } from './http/error.filter.js';
import { BatchesController } from './batches/batches.controller.js';
import { BatchesService } from './batches/batches.service.js';
import { FilesController } from './files/files.controller.js';
import { FilesService } from './files/files.service.js';
import { ParkingController } from './files/parking.controller.js';
import { ImageReplies } from './images/image-replies.service.js';
import { ImagesController } from './images/images.controller.js';
import { ImagesService } from './images/images.service.js';
import { MediaController } from './media/media.controller.js';
import { MediaLinks } from './media/media-links.js';
import { OpenapiController } from './openapi/openapi.controller.js';
import { AudioController } from './openai/audio.controller.js';
import { OpenaiController } from './openai/openai.controller.js';
import { UnofferedController } from './openai/unoffered.controller.js';
import { ResponsesController } from './responses/responses.controller.js';
import { ResponsesService } from './responses/responses.service.js';
import { RootController } from './root.controller.js';
import { SoraClientsController } from './sora-clients/sora-clients.controller.js';
import { StudioAccounts } from '@sluice/domain-studio/studio-accounts';
import { StudioUserAdmin } from '@sluice/domain-studio/studio-user-admin';
import { AccountRemoval } from './studio/account-removal.js';
import { StudioAccountsController } from './studio/studio-accounts.controller.js';
import { StudioReplies } from './studio/studio-replies.service.js';
import { StudioVideosController } from './studio/studio-videos.controller.js';
import { StudioVideos } from './studio/studio-videos.service.js';
import { VideoReplies } from './videos/video-replies.service.js';
import { VideosController } from './videos/videos.controller.js';
import { VideosService } from './videos/videos.service.js';
import { WebhookEndpoints } from '@sluice/domain-webhooks/webhook-endpoints';
import { WebhookHistory } from '@sluice/domain-webhooks/webhook-history';
import { WebhookAdminController } from './webhooks/webhook-admin.controller.js';
import { WebhooksController } from './webhooks/webhooks.controller.js';

/** The HTTP surface. What stands behind it is built before, by plain functions, and handed in. */
@Module({})
export class GatewayModule {
  static with(services: GatewayServices): DynamicModule {
    const controllers = [
      OpenaiController,
      AudioController,
      UnofferedController,
      ResponsesController,
      AnthropicController,
      GeminiController,
      GeminiOperationsController,
      GeminiFilesController,
      ImagesController,
      CharactersController,
      OfficialCharactersController,
      VideosController,
      WebhooksController,
      WebhookAdminController,
      FilesController,
      BatchesController,
      ParkingController,
      SoraClientsController,
      StudioAccountsController,
      StudioVideosController,
      MediaController,
      GenerationsController,
      CredentialsController,
      KeysController,
      OperationsController,
      PoolSettingsController,
      GenerationLogController,
      FailuresController,
      StuckGenerationsController,
      WaitingGenerationController,
      StudioUsersController,
      RoutesController,
      SettingsController,
      SessionsController,
      HealthController,
      MetricsController,
      OpenapiController,
      RootController,
    ];
    auditAdminApi(controllers, new AuditInterceptor(services.audit, services.logger));
    return {
      module: GatewayModule,
      imports: [TerminusModule.forRoot({ logger: false, errorLogStyle: 'json' })],
      controllers,
      providers: [
        { provide: AnswerService, useValue: services.answers },
        { provide: GenerationPipeline, useValue: services.pipeline },
        { provide: GenerationViews, useValue: services.views },
        { provide: GenerationLogService, useValue: services.log },
        { provide: PoolSettingsAdmin, useValue: services.poolSettings },
        { provide: WaitingGenerations, useValue: services.waiting },
        { provide: StuckGenerations, useValue: new StuckGenerations(services.durable.operators) },
        { provide: DurablePipeline, useValue: services.durable.pipeline },
        { provide: DurableGenerations, useValue: services.durable.generations },
        { provide: Settings, useValue: services.settings },
        { provide: ConversationsService, useValue: services.conversations.service },
        { provide: ResponsesService, useValue: services.responses },
        { provide: MediaIntake, useValue: services.media.intake },
        { provide: MediaLinks, useValue: services.media.links },
        { provide: MediaController.store, useValue: services.media.store },
        { provide: FilesService, useValue: services.files.service },
        { provide: BatchesService, useValue: services.batches.service },
        { provide: ParkingController.lifeMs, useValue: services.files.parkingMs },
        { provide: ImagesService, useValue: services.images.service },
        { provide: ImageReplies, useValue: services.images.replies },
        { provide: VideoOperations, useValue: services.gemini.operations },
        { provide: GoogleFiles, useValue: services.gemini.files },
        { provide: GeneratedFiles, useValue: services.gemini.generated },
        { provide: CharactersService, useValue: services.characters.service },
        { provide: CharacterReplies, useValue: services.characters.replies },
        { provide: VideosService, useValue: services.videos.service },
        { provide: StudioAccounts, useValue: services.studio.accounts },
        { provide: StudioUserAdmin, useValue: services.studio.administration },
        { provide: AccountRemoval, useValue: services.studio.removal },
        { provide: StudioVideos, useValue: services.studio.videos },
        { provide: StudioReplies, useValue: services.studio.replies },
        { provide: VideoReplies, useValue: services.videos.replies },
        { provide: WebhookEndpoints, useValue: services.webhooks.endpoints },
        { provide: WebhookHistory, useValue: services.webhooks.history },
        { provide: GenerationReader, useValue: services.generations },
        { provide: FailureLog, useValue: services.failures },
        { provide: LiveReader, useValue: services.reader },
        { provide: RouteResolver, useValue: services.resolver },
        { provide: RouteRepository, useValue: services.routes },
        { provide: CredentialsService, useValue: services.credentials },
        { provide: OperationsService, useValue: services.operations },
        { provide: ApiKeyAdmin, useValue: services.keys },
        { provide: Readiness, useValue: services.readiness },
        { provide: MetricsController.metrics, useValue: services.metrics },
        { provide: APP_FILTER, useValue: new ErrorFilter(services.logger) },
      ],
    };
  }
}
