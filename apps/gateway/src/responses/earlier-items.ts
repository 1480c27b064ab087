import { GatewayError } from '@sluice/contracts/gateway-error';
import type { JsonObject } from '@sluice/contracts/json';
import type { ResponseStore } from '@sluice/domain-responses/response-store';
import type { ChainLink } from '@sluice/domain-responses/stored-response';
import type { Found } from '@sluice/wire-openai-responses/decode-request';
import type { WireItem } from '@sluice/wire-openai-responses/item-schema';
import { responseOfItem } from '@sluice/wire-openai-responses/item-id';
import type { ItemReference } from '@sluice/wire-openai-responses/parse-request';
import type { ResponseReader } from './response-reader.js';

/** What a request names of earlier ones. */
export interface Named {
  previousResponseId: string | undefined;
  references: readonly ItemReference[];
}

export interface FoundItems extends Found {
  /** How much was read. */
  bytes: number;
}

/** Looks up what a request names of earlier ones, among the caller's own. */
export class EarlierItems {
  constructor(private readonly options: { store: ResponseStore; reader: ResponseReader }) {}

  async find({ previousResponseId, references }: Named, ownerKeyId: string): Promise<FoundItems> {
    const links =
      previousResponseId === undefined ? [] : await this.options.store.findChain(previousResponseId, ownerKeyId);
    const history: WireItem[] = [];
    for (const link of links) history.push(...toItems(link.input), ...(await this.outputOf(link, ownerKeyId)));
    const referenced = await this.findReferenced(references, ownerKeyId);
    return { history, referenced, bytes: links.reduce((total, { bytes }) => total + bytes, 0) };
  }

  private async outputOf({ id, output }: ChainLink, ownerKeyId: string): Promise<WireItem[]> {
    const ended = output ?? (await this.options.reader.find(id, ownerKeyId))?.outcome?.output;
    if (ended) return toItems(ended.filter((item) => !isBrokenCall(item)));
    const message = `Previous response with id '${id}' is not completed yet.`;
    throw new GatewayError('invalid_request', message, { param: 'previous_response_id' });
  }

  private async findReferenced(
    references: readonly ItemReference[],
    ownerKeyId: string,
  ): Promise<Map<string, WireItem>> {
    const items = new Map<string, WireItem>();
    for (const { id, field } of references) {
      if (items.has(id)) continue;
      for (const item of await this.itemsBeside(id, ownerKeyId)) if (item['id'] === id) items.set(id, toItem(item));
      if (!items.has(id)) throw unknownItem(id, field);
    }
    return items;
  }

  /** All items of the response that an item's id names. */
  private async itemsBeside(itemId: string, ownerKeyId: string): Promise<JsonObject[]> {
    const place = responseOfItem(itemId);
    const response = place && (await this.options.reader.find(place.responseId, ownerKeyId));
    return response ? [...response.input, ...(response.outcome?.output ?? [])] : [];
  }
}

/** What is stored was checked when it came, or is our own. */
function toItem(item: JsonObject): WireItem {
  return item as unknown as WireItem;
}

function toItems(items: readonly JsonObject[]): WireItem[] {
  return items.map(toItem);
}

/** Half a call can be neither run nor answered. */
function isBrokenCall({ type, status }: JsonObject): boolean {
  return status === 'incomplete' && (type === 'function_call' || type === 'custom_tool_call');
}

function unknownItem(id: string, param: string): GatewayError {
  const message = `Item with id '${id}' not found. Items are not persisted when \`store\` is set to false.`;
  return new GatewayError('not_found', message, { param });
}
