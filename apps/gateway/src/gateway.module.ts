import { type DynamicModule, Module } from '@nestjs/common';
import { APP_FILTER, APP_INTERCEPTOR } from '@nestjs/core';
import { TerminusModule } from '@nestjs/terminus';
import { ApiKeyAdmin } from '@sluice/domain-accounts/api-key-admin';
import { GenerationReader } from '@sluice/domain-generations/generation-reader';
import { LiveReader } from '@sluice/domain-generations/live-reader';
import { RouteRepository } from '@sluice/domain-routing/route-repository';
import { RouteResolver } from '@sluice/domain-routing/route-resolver';
import { AuditInterceptor } from './admin/audit.interceptor.js';
import { CredentialsController } from './admin/credentials.controller.js';
import { CredentialsService } from './admin/credentials.service.js';
import { KeysController } from './admin/keys.controller.js';
import { OperationsController } from './admin/operations.controller.js';
import { OperationsService } from './admin/operations.service.js';
import { RoutesController } from './admin/routes.controller.js';
import { AnthropicController } from './anthropic/anthropic.controller.js';
import type { GatewayServices } from './gateway-services.js';
import { AnswerService } from './generations/answer.service.js';
import { GenerationPipeline } from './generations/generation-pipeline.service.js';
import { GenerationsController } from './generations/generations.controller.js';
import { HealthController } from './health/health.controller.js';
import { MetricsController } from './health/metrics.controller.js';
import { Readiness } from './health/readiness.js';
import { ErrorFilter } from './http/error.filter.js';
import { OpenapiController } from './openapi/openapi.controller.js';
import { OpenaiController } from './openai/openai.controller.js';
import { RootController } from './root.controller.js';

/** The HTTP surface. What stands behind it is built before, by plain functions, and handed in. */
@Module({})
export class GatewayModule {
  static with(services: GatewayServices): DynamicModule {
    return {
      module: GatewayModule,
      imports: [TerminusModule.forRoot({ logger: false, errorLogStyle: 'json' })],
      controllers: [
        OpenaiController,
        AnthropicController,
        GenerationsController,
        CredentialsController,
        KeysController,
        OperationsController,
        RoutesController,
        HealthController,
        MetricsController,
        OpenapiController,
        RootController,
      ],
      providers: [
        { provide: AnswerService, useValue: services.answers },
        { provide: GenerationPipeline, useValue: services.pipeline },
        { provide: GenerationReader, useValue: services.generations },
        { provide: LiveReader, useValue: services.reader },
        { provide: RouteResolver, useValue: services.resolver },
        { provide: RouteRepository, useValue: services.routes },
        { provide: CredentialsService, useValue: services.credentials },
        { provide: OperationsService, useValue: services.operations },
        { provide: ApiKeyAdmin, useValue: services.keys },
        { provide: Readiness, useValue: services.readiness },
        { provide: MetricsController.metrics, useValue: services.metrics },
        { provide: APP_INTERCEPTOR, useValue: new AuditInterceptor(services.audit, services.logger) },
        { provide: APP_FILTER, useValue: new ErrorFilter(services.logger) },
      ],
    };
  }
}
