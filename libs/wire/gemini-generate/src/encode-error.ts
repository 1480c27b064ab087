export { encodeGoogleError as encodeError } from '@sluice/wire-errors/google-error';
