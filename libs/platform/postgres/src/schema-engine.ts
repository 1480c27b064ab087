import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { PrismaPg } from '@prisma/adapter-pg';
import { bindMigrationAwareSqlAdapterFactory, ColumnTypeEnum } from '@prisma/driver-adapter-utils';
import type { SqlDriverAdapter, SqlMigrationAwareDriverAdapterFactory } from '@prisma/driver-adapter-utils';
import type { SchemaEngine } from '@prisma/schema-engine-wasm/schema_engine_bg';
import { Pool, types } from 'pg';
import type { QueryResult } from 'pg';

/**
 * Runs `work` with Prisma's schema engine on one connection to the database. The engine is a WebAssembly build from npm:
 * no engine is downloaded and no command-line tool is started.
 */
export async function withSchemaEngine<Result>(
  options: { url: string; schema: string },
  work: (engine: SchemaEngine) => Promise<Result>,
): Promise<Result> {
  // One connection, so that the engine's own session lock and its work are in one session. No statement timeout: a migration may take long.
  const pool = new Pool({ connectionString: options.url, max: 1, application_name: 'sluice-migrate' });
  pool.on('error', () => undefined);
  try {
    const engineModule = await loadEngine();
    const engine = await engineModule.SchemaEngine.new(
      { datamodels: [['schema.prisma', options.schema]] },
      () => undefined,
      bindMigrationAwareSqlAdapterFactory(mendFactory(new PrismaPg(markCharacters(pool)))),
    );
    return await work(engine).finally(() => engine.free());
  } finally {
    await pool.end();
  }
}

type EngineModule = typeof import('@prisma/schema-engine-wasm/schema_engine_bg');

/** What the package's own entry calls and its types keep quiet about. */
interface EngineBindings {
  __wbg_set_wasm(exports: object): void;
}

/** Node has it; the type libraries that know it are the browser's. */
interface WebAssemblyRuntime {
  instantiate(bytes: Uint8Array, imports: object): Promise<{ instance: { exports: { __wbindgen_start(): void } } }>;
}
const { WebAssembly } = globalThis as unknown as { WebAssembly: WebAssemblyRuntime };

let loading: Promise<EngineModule> | undefined;

/** The package's own entry imports the .wasm file as a module, which Node does only behind a flag; so it is instantiated by hand. */
function loadEngine(): Promise<EngineModule> {
  loading ??= (async () => {
    const folder = dirname(createRequire(import.meta.url).resolve('@prisma/schema-engine-wasm/schema_engine_bg'));
    const engineModule = await import('@prisma/schema-engine-wasm/schema_engine_bg');
    const bytes = await readFile(join(folder, 'schema_engine_bg.wasm'));
    const { instance } = await WebAssembly.instantiate(bytes, {
      './schema_engine_bg.js': withIdleTimers(engineModule),
    });
    (engineModule as unknown as EngineBindings).__wbg_set_wasm(instance.exports);
    instance.exports.__wbindgen_start();
    return engineModule;
  })();
  return loading;
}

/** The engine never clears the ten seconds that it gives its lock; unreferenced, they do not keep a finished process alive. */
function withIdleTimers(engineModule: EngineModule): object {
  const imports = { ...engineModule } as Record<string, unknown>;
  for (const name of Object.keys(imports).filter((key) => key.startsWith('__wbg_setTimeout_'))) {
    imports[name] = (callback: () => void, delayMs: number) => setTimeout(callback, delayMs).unref();
  }
  return imports;
}

const characterMark = '\u0000char';

/**
 * The catalogues have columns of the one-byte type "char", which the adapter refuses and the engine wants as characters.
 * Here they pass the adapter as marked text; `mendAdapter` turns them into characters.
 */
function markCharacters(pool: Pool): Pool {
  const query = pool.query.bind(pool) as (...parameters: unknown[]) => Promise<QueryResult>;
  const marked = async (...parameters: unknown[]): Promise<QueryResult> => {
    const result = await query(...parameters);
    for (const field of result.fields ?? []) {
      if (field.dataTypeID !== types.builtins.CHAR) continue;
      field.dataTypeID = types.builtins.TEXT;
      field.name += characterMark;
    }
    return result;
  };
  pool.query = marked as typeof pool.query;
  return pool;
}

function mendAdapter(adapter: SqlDriverAdapter): SqlDriverAdapter {
  const queryRaw = adapter.queryRaw.bind(adapter);
  adapter.queryRaw = async (query) => {
    const result = await queryRaw(query);
    const isCharacter = result.columnNames.map((name) => name.endsWith(characterMark));
    return {
      ...result,
      columnNames: result.columnNames.map((name) => name.replace(characterMark, '')),
      columnTypes: result.columnTypes.map((type, index) => (isCharacter[index] ? ColumnTypeEnum.Character : type)),
    };
  };
  // The adapter cuts scripts at every semicolon, also inside function bodies. Sent whole and without parameters, Postgres
  // parses the script itself and runs it as one transaction: a migration is applied in full or not at all.
  adapter.executeScript = async (script) => {
    await adapter.executeRaw({ sql: script, args: [], argTypes: [] });
  };
  return adapter;
}

function mendFactory(factory: SqlMigrationAwareDriverAdapterFactory): SqlMigrationAwareDriverAdapterFactory {
  return {
    provider: factory.provider,
    adapterName: factory.adapterName,
    connect: async () => mendAdapter(await factory.connect()),
    connectToShadowDb: async () => mendAdapter(await factory.connectToShadowDb()),
  };
}
