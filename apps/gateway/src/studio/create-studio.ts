import type { Clock } from '@sluice/contracts/clock';
import { startChores } from '@sluice/domain-generations/chores';
import type { Settings } from '@sluice/domain-settings/settings';
import { AttemptLimiter } from '@sluice/domain-studio/attempt-limiter';
import { PasswordKeeper } from '@sluice/domain-studio/password-keeper';
import { StudioAccounts } from '@sluice/domain-studio/studio-accounts';
import { isSignUpOpen } from '@sluice/domain-studio/studio-environment';
import { StudioUserAdmin } from '@sluice/domain-studio/studio-user-admin';
import { UserRepository } from '@sluice/domain-studio/user-repository';
import { UserTokens } from '@sluice/domain-studio/user-tokens';
import { VideoSlots } from '@sluice/domain-studio/video-slots';
import type { GatewayConfig } from '../gateway-environment.js';
import type { GatewayStores } from '../gateway-stores.js';
import type { Durable } from '../generations/create-durable.js';
import type { ClaimRules } from '../idempotency/idempotency-claim.js';
import type { Media } from '../media/create-media.js';
import { AccountRemoval } from './account-removal.js';
import { StudioReplies } from './studio-replies.service.js';
import { StudioVideos } from './studio-videos.service.js';

export interface CreateStudioOptions {
  config: Pick<GatewayConfig, 'SLUICE_SIGNUP' | 'SLUICE_HOST'>;
  postgres: GatewayStores['postgres'];
  vault: { derive(purpose: string): Buffer };
  settings: Settings;
  durable: Durable;
  media: Pick<Media, 'links' | 'store'>;
  passwords?: PasswordKeeper;
  claimRules(): ClaimRules;
  clock: Clock;
  onError(error: unknown): void;
}

const TOKEN_PURPOSE = 'studio-tokens';
const UPKEEP_MS = 60_000;

/** What stands behind the studio's API. */
export function createStudio(options: CreateStudioOptions) {
  const { config, postgres, vault, settings, durable, media, claimRules, clock, onError } = options;
  const { pipeline, generations } = durable;
  const { links, store } = media;
  const users = new UserRepository(postgres);
  const attempts = new AttemptLimiter({ postgres, clock });
  const slots = new VideoSlots({ postgres, clock });
  const passwords = options.passwords ?? new PasswordKeeper();
  const accounts = new StudioAccounts({
    users,
    passwords,
    tokens: new UserTokens({ key: vault.derive(TOKEN_PURPOSE), clock, lifeMs: () => settings.get('STUDIO_TOKEN_MS') }),
    attempts,
    clock,
    isSignUpOpen: isSignUpOpen({ signUp: config.SLUICE_SIGNUP, host: config.SLUICE_HOST }),
    mostSignUps: () => settings.get('STUDIO_DAILY_SIGNUPS'),
  });
  const videos = new StudioVideos({ pipeline, generations, slots, store, settings, claimRules, clock });
  const removal = new AccountRemoval({ accounts, users, generations, store });
  const upkeep = {
    name: 'studio-upkeep',
    everyMs: UPKEEP_MS,
    run: () => Promise.all([removal.goOn(), attempts.purge(), slots.purge()]),
  };
  return {
    accounts,
    administration: new StudioUserAdmin({ users, passwords, clock }),
    removal,
    videos,
    replies: new StudioReplies({ videos, links, store }),
    close: startChores({ postgres, chores: [upkeep], clock, onError }),
  };
}

export type Studio = ReturnType<typeof createStudio>;
