/** How to run a Redis server here. */
export interface RedisBinary {
  readonly command: string;
  /** Where an unpacked package keeps its shared libraries. */
  readonly libraryPath?: string;
}
