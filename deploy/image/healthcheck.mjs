// `node deploy/image/healthcheck.mjs URL`: ends well when the address answers 200.
import { get } from 'node:http';

const request = get(process.argv[2], { timeout: 3_000 }, (response) => {
  response.resume();
  process.exit(response.statusCode === 200 ? 0 : 1);
});
request.on('timeout', () => process.exit(1));
request.on('error', () => process.exit(1));
