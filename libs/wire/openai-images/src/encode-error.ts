export { encodeOpenaiError as encodeError } from '@sluice/wire-errors/openai-error';
