/** What an upstream's site wants answered before it serves a way out; `challenge_required` with a reason tells of it. */
export interface Challenge {
  upstream: string;
  /** The site that wants it. */
  origin: string;
  reason: 'anti_bot' | 'challenge_page';
  /** The account's own proxy, where it has one: an answer holds for the way out that it was given on. */
  proxyUrl?: string;
}

/** What the site gave for the answer. */
export interface ChallengeAnswer {
  cookies: Readonly<Record<string, string>>;
  /** What the browser called itself: cookies like these hold for it alone. */
  userAgent: string;
  expiresAtMs?: number;
}

/**
 * The place of the browser service: a real browser, on the operator's own machine and way out, opens the site and answers
 * what it wants, as its user would. Nothing answers yet; where that is so, the failure is told as it is, the account rests
 * for a minute at most, and no adapter pretends to be a browser. Undefined: it could not be answered.
 */
export interface ChallengePort {
  answer(challenge: Challenge, signal: AbortSignal): Promise<ChallengeAnswer | undefined>;
}
