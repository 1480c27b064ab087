/** What a vendor's word for a video's state comes down to. */
export type Standing = 'waiting' | 'done' | 'failed' | 'cancelled' | 'expired' | 'refused';

/** Undefined for a word that nobody is known to say. */
export function standingOf(status: string): Standing | undefined {
  const word = status
    .trim()
    .toLowerCase()
    .replaceAll(/[\s-]+/g, '_')
    .replace(/^(?:video|task|job)_(?:status_)?/, '');
  return STANDINGS.get(word);
}

const WORDS: Readonly<Record<Standing, string>> = {
  waiting:
    'queued queueing pending submitted created waiting not_start not_started scheduled starting accepted preprocessing in_queue ' +
    'new initializing initialized preparing in_progress processing running generating rendering progress active started finalizing ' +
    'uploading working',
  done: 'completed succeeded success successful complete done finished finish ready',
  failed: 'failed failure fail error errored rejected timeout timed_out',
  cancelled: 'cancelled canceled aborted deleted revoked',
  expired: 'expired',
  refused: 'moderated moderation_blocked content_filtered content_blocked blocked nsfw',
};

const STANDINGS: ReadonlyMap<string, Standing> = new Map(
  Object.entries(WORDS).flatMap(([standing, words]) =>
    words.split(' ').map((word): [string, Standing] => [word, standing as Standing]),
  ),
);
