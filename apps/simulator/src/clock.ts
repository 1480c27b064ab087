/** The present as epoch milliseconds; tests put their own in. */
export type Clock = () => number;
