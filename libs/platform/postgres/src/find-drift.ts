import { readPrismaSchema, prismaFolder } from './migration-files.js';
import { withSchemaEngine } from './schema-engine.js';

/** The SQL that would turn the database into what `schema.prisma` says; undefined when they agree. */
export async function findDrift(options: { url: string }): Promise<string | undefined> {
  const schema = await readPrismaSchema();
  const files = [{ path: 'schema.prisma', content: schema }];
  const difference = await withSchemaEngine({ url: options.url, schema }, (engine) =>
    engine.diff({
      from: { tag: 'schemaDatasource', files, configDir: prismaFolder },
      to: { tag: 'schemaDatamodel', files },
      script: true,
      exitCode: true,
      filters: { externalTables: ['public._prisma_migrations'], externalEnums: [] },
    }),
  );
  return difference.exitCode === 0 ? undefined : (difference.stdout ?? 'unknown difference');
}
