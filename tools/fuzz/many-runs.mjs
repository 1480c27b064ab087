// @ts-check
import fc from 'fast-check';

// Each property for this long, or this often, whichever comes first.
fc.configureGlobal({ numRuns: 100_000, interruptAfterTimeLimit: 20_000, markInterruptAsFailure: false });
