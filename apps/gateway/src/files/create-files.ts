import type { Clock } from '@sluice/contracts/clock';
import { sweepFiles } from '@sluice/domain-files/file-sweep';
import { FileStore } from '@sluice/domain-files/file-store';
import { startChores } from '@sluice/domain-generations/chores';
import type { GatewayConfig } from '../gateway-environment.js';
import type { GatewayStores } from '../gateway-stores.js';
import type { Media } from '../media/create-media.js';
import { FileInputs } from './file-inputs.service.js';
import { FilesService } from './files.service.js';
import { OwnedFiles } from './owned-files.js';

const SWEEP_MS = 10 * 60_000;

/** What stands behind the files dialect, and what lets others name a file. */
export function createFiles(options: {
  config: Pick<GatewayConfig, 'SLUICE_FILES_MAX_BYTES' | 'SLUICE_MEDIA_URL_MS'>;
  postgres: GatewayStores['postgres'];
  media: Media;
  clock: Clock;
  onError(error: unknown): void;
}) {
  const { config, postgres, media, clock, onError } = options;
  const { intake, links, store } = media;
  const files = new FileStore({ postgres, media: store, clock, maximumBytes: config.SLUICE_FILES_MAX_BYTES });
  const owned = new OwnedFiles({ files, store, links });
  const sweep = { name: 'client-files', everyMs: SWEEP_MS, run: () => sweepFiles({ postgres, media: store, clock }) };
  return {
    service: new FilesService({ files, intake, store }),
    owned,
    kept: files,
    /** Done around every call. */
    around: new FileInputs(owned).around,
    parkingMs: config.SLUICE_MEDIA_URL_MS,
    close: startChores({ postgres, chores: [sweep], clock, onError }),
  };
}

export type Files = ReturnType<typeof createFiles>;
