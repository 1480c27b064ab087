const opening = '[[sim:';
const marker = /\[\[sim:([^\]]*)\]\]/g;

/** Collects what `[[sim:name=value,name]]` markers in a prompt ask for; undefined when there is none. */
export function readMarkers(prompt: string): Record<string, unknown> | undefined {
  if (!prompt.includes(opening)) return undefined;
  const written: Record<string, unknown> = {};
  for (const [, list] of prompt.matchAll(marker)) {
    for (const item of (list ?? '').split(',')) {
      const [name = '', ...value] = item.split('=');
      if (name.trim() !== '') written[name.trim()] = value.length === 0 ? true : value.join('=').trim();
    }
  }
  return written;
}

/** The prompt as a person would read it. */
export function withoutMarkers(prompt: string): string {
  return prompt.includes(opening) ? prompt.replace(marker, '').trim() : prompt;
}
