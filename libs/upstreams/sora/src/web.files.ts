import { GatewayError, toGatewayError } from '@sluice/contracts/gateway-error';
import type { HttpResponse } from '@sluice/contracts/http-port';
import type { Json } from '@sluice/contracts/json';
import { isJsonObject } from '@sluice/contracts/json-object';
import type { UpstreamFile } from '@sluice/upstream-kit/job';
import { readDraft, type Rendition } from './web.draft.js';
import { backendOf, callWebJson, type WebAccount } from './web.request.js';

/**
 * Links to files die after days, and are signed for whoever has them: kept is where a fresh one is found, and only the way there
 * wants the account.
 */
export function draftFile(
  draftId: string,
  { rendition, role, context }: { rendition: Rendition; role: UpstreamFile['role']; context: WebAccount },
): UpstreamFile {
  const path = `/project_y/profile/drafts/v2/${encodeURIComponent(draftId)}?rendition=${rendition}`;
  return { url: backendOf(context) + path, role, needsCredential: true };
}

/** A picture of a task. The link in the list is kept for where the site tells no fresh one. */
export function pictureFile(
  { id, url: told }: { id: string; url: Json | undefined },
  context: WebAccount,
): UpstreamFile {
  const link =
    typeof told === 'string' && URL.canParse(told) ? `?${new URLSearchParams({ link: told }).toString()}` : '';
  const url = `${backendOf(context)}/generations/${encodeURIComponent(id)}/download${link}`;
  return { url, role: 'result', needsCredential: true };
}

/** Answers the way to the file as a redirect, which is followed without anything of the account's. */
export async function openFile(file: UpstreamFile, context: WebAccount): Promise<HttpResponse> {
  const { pathname, searchParams } = new URL(file.url);
  const path = pathname.slice(new URL(backendOf(context)).pathname.length);
  const kept = searchParams.get('link');
  const answer = await callWebJson({ path }, context).catch((thrown: unknown) => {
    if (kept === null || toGatewayError(thrown).data.upstreamStatus !== 404) throw thrown;
    return { url: kept };
  });
  const rendition = searchParams.get('rendition');
  const link = rendition === null ? (isJsonObject(answer) ? answer['url'] : undefined) : linkOf(answer, rendition);
  if (typeof link === 'string' && URL.canParse(link)) return redirectTo(link);
  throw new GatewayError('upstream_bad_answer', 'The upstream tells no address of the file that it made.', {
    saw: 'refused',
  });
}

function linkOf(answer: Parameters<typeof readDraft>[0], rendition: string): string | undefined {
  const urls = readDraft(answer)?.urls ?? {};
  return rendition === 'usual' || rendition === 'unmarked' || rendition === 'thumbnail' ? urls[rendition] : undefined;
}

function redirectTo(location: string): HttpResponse {
  return {
    status: 302,
    headers: { location },
    body: (async function* () {})(),
    text: () => Promise.resolve(''),
    discard() {},
  };
}
