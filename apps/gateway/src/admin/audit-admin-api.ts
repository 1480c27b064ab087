import { INTERCEPTORS_METADATA, PATH_METADATA } from '@nestjs/common/constants';
import type { Type } from '@nestjs/common';
import type { AuditInterceptor } from './audit.interceptor.js';

const ADMIN_API = 'admin/api';

/**
 * Gives the controllers of the admin API their audit, whichever they are. As one for the whole application it would put
 * observables around every call: a fifth of what a gateway does for a small one.
 */
export function auditAdminApi(controllers: readonly Type[], audit: AuditInterceptor): void {
  for (const controller of controllers) {
    const path: unknown = Reflect.getMetadata(PATH_METADATA, controller);
    if (typeof path === 'string' && path.startsWith(ADMIN_API))
      Reflect.defineMetadata(INTERCEPTORS_METADATA, [audit], controller);
  }
}
