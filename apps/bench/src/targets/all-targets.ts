import { bareLoopTarget } from './bare-loop.target.js';
import { directTarget } from './direct.target.js';
import { portkeyTarget } from './portkey.target.js';
import { sluiceTarget } from './sluice.target.js';
import type { Target } from './target.js';

export const allTargets: readonly Target[] = [directTarget, portkeyTarget, bareLoopTarget, sluiceTarget];
