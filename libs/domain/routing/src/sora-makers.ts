import type { CredentialUse } from '@sluice/contracts/credential';
import type { SoraName } from '@sluice/manifests/sora-names';

/** One sort of account that can make what clients of Sora ask for. */
export interface SoraMaker {
  upstream: string;
  kind: string;
  /** The names of its own that it can make it by, the best first. */
  names(wish: SoraName): readonly string[];
  /** Which of the names that it lists are fit; what an operator wrote down for an account is always. */
  fits: RegExp;
  /** What it is asked for where nobody has read its list yet; absent: it is left out until then. */
  usual?(wish: SoraName): string;
}

const LONGEST_OF_ALL_SECONDS = 15;

const classOf = ({ modelClass }: SoraName): string => modelClass;
const nothing = (): readonly string[] => [];

/** Who is asked, in this order, where an operator's route says nothing: those first who speak Sora's own protocols. */
export const SORA_MAKERS: Readonly<Partial<Record<CredentialUse, readonly SoraMaker[]>>> = {
  video: [
    {
      upstream: 'sora',
      kind: 'videos-api',
      names: (wish) => [classOf(wish)],
      fits: /video|sora|veo|kling|wan|seedance/i,
      usual: classOf,
    },
    { upstream: 'sora', kind: 'session', names: sessionNames, fits: /^$/ },
    { upstream: 'gemini', kind: 'api-key', names: nothing, fits: /veo/i, usual: () => 'veo-3.1-generate-preview' },
    { upstream: 'grok', kind: 'api-key', names: nothing, fits: /imagine.*video/i, usual: () => 'grok-imagine-video' },
    { upstream: 'grok', kind: 'session', names: () => ['grok-imagine-1.0-video'], fits: /^$/ },
  ],
  character: [
    // The one knows names to mention and instructions, the other a film and what it is called.
    { upstream: 'sora', kind: 'session', names: (wish) => [classOf(wish)], fits: /^$/ },
    { upstream: 'sora', kind: 'videos-api', names: (wish) => [classOf(wish)], fits: /./, usual: classOf },
  ],
  image: [
    { upstream: 'sora', kind: 'session', names: imageNames, fits: /^$/ },
    { upstream: 'openai', kind: 'api-key', names: nothing, fits: /gpt-image|sim-image|dall-e/i },
    {
      upstream: 'gemini',
      kind: 'api-key',
      names: nothing,
      fits: /imagen|gemini.*image/i,
      usual: () => 'gemini-2.5-flash-image',
    },
    { upstream: 'grok', kind: 'api-key', names: nothing, fits: /imagine.*image/i, usual: () => 'grok-imagine-image' },
    { upstream: 'grok', kind: 'session', names: () => ['grok-imagine-1.0'], fits: /^$/ },
  ],
};

/** The website's longest films are of certain accounts only, and so a model of their own there. */
function sessionNames({ modelClass, seconds = 0 }: SoraName): readonly string[] {
  return modelClass === 'sora-2' && seconds > LONGEST_OF_ALL_SECONDS ? ['sora-2-25s'] : [modelClass];
}

function imageNames({ modelClass, orientation }: SoraName): readonly string[] {
  return [orientation ? `${modelClass}-${orientation}` : modelClass];
}
