import { Body, Controller, Delete, Get, HttpCode, Param, Put } from '@nestjs/common';
import { GatewayError } from '@sluice/contracts/gateway-error';
import { routeSchema } from '@sluice/contracts/route';
import { RouteRepository } from '@sluice/domain-routing/route-repository';
import { RouteResolver } from '@sluice/domain-routing/route-resolver';
import { findUpstream } from '@sluice/manifests/upstreams';
import { parseBody } from '@sluice/contracts/parse-body';

/** Model names may contain slashes. */
@Controller('admin/api/routes')
export class RoutesController {
  constructor(
    private readonly routes: RouteRepository,
    private readonly resolver: RouteResolver,
  ) {}

  @Get()
  async list() {
    return { routes: await this.routes.list() };
  }

  @Put('*')
  async put(@Param('*') name: string | string[], @Body() body: unknown) {
    const model = toModel(name);
    const route = parseBody(routeSchema, body);
    for (const [index, { upstream, kind }] of route.targets.entries()) {
      const found = findUpstream(upstream);
      if (found && (kind === undefined || Object.hasOwn(found.kinds, kind))) continue;
      const problem = found
        ? `'${upstream}' has no credentials of kind '${kind}'.`
        : `There is no upstream '${upstream}'.`;
      throw new GatewayError('invalid_request', problem, {
        param: `targets[${index}].${found ? 'kind' : 'upstream'}`,
      });
    }
    await this.routes.put(model, route);
    await this.resolver.refresh();
    return { model, ...route };
  }

  @Delete('*')
  @HttpCode(204)
  async delete(@Param('*') name: string | string[]): Promise<void> {
    const model = toModel(name);
    if (!(await this.routes.delete(model)))
      throw new GatewayError('not_found', `There is no route '${model}'.`, { param: 'model' });
    await this.resolver.refresh();
  }
}

function toModel(name: string | string[]): string {
  return Array.isArray(name) ? name.join('/') : name;
}
