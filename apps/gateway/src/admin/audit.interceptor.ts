import { type CallHandler, type ExecutionContext, Injectable, type NestInterceptor } from '@nestjs/common';
import type { AuditEntry, AuditLog } from '@sluice/domain-accounts/audit-log';
import type { Logger } from '@sluice/platform-logger/logger';
import type { FastifyRequest } from 'fastify';
import { concatMap, from, map, type Observable } from 'rxjs';

/** Notes every change that comes in over the admin API, whatever controller makes it. */
@Injectable()
export class AuditInterceptor implements NestInterceptor {
  constructor(
    private readonly audit: AuditLog,
    private readonly logger: Logger,
  ) {}

  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    const request = context.switchToHttp().getRequest<FastifyRequest>();
    if (request.method === 'GET' || !request.url.startsWith('/admin/api/')) return next.handle();
    const action = `${context
      .getClass()
      .name.replace(/Controller$/, '')
      .toLowerCase()}.${context.getHandler().name}`;
    return next
      .handle()
      .pipe(
        concatMap((answer: unknown) =>
          from(this.record({ ...describe(request, answer), action })).pipe(map(() => answer)),
        ),
      );
  }

  /** The change has been made: that it could not be noted is our trouble, not the caller's. */
  private async record(entry: AuditEntry): Promise<void> {
    try {
      await this.audit.record(entry);
    } catch (error) {
      this.logger.error(
        { err: error, action: entry.action, subject: entry.subject },
        'an admin change could not be noted',
      );
    }
  }
}

/** Names of fields, never what was in them. */
function describe(request: FastifyRequest, answer: unknown): Omit<AuditEntry, 'action'> {
  const subject = Object.values(paramsOf(request))[0] ?? idOf(answer) ?? '*';
  const { body } = request;
  const fields = typeof body === 'object' && body !== null && !Array.isArray(body) ? Object.keys(body) : [];
  return {
    actor: 'admin token',
    subject,
    detail: { fields: fields.slice(0, 50).map((name) => name.slice(0, 100)), ip: request.ip },
  };
}

function paramsOf({ params }: FastifyRequest): Record<string, string> {
  if (typeof params !== 'object' || params === null) return {};
  return Object.fromEntries(Object.entries(params).map(([name, value]) => [name, String(value)]));
}

function idOf(answer: unknown): string | undefined {
  return typeof answer === 'object' && answer !== null && 'id' in answer && typeof answer.id === 'string'
    ? answer.id
    : undefined;
}
