export { encodeAnthropicError as encodeError } from '@sluice/wire-errors/anthropic-error';
