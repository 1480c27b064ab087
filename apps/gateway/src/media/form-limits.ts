const KIBIBYTE = 1024;
const MEBIBYTE = 1024 * KIBIBYTE;

/** How much of a form is read at most. What one file may be is the intake's to say. */
export const FORM_LIMITS = {
  files: 16,
  fields: 200,
  nameBytes: 200,
  /** A data URL of 20 MiB is a usual value. */
  fieldBytes: 32 * MEBIBYTE,
  allFieldBytes: 48 * MEBIBYTE,
  allFileBytes: 2_048 * MEBIBYTE,
  headers: 32,
  headerBytes: 8 * KIBIBYTE,
} as const;
