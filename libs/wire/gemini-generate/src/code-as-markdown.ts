import type { Json, JsonObject } from '@sluice/contracts/json';
import { isJsonObject } from '@sluice/contracts/json-object';

/** Code that the model ran, and what came of it, for clients whose dialect has no part for either. */
export function codeAsMarkdown({ executableCode: run, codeExecutionResult: result }: JsonObject): string | undefined {
  if (isJsonObject(run)) return fence(String(run['language'] ?? '').toLowerCase(), run['code']);
  return isJsonObject(result) ? fence('', result['output']) : undefined;
}

function fence(language: string, code: Json | undefined): string {
  return `\n\`\`\`${language}\n${typeof code === 'string' ? code.replace(/\n$/, '') : ''}\n\`\`\`\n`;
}
