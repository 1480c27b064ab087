/** What an upstream can do before its first token, and the status that the client gets for it. */
export interface UpstreamFailure {
  title: string;
  markers: string;
  status: number;
  code: string | null | RegExp;
}

export const UPSTREAM_FAILURES: readonly UpstreamFailure[] = [
  { title: '400', markers: 'status=400', status: 400, code: null },
  { title: '401', markers: 'status=401', status: 502, code: 'upstream_auth' },
  { title: '403', markers: 'status=403', status: 502, code: 'upstream_forbidden' },
  { title: '404', markers: 'status=404', status: 404, code: 'model_not_found' },
  { title: '429', markers: 'status=429', status: 429, code: 'rate_limit_exceeded' },
  {
    title: '429 for want of money',
    markers: 'status=429,error-code=insufficient_quota',
    status: 503,
    code: 'upstream_quota_exhausted',
  },
  { title: '500', markers: 'status=500', status: 502, code: 'upstream_error' },
  { title: '503', markers: 'status=503', status: 503, code: 'server_is_overloaded' },
  { title: 'a page with 200', markers: 'html', status: 502, code: 'upstream_bad_answer' },
  { title: "a proxy's page with 502", markers: 'html,status=502', status: 502, code: 'upstream_error' },
  { title: 'an error object with 200', markers: 'error-in-200', status: 502, code: 'upstream_error' },
  { title: 'an empty body', markers: 'empty-body', status: 502, code: /^upstream_(bad_answer|interrupted)$/ },
  { title: 'a lost reply', markers: 'lost-reply', status: 502, code: 'upstream_interrupted' },
  { title: 'a stream that begins with an error', markers: 'error-in-stream=0', status: 502, code: 'upstream_error' },
  {
    title: 'a stream that is cut before its first token',
    markers: 'cut=0',
    status: 502,
    code: /^upstream_(bad_answer|interrupted)$/,
  },
];
