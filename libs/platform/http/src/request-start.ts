import type { Dispatcher } from 'undici';

/** Rides through undici as a request's `opaque`: whether a byte of it can have gone out. */
export interface RequestStart {
  isStarted: boolean;
}

/**
 * Notes the moment when a request is given to a connected socket. Before it, whatever fails, the upstream saw nothing:
 * a proof that no list of error codes can give.
 */
export const notingStart: Dispatcher.DispatcherComposeInterceptor = (dispatch) => (options, handler) => {
  const start: unknown = Reflect.get(options, 'opaque');
  if (!isRequestStart(start)) return dispatch(options, handler);
  return dispatch(options, {
    onRequestStart(controller, context) {
      handler.onRequestStart?.(controller, context);
      // A request that was cancelled while it waited for its connection ends here, unwritten.
      start.isStarted = !controller.aborted;
    },
    onRequestUpgrade: (...values) => handler.onRequestUpgrade?.(...values),
    onResponseStart: (...values) => handler.onResponseStart?.(...values),
    onResponseData: (...values) => handler.onResponseData?.(...values),
    onResponseEnd: (...values) => handler.onResponseEnd?.(...values),
    onResponseError: (...values) => handler.onResponseError?.(...values),
  });
};

function isRequestStart(value: unknown): value is RequestStart {
  return typeof value === 'object' && value !== null && 'isStarted' in value;
}
