import { ESLint } from 'eslint';
import { beforeAll, describe, expect, it } from 'vitest';

/** Each line breaks one arrow: a file that does not exist, and what it must not import. */
const forbidden: [file: string, imported: string][] = [
  ['libs/contracts/src/x.ts', '@sluice/manifests/upstreams'],
  ['libs/manifests/src/x.ts', '@sluice/wire-sse/sse-frame'],
  ['libs/wire/openai-chat/src/x.ts', '@sluice/wire-openai-models/schema'],
  ['libs/wire/sse/src/x.ts', '@sluice/wire-openai-chat/schema'],
  ['libs/wire/openai-chat/src/x.ts', '@sluice/upstream-kit/upstream'],
  ['libs/upstream-kit/src/x.ts', '@sluice/upstream-openai/openai.upstream'],
  ['libs/upstreams/openai/src/x.ts', '@sluice/platform-http/http-client'],
  ['libs/upstreams/openai/src/x.ts', '@sluice/domain-routing/resolve-route'],
  ['libs/platform/redis/src/x.ts', '@sluice/domain-routing/resolve-route'],
  ['libs/platform/http/src/x.ts', '@sluice/wire-sse/sse-frame'],
  ['libs/domain/routing/src/x.ts', '@sluice/worker-runtime/run-worker'],
  ['libs/worker-runtime/src/x.ts', '@sluice/upstream-openai/openai.upstream'],
  ['libs/domain/routing/src/x.ts', '@sluice/testing/postgres'],
  ['apps/gateway/src/x.ts', '@sluice/upstream-openai/openai.upstream'],
  ['apps/gateway/src/x.ts', '@sluice/worker-runtime/run-worker'],
  ['apps/gateway/src/x.ts', '@sluice/simulator/main'],
  ['apps/gateway/src/x.ts', '@sluice/testing/postgres'],
  ['apps/simulator/src/x.ts', '@sluice/wire-sse/sse-frame'],
  ['apps/openai-worker/src/x.ts', '../../gateway/src/main.js'],
  ['libs/upstreams/openai/src/x.test.ts', '@sluice/platform-http/http-client'],
];

const allowed: [file: string, imported: string][] = [
  ['libs/wire/openai-chat/src/x.ts', '@sluice/wire-sse/sse-frame'],
  ['libs/platform/queue/src/x.ts', '@sluice/platform-redis/redis'],
  ['libs/domain/routing/src/x.test.ts', '@sluice/testing/postgres'],
  ['libs/platform/postgres/src/x.medium.test.ts', '@sluice/testing/postgres'],
  ['apps/openai-worker/src/x.ts', '@sluice/upstream-openai/openai.upstream'],
];

describe('the arrow of imports', () => {
  let eslint: ESLint;
  beforeAll(() => {
    eslint = new ESLint();
  });

  async function complaintsAbout([file, imported]: [string, string]) {
    const [result] = await eslint.lintText(`import { x } from '${imported}';\nexport const y = x;\n`, {
      filePath: file,
    });
    return result?.messages ?? [];
  }

  it.each(forbidden)('keeps %s from importing %s', async (file, imported) => {
    expect(await complaintsAbout([file, imported])).toMatchObject([{ ruleId: '@nx/enforce-module-boundaries' }]);
  });

  it.each(allowed)('lets %s import %s', async (file, imported) => {
    expect(await complaintsAbout([file, imported])).toEqual([]);
  });
});
