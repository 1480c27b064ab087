import type { JsonObject } from '@sluice/contracts/json';

/** The voices that Google names; one that is not among them goes as it came, for Google to judge. */
const VOICES = (
  'Zephyr Puck Charon Kore Fenrir Leda Orus Aoede Callirrhoe Autonoe Enceladus Iapetus Umbriel Algieba Despina Erinome ' +
  'Algenib Rasalgethi Laomedeia Achernar Alnilam Schedar Gacrux Pulcherrima Achird Zubenelgenubi Vindemiatrix Sadachbia ' +
  'Sadaltager Sulafat'
).split(' ');

/** OpenAI's voices, each as the one that is nearest in pitch and manner: clients offer no others. */
const NEAREST = new Map(
  Object.entries<string>({
    alloy: 'Kore',
    ash: 'Iapetus',
    ballad: 'Algieba',
    cedar: 'Achird',
    coral: 'Sulafat',
    echo: 'Charon',
    fable: 'Sadaltager',
    marin: 'Aoede',
    nova: 'Zephyr',
    onyx: 'Orus',
    sage: 'Vindemiatrix',
    shimmer: 'Leda',
    verse: 'Puck',
  }),
);

const BY_LOWER_NAME = new Map(VOICES.map((voice) => [voice.toLowerCase(), voice]));

/** `speechConfig` of one speaker. */
export function encodeVoice(voice: string | JsonObject): JsonObject {
  const named = typeof voice === 'string' ? voice : String(voice['id'] ?? '');
  const lower = named.toLowerCase();
  const voiceName = BY_LOWER_NAME.get(lower) ?? NEAREST.get(lower) ?? named;
  return { voiceConfig: { prebuiltVoiceConfig: { voiceName } } };
}
