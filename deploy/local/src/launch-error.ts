/** Something the operator can mend: printed as it stands, without a stack. */
export class LaunchError extends Error {
  override readonly name = 'LaunchError';
}
