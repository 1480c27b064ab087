import type { HandlerContext } from '../vendor.js';

/** A method that was called of a model. */
export interface ModelCall extends HandlerContext {
  readonly model: string;
}
