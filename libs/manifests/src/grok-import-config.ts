import type { ImportedRest } from './upstream-manifest.js';

type Section = Readonly<Record<string, unknown>>;

const MODELS = ['grok-*'];
/** What is here by itself, whatever was set there. */
const OWN_TAGS: ReadonlySet<string> = new Set(['xaiartifact', 'xai:tool_usage_card', 'grok:render']);

/** What the configuration of a Grok2API is here, and which of it has no equal. */
export function configRest(config: Readonly<Record<string, unknown>>): ImportedRest {
  const app = section(config['app']);
  const grok = section(config['grok']);
  const apiKey = text(app['api_key']);
  return {
    apiKeys: apiKey === undefined ? [] : [{ key: apiKey, name: 'Grok2API', limits: {} }],
    settings: present({
      MODEL_OPTIONS: [{ models: MODELS, apply: tellingOf(grok) }],
      MEDIA_CHAT_IMAGE_FORMAT: text(app['image_format']) === 'base64' ? 'b64' : undefined,
      MEDIA_CHAT_VIDEO_FORMAT: text(app['video_format']) === 'url' ? 'html-plain' : undefined,
      PROXIES: proxiesOf(grok),
      ATTEMPTS: attemptsOf(grok),
    }),
    left: Object.entries(config).flatMap(([name, held]) => leftOf(name, held)),
  };
}

const READ: ReadonlySet<string> = new Set([
  'app.api_key',
  'app.image_format',
  'app.video_format',
  'grok.thinking',
  'grok.show_thinking',
  'grok.filter_tags',
  'grok.base_proxy_url',
  'grok.max_retry',
  // Always so here.
  'grok.temporary',
]);

function leftOf(name: string, held: unknown): string[] {
  const members = Object.keys(section(held));
  return (members.length === 0 ? [name] : members.map((member) => `${name}.${member}`)).filter(
    (path) => !READ.has(path),
  );
}

function tellingOf(grok: Section): object {
  const isShown = grok['thinking'] ?? grok['show_thinking'] ?? true;
  const tags = list(grok['filter_tags']).filter((tag) => !OWN_TAGS.has(tag) && /^[a-z][\w:.-]{0,63}$/i.test(tag));
  return { thoughts: isShown === false ? 'none' : 'think', ...(tags.length > 0 && { filteredTags: tags }) };
}

function proxiesOf(grok: Section): object | undefined {
  const proxy = text(grok['base_proxy_url']);
  return proxy === undefined ? undefined : { grok: [proxy] };
}

function attemptsOf(grok: Section): object | undefined {
  const tries = grok['max_retry'];
  return typeof tries === 'number' && tries >= 1
    ? { elsewhere: Math.min(100, Math.trunc(tries)), again: 3 }
    : undefined;
}

function section(value: unknown): Section {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Section) : {};
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' && value.trim() !== '' ? value.trim() : undefined;
}

function list(value: unknown): string[] {
  const words: unknown[] = typeof value === 'string' ? value.split(',') : Array.isArray(value) ? value : [];
  return words.flatMap((word) => text(word) ?? []);
}

function present(members: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined));
}
