import type { ChatRequest } from '@sluice/contracts/chat';
import type { ChatPart } from '@sluice/contracts/chat-part';
import type { Lease } from '@sluice/contracts/credential';
import { GatewayError } from '@sluice/contracts/gateway-error';
import type { NamedFile } from '@sluice/contracts/named-file';
import type { Upstream } from '@sluice/upstream-kit/upstream';
import type { UpstreamContext } from '@sluice/upstream-kit/upstream-context';
import type { FilePlacer, Placing } from './file-placer.js';

export interface ChatWithFiles<Credential> {
  upstream: Upstream<Credential>;
  placer: FilePlacer | undefined;
  request: ChatRequest;
  named: readonly NamedFile[];
  lease: Lease;
  context: UpstreamContext<Credential>;
}

/** A chat that names files: they are brought to the upstream before it, and once more where it has them no longer. */
export async function* chatWithFiles<Credential>(
  options: ChatWithFiles<Credential>,
): AsyncGenerator<ChatPart, void, undefined> {
  const { upstream, placer, request, named, lease, context } = options;
  const { files } = upstream;
  if (!files || !placer || !upstream.chat) throw takesNone(upstream.manifest.id, named);
  const placing: Placing<Credential> = { files, lease, context };
  const placed = await placer.place(named, placing);
  let hasAnswer = false;
  try {
    for await (const part of upstream.chat(request, { ...context, fileUris: placed.uris })) {
      hasAnswer = true;
      yield part;
    }
    return;
  } catch (thrown) {
    const isGone = thrown instanceof GatewayError && files.isGone(thrown);
    if (hasAnswer || !isGone || placed.remembered.length === 0) throw thrown;
  }
  await placer.forget(placed, placing);
  const { uris } = await placer.place(named, placing);
  yield* upstream.chat(request, { ...context, fileUris: uris });
}

function takesNone(upstream: string, named: readonly NamedFile[]): GatewayError {
  const param = named[0]?.param;
  return new GatewayError('too_large', `Upstream '${upstream}' takes no files beside a request.`, {
    saw: 'nothing',
    ...(param !== undefined && { param }),
  });
}
