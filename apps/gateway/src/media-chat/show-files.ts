import { GatewayError } from '@sluice/contracts/gateway-error';
import type { MediaStore } from '@sluice/contracts/media-store';
import type { ResultFile, StoredMedia } from '@sluice/contracts/stored-media';
import type { ImageFormat, VideoFormat } from '@sluice/domain-settings/media-chat';

/** Tells a file as clients find it in a text. */
type Show = (link: string) => string;

const AS_VIDEO: Record<VideoFormat, Show> = {
  // Exactly so: clients look for it with its quotes.
  html: (link) => `\`\`\`html\n<video src='${link}' controls></video>\n\`\`\``,
  'html-plain': (link) => `<video src="${link}" controls="controls" width="500" height="300"></video>`,
  // As the frontends of one system look for it.
  markdown: (link) => `[点击这里](${link})`,
  url: (link) => link,
};

const asMarkdown: Show = (link) => `![Generated Image](${link})`;
const AS_IMAGE: Record<ImageFormat, Show> = { markdown: asMarkdown, url: (link) => link, b64: asMarkdown };

export interface ShowFiles {
  files: readonly ResultFile[];
  /** How many were asked for. */
  wanted: number;
  link(media: StoredMedia): string;
  store: Pick<MediaStore, 'get'>;
}

export function showVideo({ files, link }: ShowFiles, format: VideoFormat): string {
  return resultsOf(files)
    .map(({ media }) => AS_VIDEO[format](link(media)))
    .join('\n');
}

/** One a line; when there are fewer than were asked for, that is said. */
export async function showImages({ files, wanted, link, store }: ShowFiles, format: ImageFormat): Promise<string> {
  const results = resultsOf(files);
  const lines: string[] = [];
  for (const { media } of results)
    lines.push(AS_IMAGE[format](format === 'b64' ? await toDataUrl(media, store) : link(media)));
  if (results.length < wanted) lines.push(`\n${results.length} of ${wanted} pictures were made.`);
  return lines.join('\n');
}

function resultsOf(files: readonly ResultFile[]): ResultFile[] {
  return files.filter(({ role }) => role === 'result');
}

async function toDataUrl(media: StoredMedia, store: Pick<MediaStore, 'get'>): Promise<string> {
  const found = await store.get(media.key);
  if (!found) throw new GatewayError('not_found', 'The picture is not kept any more.');
  const chunks: Uint8Array[] = [];
  for await (const chunk of found.body) chunks.push(chunk);
  return `data:${media.mediaType};base64,${Buffer.concat(chunks).toString('base64')}`;
}
