import type { JsonObject } from '@sluice/contracts/json';
import { isJsonObject } from '@sluice/contracts/json-object';

/** What a frame tells of pictures: the paths of those that are whole, and whether one was withheld. */
export interface ImageFrame {
  paths: string[];
  isModerated: boolean;
}

const DONE = 100;

export function readImageFrame(frame: JsonObject): ImageFrame {
  const { modelResponse, streamingImageGenerationResponse: streamed, cardAttachment } = frame;
  const told = [isJsonObject(streamed) ? streamed : undefined, cardOf(cardAttachment)].filter(
    (each) => each !== undefined,
  );
  return {
    paths: [...told.flatMap(pathOf), ...(isJsonObject(modelResponse) ? listed(modelResponse) : [])],
    isModerated: told.some(({ moderated }) => moderated === true),
  };
}

function pathOf({ progress, isFinal, moderated, imageUrl, url }: JsonObject): string[] {
  const isWhole = isFinal === true || (typeof progress === 'number' && progress >= DONE);
  const path = [imageUrl, url].find((each): each is string => typeof each === 'string' && each.length > 1);
  return isWhole && moderated !== true && path !== undefined ? [path] : [];
}

/** A newer form: a card with the same members in a text of JSON. */
function cardOf(card: JsonObject[string]): JsonObject | undefined {
  const text = isJsonObject(card) ? card['jsonData'] : undefined;
  if (typeof text !== 'string') return undefined;
  try {
    const value: unknown = JSON.parse(text);
    const chunk = isJsonObject(value) ? value['image_chunk'] : undefined;
    return isJsonObject(chunk) ? chunk : undefined;
  } catch {
    return undefined;
  }
}

/** Of intermediate frames the list is empty, or says nothing. */
function listed({ generatedImageUrls: urls }: JsonObject): string[] {
  return Array.isArray(urls) ? urls.filter((url): url is string => typeof url === 'string' && url.length > 1) : [];
}
