/** Keeps proxies from buffering, caching or compressing a stream. */
export const SSE_HEADERS = {
  'content-type': 'text/event-stream; charset=utf-8',
  'cache-control': 'no-cache, no-transform',
  'x-accel-buffering': 'no',
} as const;

/** A frame of one line of JSON, which by its grammar holds no raw line end. */
export function sseData(json: string): string {
  return `data: ${json}\n\n`;
}

/** A frame with any text as data; a line end in it becomes a second `data` line. */
export function sseEvent({ event, data, id }: { event?: string; data: string; id?: string | number }): string {
  const head = (id === undefined ? '' : `id: ${id}\n`) + (event === undefined ? '' : `event: ${event}\n`);
  return `${head}data: ${data.replaceAll(LINE_END, '\ndata: ')}\n\n`;
}

/** A frame that clients skip: it keeps the connection warm. */
export function sseComment(text: string): string {
  return `: ${text.replaceAll(LINE_END, ' ')}\n\n`;
}

const LINE_END = /\r\n|\n|\r/g;
