import { defineScript } from '@sluice/platform-redis/define-script';

const script = (name: string) => ({ name, url: new URL(`../lua/${name}.1.lua`, import.meta.url), keys: 1 });

/** Every step of the pool in Redis; what each takes and returns is written on top of its file. */
export const leaseScript = defineScript<(number | string)[]>(script('lease'));
export const renewScript = defineScript<number[]>(script('renew'));
export const releaseScript = defineScript<number | [waiting: number, next: string]>({
  ...script('release'),
  isPatient: true,
});
export const wakeScript = defineScript<string[]>(script('wake'));
export const coolDownScript = defineScript<[restMs: number, failures: number, epoch: number]>(script('cool-down'));
export const restModelScript = defineScript<number>(script('rest-model'));
export const recoverScript = defineScript<number>(script('recover'));
export const heartbeatScript = defineScript<[era: string, kept: string, ...workers: string[]]>(script('heartbeat'));
export const openScript = defineScript<string>(script('open'));
export const restoreScript = defineScript<number>(script('restore'));
export const takeDirtyScript = defineScript<(string | string[])[]>(script('take-dirty'));
