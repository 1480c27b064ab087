import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { REPOSITORY, startSluice } from '../../harness/start-sluice.js';
import type { Check } from '../capability.js';
import { runToEnd } from './run-to-end.js';

const SNIPPET_LIMIT_MS = 20_000;

export function documentationChecks(): Check[] {
  return [
    { title: 'docs/benchmarks.md has the figures of a real run, and what is not measured', prove: proveBenchmarks },
    { title: 'README: what it is, the two commands, a first request, a picture, what it does not do', prove: proveReadme },
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
  const wanted = [/npm start/, /npm test/, /```(sh|bash|console)[^`]*curl/, /from 'openai'|import OpenAI|from openai/, /does not do|not do/i, /```mermaid|!\[|──►|-->/];
  for (const pattern of wanted) assert.match(text, pattern, `nothing about ${pattern}`);
  return `${text.split('\n').length} lines`;
}

/** Every shell block with curl, and every JavaScript block with the SDK, run against a Sluice at the README's own address. */
async function proveSnippets(): Promise<string> {
  const text = await read('README.md');
  const blocks = [...text.matchAll(/```(\w+)\n([^]*?)```/g)].map(([, language = '', code = '']) => ({ language, code }));
  const shell = blocks.filter(({ language, code }) => /^(sh|bash|console)$/.test(language) && code.includes('curl'));
  const scripts = blocks.filter(({ language, code }) => /^(js|javascript|ts|typescript|mjs)$/.test(language) && code.includes('openai'));
  assert.ok(shell.length > 0 && scripts.length > 0, 'there is no curl or no SDK block');
  const sluice = await startSluice({ environment: { LOG_LEVEL: 'warn' } });
  try {
    const { gateway, apiKey } = sluice.run;
    const fill = (code: string) => code.replaceAll('http://127.0.0.1:8080', gateway).replaceAll('http://localhost:8080', gateway).replaceAll('.sluice/run.json', join(sluice.home, 'run.json'));
    const options = { directory: REPOSITORY, limitMs: SNIPPET_LIMIT_MS, environment: { SLUICE_API_KEY: apiKey, OPENAI_API_KEY: apiKey, KEY: apiKey } };
    for (const { code } of shell) assert.match(await runToEnd({ ...options, command: 'bash', args: ['-euc', fill(code)] }), /choices|data:|object/);
    for (const { code } of scripts) await runToEnd({ ...options, command: process.execPath, args: ['--input-type=module', '-e', fill(code)] });
    return `${shell.length} with curl, ${scripts.length} with the SDK`;
  } finally {
    await sluice.stop();
  }
}
