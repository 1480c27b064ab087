import assert from 'node:assert/strict';
import { access, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { REPOSITORY, startSluice } from '../../harness/start-sluice.js';
import type { StartedSluice } from '../../harness/start-sluice.js';
import type { Check } from '../capability.js';
import { runToEnd } from './run-to-end.js';

const SNIPPET_LIMIT_MS = 20_000;

export function documentationChecks(): Check[] {
  return [
    { title: 'docs/benchmarks.md has the figures of a real run, and what is not measured', prove: proveBenchmarks },
    {
      title: 'README: what it is, the two commands, a first request, a picture, what it does not do',
      prove: proveReadme,
    },
    { title: 'README: its requests work as they are written', prove: proveSnippets },
  ];
}

function read(path: string): Promise<string> {
  return readFile(join(REPOSITORY, path), 'utf8');
}

async function proveBenchmarks(): Promise<string> {
  const text = await read('docs/benchmarks.md');
  const wanted = [/portkey/i, /bare/i, /plain-c32/, /plain-c128/, /p99/, /fsync/i, /not measured/i, /\bCPU\b/];
  for (const pattern of wanted) assert.match(text, pattern, `nothing about ${pattern}`);
  return `${text.split('\n').length} lines`;
}

async function proveReadme(): Promise<string> {
  const text = await read('README.md');
  const wanted = [
    /npm start/,
    /npm test/,
    /```(sh|bash|console)[^`]*curl/,
    /from 'openai'|import OpenAI|from openai/,
    /does not do|not do/i,
    /```mermaid|!\[|──►|-->/,
  ];
  for (const pattern of wanted) assert.match(text, pattern, `nothing about ${pattern}`);
  const links = [...text.matchAll(/\]\((?!https?:)([^)#]+)/g)].map(([, path = '']) => path);
  for (const path of links) await access(join(REPOSITORY, path));
  return `${text.split('\n').length} lines, ${links.length} links that lead somewhere`;
}

const SHELL = /^(sh|bash|console)$/;
const SCRIPT = /^(js|javascript|mjs|ts|typescript)$/;

/** Every block with curl and every one with the SDK, in their order, against a new Sluice in place of the reader's. */
async function proveSnippets(): Promise<string> {
  const text = await read('README.md');
  const blocks = [...text.matchAll(/```(\w+)\n([^]*?)```/g)].map(([, language = '', code = '']) => ({
    language,
    code,
  }));
  const shell = blocks.filter(({ language, code }) => SHELL.test(language) && code.includes('curl'));
  const scripts = blocks.filter(({ language, code }) => SCRIPT.test(language) && code.includes('openai'));
  assert.ok(shell.length > 0 && scripts.length > 0, 'there is no block with curl, or none with the SDK');
  const sluice = await startSluice({ environment: { LOG_LEVEL: 'warn' } });
  try {
    for (const block of blocks) {
      if (shell.includes(block)) await runSnippet(sluice, ['bash', '-euc'], block.code);
      if (scripts.includes(block))
        await runSnippet(sluice, [process.execPath, '--input-type=module', '-e'], block.code);
    }
  } finally {
    await sluice.stop();
  }
  return `${shell.length} with curl, ${scripts.length} with the SDK`;
}

async function runSnippet(
  { run, home }: StartedSluice,
  [command = '', ...args]: string[],
  code: string,
): Promise<void> {
  const runFile = join(home, 'run.json');
  const own = code
    .replaceAll('./.sluice/run.json', runFile)
    .replaceAll('.sluice/run.json', runFile)
    .replaceAll(/http:\/\/(127\.0\.0\.1|localhost):8080/g, run.gateway);
  const environment = { KEY: run.apiKey, SLUICE_API_KEY: run.apiKey, OPENAI_API_KEY: run.apiKey };
  const printed = await runToEnd({
    command,
    args: [...args, own],
    directory: REPOSITORY,
    limitMs: SNIPPET_LIMIT_MS,
    environment,
  });
  assert.doesNotMatch(printed, /"error"/, `${code}\n${printed}`);
  assert.match(printed, /Simulated|"id"|data:/, `${code}\n${printed}`);
}
