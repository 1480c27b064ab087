import type { ChatOptions, ModelSuffix } from '@sluice/domain-settings/chat-options';
import type { Settings } from '@sluice/domain-settings/settings';
import { fitsAny } from './name-pattern.js';

/** A name as a client wrote it, understood. */
export interface NamedModel {
  /** What is routed. */
  model: string;
  /** What its suffixes ask for, which is the client's own word. */
  asked: readonly ChatOptions[];
}

/** What operators say about names of models, from memory. */
export class ModelOffer {
  constructor(private readonly settings: Pick<Settings, 'get'>) {}

  /** Whether names of Sora's clients are shown among the models. */
  listsSoraNames(): boolean {
    return this.settings.get('SORA_NAMES_LISTED');
  }

  hides(name: string): boolean {
    return fitsAny(name, this.settings.get('FILTERED_MODELS'));
  }

  /** A name that is known is that model, whatever it ends with. */
  read(name: string, isKnown: (name: string) => boolean): NamedModel {
    const rules = this.settings.get('MODEL_SUFFIXES');
    const isPlain = !rules.some(({ suffix }) => name.endsWith(suffix));
    return (isPlain ? undefined : strip(name, { rules, isKnown })) ?? { model: name, asked: [] };
  }

  /** What chats with a model ask for where the client says nothing: later rows first of all. */
  defaultsOf(model: string): ChatOptions {
    const rows = this.settings.get('MODEL_OPTIONS').filter(({ models }) => fitsAny(model, models));
    return Object.assign({}, ...rows.map(({ apply }) => apply)) as ChatOptions;
  }

  /** The names that a model can be called by beside its own. */
  namesOf(model: string): string[] {
    return this.settings
      .get('MODEL_SUFFIXES')
      .filter(({ isListed, models }) => isListed && fitsAny(model, models))
      .map(({ suffix }) => model + suffix);
  }
}

interface Reading {
  rules: readonly ModelSuffix[];
  isKnown(name: string): boolean;
}

/** Each suffix once, in any order; the longest that fits first. */
function strip(name: string, { rules, isKnown }: Reading): NamedModel | undefined {
  if (isKnown(name)) return { model: name, asked: [] };
  const fitting = rules.filter(({ suffix }) => name.length > suffix.length && name.endsWith(suffix));
  for (const rule of fitting.toSorted((left, right) => right.suffix.length - left.suffix.length)) {
    const rest = name.slice(0, -rule.suffix.length);
    // Named by the operator it is a model, even while nobody has read the upstream's list.
    const named = rule.models.includes(rest) ? { model: rest, asked: [] } : undefined;
    const found = strip(rest, { rules: rules.filter((other) => other !== rule), isKnown }) ?? named;
    if (found && fitsAny(found.model, rule.models)) return { ...found, asked: [...found.asked, rule.apply] };
  }
  return undefined;
}
