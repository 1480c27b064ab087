import type { GenerateRequest } from './generate-request.js';
import type { ModelFamily } from './model-family.js';
import { invalidArgument } from './refuse.js';

const RATIOS = ['1:1', '2:3', '3:2', '3:4', '4:3', '4:5', '5:4', '9:16', '16:9', '21:9'];
const EXTREME_RATIOS = ['1:4', '4:1', '1:8', '8:1'];
const VOICES = new Set(
  (
    'zephyr puck charon kore fenrir leda orus aoede callirrhoe autonoe enceladus iapetus umbriel algieba despina erinome ' +
    'algenib rasalgethi laomedeia achernar alnilam schedar gacrux pulcherrima achird zubenelgenubi vindemiatrix sadachbia ' +
    'sadaltager sulafat'
  ).split(' '),
);

/** What is asked of pictures and of sound has to fit the model. */
export function checkMedia(request: GenerateRequest, family: ModelFamily): void {
  checkModalities(request, family);
  checkPictures(request, family);
  checkSpeech(request, family);
}

function checkModalities({ generationConfig }: GenerateRequest, family: ModelFamily): void {
  const asked = (generationConfig.responseModalities ?? []).map((modality) => modality.toUpperCase());
  const accepted = family.speaks ? ['AUDIO'] : family.paints ? ['TEXT', 'IMAGE'] : ['TEXT'];
  const isWrong = asked.some((modality) => !accepted.includes(modality)) || (family.speaks && asked.length === 0);
  if (!isWrong) return;
  const combination = asked.length === 0 ? 'TEXT' : asked.join(', ');
  throw invalidArgument(
    `The requested combination of response modalities (${combination}) is not supported by the model. models/${family.name} accepts the following combination of response modalities:\n* ${accepted.join(', ')}\n`,
    'generation_config.response_modalities',
  );
}

function checkPictures({ generationConfig, tools }: GenerateRequest, family: ModelFamily): void {
  const { imageConfig } = generationConfig;
  const place = 'generation_config.image_config';
  if (imageConfig !== undefined && !family.paints)
    throw invalidArgument(`Image generation is not enabled for models/${family.name}`, place);
  const isNewestFlash = family.version >= 3.1 && !family.isPro;
  const ratios = isNewestFlash ? [...RATIOS, ...EXTREME_RATIOS] : RATIOS;
  if (imageConfig?.aspectRatio !== undefined && !ratios.includes(imageConfig.aspectRatio))
    throw invalidArgument(
      `aspect_ratio must be one of ${ratios.map((ratio) => `'${ratio}'`).join(', ')}.`,
      `${place}.aspect_ratio`,
    );
  const sizes = family.version < 3 ? [] : [...(isNewestFlash ? ['512'] : []), '1K', '2K', '4K'];
  if (imageConfig?.imageSize !== undefined && !sizes.includes(imageConfig.imageSize))
    throw invalidArgument(
      sizes.length === 0
        ? 'image_size is not supported for this model.'
        : `image_size must be one of ${sizes.join(', ')}.`,
      `${place}.image_size`,
    );
  if (family.paints && tools.some(({ functionDeclarations = [] }) => functionDeclarations.length > 0))
    throw invalidArgument(`Function calling is not enabled for models/${family.name}`, 'tools');
}

function checkSpeech({ generationConfig, systemInstruction, tools }: GenerateRequest, family: ModelFamily): void {
  const { speechConfig } = generationConfig;
  const place = 'generation_config.speech_config';
  if (speechConfig !== undefined && !family.speaks)
    throw invalidArgument(`Speech config is not supported for models/${family.name}`, place);
  if (!family.speaks) return;
  if (systemInstruction !== undefined)
    throw invalidArgument(`Developer instruction is not enabled for models/${family.name}`, 'system_instruction');
  if (tools.length > 0) throw invalidArgument(`Tool use is not enabled for models/${family.name}`, 'tools');
  const { voiceConfig, multiSpeakerVoiceConfig } = speechConfig ?? {};
  const speakers = multiSpeakerVoiceConfig?.speakerVoiceConfigs;
  if (voiceConfig !== undefined && speakers !== undefined)
    throw invalidArgument('Only one of voice_config and multi_speaker_voice_config can be set.', place);
  if (speakers !== undefined && speakers.length !== 2)
    throw invalidArgument('multi_speaker_voice_config must have exactly 2 speaker_voice_configs.', place);
  for (const config of [voiceConfig, ...(speakers ?? []).map((speaker) => speaker.voiceConfig)]) {
    const voice = config?.prebuiltVoiceConfig?.voiceName;
    if (voice !== undefined && !VOICES.has(voice.toLowerCase()))
      throw invalidArgument(
        `Voice name ${voice} is not supported. Allowed voice names are: ${[...VOICES].join(', ')}`,
        place,
      );
  }
}
