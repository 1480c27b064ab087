import type { StoredMedia } from './stored-media.js';

/** What a client may say that a file is for; `batch_output` are ours. */
export const FILE_PURPOSES = ['assistants', 'batch', 'fine-tune', 'vision', 'user_data', 'evals'] as const;
export type FilePurpose = (typeof FILE_PURPOSES)[number] | 'batch_output';

/** A file that a client keeps with us, under a name of its own. */
export interface ClientFile {
  /** `file-…` */
  id: string;
  ownerKeyId: string;
  purpose: FilePurpose;
  filename: string;
  media: StoredMedia;
  createdAtMs: number;
  /** None: it is kept until it is deleted. */
  expiresAtMs?: number;
}
