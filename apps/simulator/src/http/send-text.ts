import type { ServerResponse } from 'node:http';

export interface TextReply {
  readonly status: number;
  readonly contentType: string;
  readonly text: string;
  readonly headers?: Readonly<Record<string, string>> | undefined;
}

/** Sends a complete reply in one write. */
export function sendText(response: ServerResponse, reply: TextReply): void {
  writeHead(response, reply, Buffer.byteLength(reply.text));
  response.end(reply.text);
}

/** Sends the status and headers of a reply whose body has the given length. */
export function writeHead(response: ServerResponse, reply: TextReply, bodyBytes: number): void {
  const headers: Record<string, string | number> = { 'content-type': reply.contentType, 'content-length': bodyBytes };
  if (reply.headers !== undefined) Object.assign(headers, reply.headers);
  response.writeHead(reply.status, headers);
}

export function sendJson(response: ServerResponse, status: number, value: unknown): void {
  sendText(response, { status, contentType: 'application/json', text: JSON.stringify(value) });
}
