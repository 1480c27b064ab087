import { z } from 'zod';

/** A setting as operators see it. */
export const settingViewSchema = z.object({
  name: z.string(),
  summary: z.string(),
  value: z.unknown(),
  initial: z.unknown(),
  /** Null: nobody changed it. */
  updatedAt: z.string().nullable(),
});
export type SettingView = z.infer<typeof settingViewSchema>;

export const settingListSchema = z.object({ settings: z.array(settingViewSchema) });

export const putSettingSchema = z.strictObject({ value: z.unknown() });
