import { z } from 'zod';
import type { Operation } from './operations.js';

/** A page for people: every operation with the schema of its body. Needs no script and nothing from elsewhere. */
export function createDocsPage(operations: readonly Operation[]): string {
  const tags = [...new Set(operations.map(({ tag }) => tag))];
  const sections = tags.map((tag) => {
    const rows = operations.filter((operation) => operation.tag === tag).map(renderOperation);
    return `<h2>${tag}</h2>${rows.join('')}`;
  });
  return `<!doctype html>
<html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Sluice API</title>
<style>body{font:16px/1.5 system-ui;max-width:60rem;margin:3rem auto;padding:0 1rem}code{font-size:.95em}
b{display:inline-block;width:4.5rem;text-transform:uppercase;font-size:.8em}pre{overflow:auto;background:#f4f4f5;padding:1rem;font-size:.85em}
details{border-bottom:1px solid #ddd;padding:.4rem 0}span{color:#666}</style>
<body><h1>Sluice API</h1><p>The same as <a href="/openapi.json">openapi.json</a>. Send an API key as <code>Authorization: Bearer</code>,
<code>x-api-key</code> or <code>x-goog-api-key</code>; the admin paths take the admin token.</p>${sections.join('')}</body></html>`;
}

function renderOperation({ method, path, summary, body }: Operation): string {
  const head = `<b>${method}</b><code>${path}</code> <span>${summary}</span>`;
  if (!body) return `<details><summary>${head}</summary></details>`;
  const schema = JSON.stringify(z.toJSONSchema(body, { io: 'input', unrepresentable: 'any' }), null, 2);
  return `<details><summary>${head}</summary><pre>${escapeHtml(schema)}</pre></details>`;
}

function escapeHtml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
