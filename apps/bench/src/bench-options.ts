import { parseArgs } from 'node:util';
import { z } from 'zod';
import { allTargets } from './targets/all-targets.js';

const list = z
  .string()
  .transform((text) => text.split(',').map((item) => item.trim()))
  .optional();
const number = z.coerce.number().positive();

const optionsSchema = z.object({
  quick: z.boolean().default(false),
  only: list,
  targets: list.pipe(z.array(z.enum(allTargets.map((target) => target.name))).optional()),
  repetitions: number.int().optional(),
  turns: number.int().default(3),
  seconds: number.default(1),
  'rate-plain': number.default(600),
  'rate-streamed': number.default(300),
  seed: number.int().optional(),
  'idle-streams': z.boolean().default(false),
  'idle-count': number.int().default(2000),
  profile: z.string().optional(),
  out: z.string().optional(),
  markdown: z.string().optional(),
});

export type BenchOptions = ReturnType<typeof parseBenchOptions>;

export const usage = `npm run bench -- pool     the credential pool by itself
npm run bench -- wire     the translation between dialects by itself
npm run bench -- durable  videos: acknowledged, read, in flight, followed, served [--quick] [--only NAMES] [--out FILE] [--markdown FILE]
npm run bench -- [options]
  --quick                 one repetition: a look, not a result
  --only LIST             of plain,streamed,paced, or of their scenarios, such as plain-c32
  --targets LIST          of ${allTargets.map((target) => target.name).join(',')}
  --repetitions N         how often all targets are started anew, default 2
  --turns N               of each target at each scenario in a repetition, default 3
  --seconds N             of a turn, default 1
  --rate-plain N          requests a second of the open loop, default 600
  --rate-streamed N       the same for streams, default 300
  --seed N                of the random order; printed with every run
  --idle-streams          also: many streams of a chunk a second (--idle-count, default 2000)
  --profile FOLDER        CPU profiles of the bare loop's processes
  --out FILE              raw results as JSON (default: apps/bench/results/<time>.json)
  --markdown FILE         the tables as Markdown
`;

/** Throws a ZodError or a TypeError that names the wrong option. */
export function parseBenchOptions(args: readonly string[]) {
  const { values } = parseArgs({
    args: [...args],
    options: {
      quick: { type: 'boolean' },
      only: { type: 'string' },
      targets: { type: 'string' },
      repetitions: { type: 'string' },
      turns: { type: 'string' },
      seconds: { type: 'string' },
      'rate-plain': { type: 'string' },
      'rate-streamed': { type: 'string' },
      seed: { type: 'string' },
      'idle-streams': { type: 'boolean' },
      'idle-count': { type: 'string' },
      profile: { type: 'string' },
      out: { type: 'string' },
      markdown: { type: 'string' },
    },
  });
  const parsed = optionsSchema.parse(values);
  return {
    only: parsed.only,
    targets: allTargets.filter(({ name }) => parsed.targets === undefined || parsed.targets.includes(name)),
    repetitions: parsed.repetitions ?? (parsed.quick ? 1 : 2),
    turns: parsed.turns,
    seconds: parsed.seconds,
    rates: { plain: parsed['rate-plain'], streamed: parsed['rate-streamed'] },
    seed: parsed.seed ?? Math.floor(Math.random() * 1_000_000),
    idleCount: parsed['idle-streams'] ? parsed['idle-count'] : 0,
    profileFolder: parsed.profile,
    outFile: parsed.out,
    markdownFile: parsed.markdown,
  };
}
