import Anthropic from '@anthropic-ai/sdk';
import { ApiError, GoogleGenAI } from '@google/genai';
import AnthropicCurrent from 'anthropic-current';
import OpenAI from 'openai';
import OpenAICurrent from 'openai-current';
import type { RunFile } from '../harness/run-file.js';

export type SdkFamily = 'openai' | 'anthropic' | 'google';

/** What an SDK made of a refusal. */
interface SdkRefusal {
  className: string;
  status: number | undefined;
  message: string;
  requestId: string | null | undefined;
  /** The field at fault, where the family has a place for it. */
  param?: string | undefined;
  code?: string | null | undefined;
  /** The family's own word for the kind of failure. */
  type: string | undefined;
}

/** An official SDK that posts any body, right or wrong. */
export interface SdkCaller {
  name: string;
  family: SdkFamily;
  /** The SDK's own path: after `/v1` for OpenAI's, after `/v1beta` for Google's. */
  post(path: string, body: unknown, headers?: Readonly<Record<string, string>>): Promise<unknown>;
  get(path: string): Promise<unknown>;
  refusalOf(thrown: unknown): SdkRefusal | undefined;
}

export function sdkCallers({ gateway, apiKey }: Pick<RunFile, 'gateway' | 'apiKey'>): SdkCaller[] {
  const openai = { baseURL: `${gateway}/v1`, apiKey, maxRetries: 0 };
  const anthropic = { baseURL: gateway, apiKey, authToken: null, maxRetries: 0 };
  return [
    stainless('openai 6', new OpenAI(openai)),
    stainless('openai 7', new OpenAICurrent(openai)),
    stainless('anthropic 0', new Anthropic(anthropic)),
    stainless('anthropic 1', new AnthropicCurrent(anthropic)),
    new GoogleCaller({ apiKey, httpOptions: { baseUrl: gateway, retryOptions: { attempts: 1 } } }),
  ];
}

type StainlessClient = OpenAI | OpenAICurrent | Anthropic | AnthropicCurrent;

interface StainlessError extends Error {
  status: number | undefined;
  requestID: string | null | undefined;
  param?: string | null;
  code?: string | null;
  type?: string;
}

/** The two vendors' SDKs are made by the same generator, errors included. */
function stainless(name: string, client: StainlessClient): SdkCaller {
  return {
    name,
    family: name.startsWith('openai') ? 'openai' : 'anthropic',
    post: (path, body, headers = {}) => client.post(path, { body, headers: { ...headers } }),
    get: (path) => client.get(path),
    refusalOf(thrown) {
      if (!(thrown instanceof Error) || !('status' in thrown) || !('requestID' in thrown)) return undefined;
      const { status, requestID, param, code, type, message, constructor } = thrown as StainlessError;
      return {
        className: constructor.name,
        status,
        message,
        requestId: requestID,
        param: param ?? undefined,
        code,
        type,
      };
    },
  };
}

interface GoogleBody {
  error: {
    message: string;
    status: string;
    details: { '@type': string; requestId?: string; reason?: string; fieldViolations?: { field: string }[] }[];
  };
}

/** Google's SDK has one class for all failures, and the body of the answer for their message. */
class GoogleCaller extends GoogleGenAI implements SdkCaller {
  readonly name = 'google 2';
  readonly family = 'google';

  post(path: string, body: unknown, headers: Readonly<Record<string, string>> = {}): Promise<unknown> {
    const httpOptions = { headers: { ...headers } };
    return this.apiClient.request({ path, body: JSON.stringify(body), httpMethod: 'POST', httpOptions });
  }

  get(path: string): Promise<unknown> {
    return this.apiClient.request({ path, httpMethod: 'GET' });
  }

  refusalOf(thrown: unknown): SdkRefusal | undefined {
    if (!(thrown instanceof ApiError)) return undefined;
    const { message, status, details } = (JSON.parse(thrown.message) as GoogleBody).error;
    return {
      className: thrown.constructor.name,
      status: thrown.status,
      message,
      requestId: details.find(({ requestId }) => requestId !== undefined)?.requestId,
      param: details.find(({ fieldViolations }) => fieldViolations !== undefined)?.fieldViolations?.[0]?.field,
      code: details.find(({ reason }) => reason !== undefined)?.reason,
      type: status,
    };
  }
}
