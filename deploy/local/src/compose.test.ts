import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { runCommand } from './run-command.js';
import { parse } from 'yaml';

const root = fileURLToPath(new URL('../../../', import.meta.url));

/** As far as our rules look; keys that the format does not have are refused, since they are typing errors. */
const serviceSchema = z.strictObject({
  image: z.string(),
  build: z.strictObject({ context: z.string(), dockerfile: z.string() }).optional(),
  user: z.string(),
  init: z.boolean().optional(),
  read_only: z.literal(true),
  tmpfs: z.array(z.string()).min(1),
  cap_drop: z.tuple([z.literal('ALL')]),
  security_opt: z.tuple([z.literal('no-new-privileges:true')]),
  restart: z.enum(['unless-stopped', 'on-failure:5']),
  stop_signal: z.string().optional(),
  stop_grace_period: z.string(),
  shm_size: z.string().optional(),
  profiles: z.array(z.string()).optional(),
  entrypoint: z.array(z.string()).optional(),
  command: z.array(z.string()).optional(),
  environment: z.record(z.string(), z.string()).default({}),
  ports: z.array(z.string()).default([]),
  volumes: z.array(z.string()).default([]),
  depends_on: z
    .record(z.string(), z.strictObject({ condition: z.enum(['service_healthy', 'service_completed_successfully']) }))
    .default({}),
  healthcheck: z
    .strictObject({
      test: z.array(z.string()).min(2),
      interval: z.string(),
      timeout: z.string(),
      retries: z.number(),
      start_period: z.string(),
    })
    .optional(),
});

const composeSchema = z.looseObject({
  services: z.record(z.string(), serviceSchema),
  volumes: z.record(z.string(), z.null()),
});

const text = readFileSync(`${root}docker-compose.yml`, 'utf8');
const compose = composeSchema.parse(parse(text, { merge: true }));
const services = Object.entries(compose.services);

function isJob(service: z.infer<typeof serviceSchema>): boolean {
  return service.restart === 'on-failure:5';
}

test('every service that stays has a health check, and none runs as root', () => {
  for (const [name, service] of services) {
    expect(service.healthcheck !== undefined, name).toBe(!isJob(service));
    expect(service.user, name).toMatch(/^(?:node|postgres|redis)$/);
  }
});

test('no secret has a value in the file: each must be set, and the example names it without one', () => {
  const required = new Set([...text.matchAll(/\$\{(\w+):\?/g)].map((match) => match[1] ?? ''));
  for (const [name, service] of services) {
    for (const [variable, value] of Object.entries(service.environment)) {
      if (/PASSWORD|TOKEN|KEY|AUTH|_URL$/.test(variable) && /:[^/$]*@|PASSWORD|TOKEN|KEY|AUTH/.test(variable + value)) {
        expect(value, `${name} ${variable}`).toMatch(/\$\{\w+:\?/);
      }
    }
  }
  const example = readFileSync(`${root}deploy/compose.env.example`, 'utf8');
  const named = [...example.matchAll(/^(\w+)=$/gm)].map((match) => match[1] ?? '');
  expect(new Set(named)).toEqual(required);
});

test('only the gateway is reachable from outside, and from this machine alone unless asked', () => {
  const open = services.filter(([, service]) => service.ports.length > 0);
  expect(open.map(([name, service]) => [name, service.ports])).toEqual([
    ['gateway', ['${SLUICE_BIND:-127.0.0.1}:${SLUICE_PORT:-8080}:8080']],
  ]);
});

test('what is waited for exists and can become so; what is mounted is declared', () => {
  for (const [name, service] of services) {
    for (const [other, { condition }] of Object.entries(service.depends_on)) {
      const awaited = compose.services[other];
      expect(awaited, `${name} waits for ${other}`).toBeDefined();
      expect(awaited !== undefined && isJob(awaited), `${name} waits for ${other}`).toBe(
        condition === 'service_completed_successfully',
      );
    }
    for (const volume of service.volumes) expect(compose.volumes, name).toHaveProperty(volume.split(':')[0] ?? '');
  }
});

test('Redis keeps what it is told and evicts nothing', () => {
  const command = compose.services['redis']?.command?.join(' ');
  expect(command).toContain('--appendonly yes');
  expect(command).toContain('--maxmemory-policy noeviction');
});

test('there is a service for every worker of the repository', () => {
  const workers = readdirSync(`${root}apps`).filter((app) => app.endsWith('-worker'));
  expect(Object.keys(compose.services)).toEqual(expect.arrayContaining(workers));
});

const ownCommands = services
  .filter(([, { build }]) => build !== undefined)
  .map(([name, { command }]) => ({ name, command: command ?? [] }));
const isBuilt =
  existsSync(`${root}apps/gateway/dist/main.js`) && existsSync(`${root}libs/platform/postgres/dist/migrate-cli.js`);

test.runIf(isBuilt).each(ownCommands.filter(({ name }) => name !== 'simulator'))(
  'the image’s command $command runs from the built output, and without an environment says what is missing',
  async ({ command }) => {
    const args = [`${root}deploy/image/run.mjs`, ...command];
    const { code, output } = await runCommand({ command: process.execPath, args, directory: root, environment: {} });
    expect(output).toMatch(/DATABASE_URL|GATEWAY_URL/);
    expect(code).toBeGreaterThan(0);
  },
);

test('a command that the image does not have is answered with those it has', async () => {
  const args = [`${root}deploy/image/run.mjs`, '../gateway'];
  const { code, output } = await runCommand({ command: process.execPath, args, directory: root, environment: {} });
  expect([code, output]).toEqual([64, expect.stringMatching(/There are: .*migrate/)]);
});
