import { GatewayError } from '@sluice/contracts/gateway-error';

/** The parser's failures in words for whoever sent the form. */
export function toFormError(error: unknown): unknown {
  if (error instanceof GatewayError || !(error instanceof Error)) return error;
  const { code } = error as NodeJS.ErrnoException;
  // The store's own failures (a full disk) are ours.
  if (code !== undefined && !code.startsWith('FST_') && !BROKEN.has(code)) return error;
  if (code === 'FST_PARTS_LIMIT' || code === 'FST_FILES_LIMIT' || code === 'FST_FIELDS_LIMIT')
    return new GatewayError('too_large', 'The form has more parts than this gateway accepts.');
  const text = `We could not parse the body of your request as multipart/form-data. (${error.message}.)`;
  return new GatewayError('invalid_request', text, { cause: error, reason: 'malformed_form' });
}

/** What a stream that ended early says. */
const BROKEN = new Set(['ERR_STREAM_PREMATURE_CLOSE', 'ECONNRESET', 'ERR_STREAM_DESTROYED']);
