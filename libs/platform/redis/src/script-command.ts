import { Command } from 'ioredis';
import { flattenQuickly } from './flatten-quickly.js';

/** The call of a script by its hash. */
export const ScriptCommand = flattenQuickly(Command);

/** Of a script for whose answer nobody waits: it leaves with what else is said. */
export class PatientScriptCommand extends ScriptCommand {}
