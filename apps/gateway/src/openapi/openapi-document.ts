import { z } from 'zod';
import type { Operation } from './operations.js';

const SECURITY = { key: [{ apiKey: [] }], user: [{ userToken: [] }], admin: [{ adminToken: [] }], none: [] };

/** The OpenAPI 3.1 description of `operations`. */
export function createOpenapiDocument(operations: readonly Operation[], serverUrl: string): object {
  const paths: Record<string, Record<string, object>> = {};
  for (const operation of operations) (paths[operation.path] ??= {})[operation.method] = describe(operation);
  return {
    openapi: '3.1.0',
    info: { title: 'Sluice', version: '0.1.0', description: 'One API in front of many generative upstreams.' },
    servers: [{ url: serverUrl }],
    paths,
    components: {
      securitySchemes: {
        apiKey: { type: 'http', scheme: 'bearer' },
        userToken: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' },
        adminToken: { type: 'http', scheme: 'bearer' },
      },
    },
  };
}

function describe(operation: Operation): object {
  const { summary, tag, auth, body, response, isStreamable, path } = operation;
  const names = [...path.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => name);
  return {
    summary,
    tags: [tag],
    security: SECURITY[auth],
    parameters: names.map((name) => ({ name, in: 'path', required: true, schema: { type: 'string' } })),
    ...(body
      ? { requestBody: { required: true, content: { 'application/json': { schema: toJsonSchema(body, 'input') } } } }
      : {}),
    responses: {
      200: {
        description: 'Done',
        content: {
          'application/json': response ? { schema: toJsonSchema(response, 'output') } : {},
          ...(isStreamable ? { 'text/event-stream': {} } : {}),
        },
      },
      default: { description: 'A failure, in the shape of the dialect that the path belongs to' },
    },
  };
}

function toJsonSchema(schema: z.ZodType, io: 'input' | 'output'): object {
  return z.toJSONSchema(schema, { io, unrepresentable: 'any' });
}
