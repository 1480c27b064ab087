/** The demo models of one kind of upstream, by what they are used for here. */
export interface UpstreamKind {
  name: string;
  chat: string;
  /** Tells its thoughts before it answers. */
  reasoner?: string;
  vision?: string;
  canCallTools: boolean;
  keepsToSchemas: boolean;
  /** It knows a limit of tokens. */
  cutsShort: boolean;
}

const ABLE = { canCallTools: true, keepsToSchemas: true, cutsShort: true };

export const UPSTREAM_KINDS: readonly UpstreamKind[] = [
  { name: 'openai', chat: 'sim-chat', reasoner: 'sim-reasoner', vision: 'sim-vision', ...ABLE },
  // Its thoughts are told to who asks for them, and a Chat Completions client has no word for that.
  { name: 'gemini', chat: 'sim-gemini-3.5-flash', vision: 'sim-gemini-3.5-flash', ...ABLE },
];
