import { isFinal } from '@sluice/contracts/durable-generation';
import type { MediaStore } from '@sluice/contracts/media-store';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { MediaLinks } from '../media/media-links.js';
import { sendMedia } from '../media/send-media.js';
import { contentOf, gone } from '../videos/video-content.js';
import { studioUserOf } from './register-studio.js';
import { replyJobEvents } from './reply-job-events.js';
import { encodeJob, encodeStudioVideo, toJobId, toStudioVideoId } from './studio-view.js';
import type { StudioVideo, StudioVideos } from './studio-videos.service.js';

const CONTENT_SECONDS = 3_600;

/** How videos are told to the users of the studio. */
export class StudioReplies {
  constructor(
    private readonly options: {
      videos: Pick<StudioVideos, 'find' | 'follow'>;
      links: MediaLinks;
      store: MediaStore;
    },
  ) {}

  tellStarted(
    { video, isReplayed }: { video: StudioVideo; isReplayed: boolean },
    request: FastifyRequest,
    reply: FastifyReply,
  ): object {
    const location = `/api/videos/jobs/${toJobId(video.id)}`;
    void reply.headers({
      location,
      'x-sluice-generation': video.id,
      ...(isReplayed && { 'idempotent-replayed': 'true' }),
    });
    const job = this.tellJob(video, request);
    return { job, streamUrl: `${location}/stream`, message: 'Video generation started' };
  }

  tellJob(video: StudioVideo, request: FastifyRequest): object {
    return encodeJob(video, studioUserOf(request).id);
  }

  tellVideo(video: StudioVideo, request: FastifyRequest) {
    return encodeStudioVideo(video, {
      userId: studioUserOf(request).id,
      link: (media) => this.options.links.link(media, request, video.expiresAtMs),
    });
  }

  async streamJob(video: StudioVideo, request: FastifyRequest, reply: FastifyReply): Promise<void> {
    const { videos } = this.options;
    await replyJobEvents(reply, {
      video,
      ...(!isFinal(video.state) && { tail: await videos.follow(video) }),
      reread: () => videos.find(video.id, request),
      complete: (finished) => {
        const { id, videoUrl, thumbnailUrl } = this.tellVideo(finished, request);
        return { videoId: id, videoUrl, thumbnailUrl };
      },
    });
  }

  async sendContent(video: StudioVideo, request: FastifyRequest, reply: FastifyReply): Promise<void> {
    const { media } = contentOf(video, 'video');
    const name = toStudioVideoId(video.id);
    const answer = { store: this.options.store, name, maximumAgeSeconds: CONTENT_SECONDS };
    if (!(await sendMedia({ request, reply, key: media.key }, answer))) throw gone();
  }
}
