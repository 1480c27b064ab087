import { z } from 'zod';

export const redisEnvironment = {
  REDIS_URL: z.url({ protocol: /^rediss?$/, error: 'must be a redis:// or rediss:// URL' }),
} satisfies z.ZodRawShape;
