/** What an error of Google's says beside its message. */
export interface Wording {
  readonly status: number;
  readonly name: string;
  readonly message: string;
  readonly details?: readonly Record<string, unknown>[];
}

const SERVICE = 'generativelanguage.googleapis.com';

function errorInfo(reason: string): Record<string, unknown> {
  return {
    '@type': 'type.googleapis.com/google.rpc.ErrorInfo',
    reason,
    domain: 'googleapis.com',
    metadata: { service: SERVICE },
  };
}

function badKey(message: string): Wording {
  const localized = { '@type': 'type.googleapis.com/google.rpc.LocalizedMessage', locale: 'en-US', message };
  return { status: 400, name: 'INVALID_ARGUMENT', message, details: [errorInfo('API_KEY_INVALID'), localized] };
}

function forbidden(message: string, reason?: string): Wording {
  const details = reason === undefined ? {} : { details: [errorInfo(reason)] };
  return { status: 403, name: 'PERMISSION_DENIED', message, ...details };
}

/** Errors by the name that `error-code` gives: `[[sim:status=403,error-code=leaked]]`. */
export const PRESETS: Readonly<Record<string, Wording>> = {
  'key-invalid': badKey('API key not valid. Please pass a valid API key.'),
  'key-expired': badKey('API key expired. Please renew the API key.'),
  region: {
    status: 400,
    name: 'FAILED_PRECONDITION',
    message: 'User location is not supported for the API use.',
  },
  'no-key': forbidden(
    "Method doesn't allow unregistered callers (callers without established identity). Please use API Key or other form of API consumer identity to call this API.",
  ),
  suspended: forbidden("Permission denied: Consumer 'api_key:AIzaSimulated' has been suspended.", 'CONSUMER_SUSPENDED'),
  leaked: forbidden('Your API key was reported as leaked. Please use another API key.'),
  'service-disabled': forbidden(
    'Generative Language API has not been used in project 123 before or it is disabled.',
    'SERVICE_DISABLED',
  ),
  'service-blocked': forbidden(
    'Requests to this API generativelanguage.googleapis.com method google.ai.generativelanguage.v1beta.GenerativeService.GenerateContent are blocked.',
    'API_KEY_SERVICE_BLOCKED',
  ),
  exhausted: { status: 429, name: 'RESOURCE_EXHAUSTED', message: 'Resource has been exhausted (e.g. check quota).' },
  capacity: {
    status: 429,
    name: 'RESOURCE_EXHAUSTED',
    message: 'No capacity available for model on the server',
    details: [errorInfo('MODEL_CAPACITY_EXHAUSTED')],
  },
  internal: {
    status: 500,
    name: 'INTERNAL',
    message:
      'An internal error has occurred. Please retry or report in https://developers.generativeai.google/guide/troubleshooting',
  },
  overloaded: { status: 503, name: 'UNAVAILABLE', message: 'The model is overloaded. Please try again later.' },
  deadline: {
    status: 504,
    name: 'DEADLINE_EXCEEDED',
    message: 'Deadline expired before operation could complete.',
  },
};
