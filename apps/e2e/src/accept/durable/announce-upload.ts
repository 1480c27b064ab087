import { request } from 'node:http';
import type { HttpAnswer } from '../../harness/http-call.js';
import type { RunFile } from '../../harness/run-file.js';

const ANSWER_WITHIN_MS = 10_000;

/** Announces a form of so many bytes and sends only its beginning: the answer has to come all the same. */
export function announceUpload(upload: {
  run: RunFile;
  bytes: number;
  boundary: string;
}): Promise<Pick<HttpAnswer, 'status' | 'text'>> {
  const { run, bytes, boundary } = upload;
  return new Promise((resolve, reject) => {
    const call = request(
      `${run.gateway}/v1/videos`,
      {
        method: 'POST',
        timeout: ANSWER_WITHIN_MS,
        headers: {
          authorization: `Bearer ${run.apiKey}`,
          'content-type': `multipart/form-data; boundary=${boundary}`,
          'content-length': bytes,
        },
      },
      (response) => {
        let text = '';
        response.setEncoding('utf8');
        response.on('data', (chunk: string) => (text += chunk));
        response.once('end', () => {
          resolve({ status: response.statusCode ?? 0, text });
          call.destroy();
        });
      },
    );
    call.on('error', reject);
    call.once('timeout', () => call.destroy(new Error(`no answer within ${ANSWER_WITHIN_MS} ms`)));
    call.write(
      `--${boundary}\r\ncontent-disposition: form-data; name="input_reference"; filename="a.png"\r\ncontent-type: image/png\r\n\r\n`,
    );
  });
}
